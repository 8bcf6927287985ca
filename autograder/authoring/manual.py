"""What a manual task needs before it is handed out: a cell to answer in, and a rubric for staff.

Knows the course's folders and the cells of a master. Refuses to know answers and points given.
"""

from pathlib import Path

from autograder.authoring.regions import split_lines, tasks_of_cells
from autograder.errors import CourseError
from autograder.settings.assignment import Assignment

__all__ = ["check_manual_tasks", "rubric_path"]


def rubric_path(root: Path, about: Assignment, task: str) -> Path:
    """Returns where a manual task's rubric stands.

    Raises:
        CourseError: There is none.
    """
    path = root / "tests" / "hidden" / about.name / about.manual[task].rubric
    if not path.is_file():
        message = (
            f"{path}: there is no such file; write there in Markdown how the points of task {task} are given. "
            "Students never get it."
        )
        raise CourseError(message)
    return path


def check_manual_tasks(root: Path, about: Assignment, master: str, path: Path) -> None:
    """Checks that every manual task has a cell to answer in, and a rubric.

    Args:
        root: The course.
        about: The assignment.
        master: Text of the master.
        path: The master, for messages.

    Raises:
        CourseError: One of them has not.
    """
    in_master = tasks_of_cells(split_lines(master))
    for task in about.manual:
        if task not in in_master:
            message = (
                f"{path}: no cell is for task {task}, which is graded by hand. Begin one with "
                f'`# %% [markdown] task="{task}"` for a written answer, or `# %% task="{task}"` for a plot.'
            )
            raise CourseError(message)
        rubric_path(root, about, task)
