"""Entry points that nothing defines: a typo in assignment.yml would be a missing function of every student's.

Knows which line of assignment.yml says a name. Refuses to know how the names of a file were found.
"""

from collections.abc import Iterable
from pathlib import Path

from autograder.errors import CourseError
from autograder.settings.assignment import load_assignment_file
from autograder.settings.documents import did_you_mean

__all__ = ["check_entry_points"]

_LISTED = 8


def check_entry_points(root: Path, assignment: str, known: Iterable[str], path: Path) -> None:
    """Refuses an assignment of which a file does not define every entry point.

    Args:
        root: The course.
        assignment: Name of the assignment.
        known: The functions and classes that the file defines.
        path: The file: the reference, or the master.

    Raises:
        CourseError: Names each entry point that is not there, its line, and what was probably meant.
    """
    names = sorted(name for name in known if not name.startswith("_"))
    loaded = load_assignment_file(root, assignment)
    faults = []
    for task, about in loaded.value.tasks.items():
        if about.entry_point in names:
            continue
        line = loaded.lines["tasks", task, "entry_point"]
        listed = f" It defines {', '.join(names[:_LISTED]) or 'nothing'}."
        hint = did_you_mean(about.entry_point, names) or listed
        faults.append(
            f'{loaded.path}:{line}: entry point "{about.entry_point}" of task {task} is not defined '
            f"in {path}.{hint}"
        )
    if faults:
        raise CourseError("\n".join(faults))
