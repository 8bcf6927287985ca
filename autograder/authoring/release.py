"""From an assignment to what students get: an allow-list, searched for what they must not see.

Knows which files are released and which are confidential. What a notebook looks like is the
business of `notebook`, what gives something away that of `leaks`.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path
from typing import Final

from autograder.authoring import changelog
from autograder.authoring.confidential import (
    Confidential,
    Constant,
    prose,
    solutions_of,
    whole_file,
)
from autograder.authoring.figures import find_figures
from autograder.authoring.handout import points_table, with_points
from autograder.authoring.leaks import Public, find_leaks
from autograder.authoring.manual import check_manual_tasks, rubric_path
from autograder.authoring.master import stub_script
from autograder.authoring.notebook import make_notebook
from autograder.authoring.regions import find_regions, split_lines
from autograder.errors import CourseError
from autograder.judging.calibration import calibration_file, load_calibration
from autograder.judging.entry_points import check_entry_points
from autograder.judging.points import points_of_suite
from autograder.settings.assignment import ASSIGNMENT_FILE, ASSIGNMENTS_FOLDER, Assignment
from autograder.settings.documents import read_text
from autograder.submission.syntax import bindings

CHECKS: Final = "checks.py"
HANDOUT: Final = "README.md"
REQUIREMENTS: Final = "requirements.txt"
GRADIENT_CHECK: Final = "gradient_check.py"

# What a released notebook needs; this package is not in it.
_NEEDED: Final = "otter-grader>=7,<8\ntorch>=2.11\n"
_LISTED: Final = 5
_MOST_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Release:
    """What students get.

    Attributes:
        assignment: Its name.
        files: Relative name and content; there is nothing else.
        compared: How many confidential lines were searched for.
    """

    assignment: str
    files: Mapping[str, bytes]
    compared: int


def make_release(
    root: Path,
    about: Assignment,
    secret: bytes | None = None,
    store: Path = Path(),
    beside: Mapping[str, bytes] | None = None,
) -> Release:
    """Returns the release of an assignment, in memory; nothing is written.

    Args:
        root: The course.
        about: The assignment.
        secret: The course's secret, if it has one; it is searched for as well.
        store: Where the secret is kept, for messages.
        beside: What the folder shall hold besides: a wheel of this package. It is not searched: it
            is made of nothing of the course, and `@dataclass(frozen=True)` stands in both.

    Raises:
        CourseError: A file is missing or wrong; the tasks of assignment.yml, master and checks are
            not the same; or something confidential would be released.
    """
    name = about.name
    folder = root / ASSIGNMENTS_FOLDER / name
    master_path = folder / f"{name}.py"
    master = _read(master_path, "the master")
    checks = _read(folder / CHECKS, "the public checks")
    stub = stub_script(master, master_path)
    _check_entry_points(root, name, master_path)
    _check_tasks(about, master, master_path, checks, folder / CHECKS)
    check_manual_tasks(root, about, master, master_path)
    told, untold = _changelog(root, about)
    manual = {task: settings.points for task, settings in about.manual.items()}
    handout = _read(folder / HANDOUT, "the handout")
    figures = find_figures({master_path: master, folder / HANDOUT: handout}, folder)
    suite = root / "tests" / "hidden" / name
    table = points_table(about.tasks, points_of_suite(suite, list(about.tasks)), about.manual)
    made = make_notebook(master, master_path, name, about.version, figures, manual=manual)
    texts = {
        f"{name}.ipynb": made.notebook,
        f"{name}.py": stub.rstrip("\n") + "\n",
        HANDOUT: with_points(handout, folder / HANDOUT, table),
        CHECKS: checks,
        GRADIENT_CHECK: _gradient_check(),
        REQUIREMENTS: _NEEDED,
        **told,
        **made.tests,
    }
    files = {file: text.encode() for file, text in texts.items()} | figures
    confidential = [
        solutions_of(master, master_path),
        *_of_the_course(root, name),
        *untold,
        *_rubrics(root, about),
    ]
    # The author's handout, whose lines the author can count, and beside it what was put into it.
    searched = {**files, HANDOUT: handout.encode(), "the table of points": table.encode()}
    leaks = find_leaks(searched, confidential, Public(stub, checks), secret, store)
    if leaks:
        listed = "\n".join(f"  {leak}" for leak in leaks[:_LISTED])
        more = f"\n  and {len(leaks) - _LISTED} more" if len(leaks) > _LISTED else ""
        message = (
            f"The release of {name} would give away what students must not see; nothing was "
            f"written.\n{listed}{more}\nTake it out of the file named first. A line that students "
            f"shall have belongs into {master_path.name} outside the solution regions."
        )
        raise CourseError(message)
    return Release(
        name, files | dict(beside or {}), sum(len(source.lines) for source in confidential)
    )


def _gradient_check() -> str:
    """Its text; importing it would import torch."""
    return (package_files("autograder.checks") / GRADIENT_CHECK).read_text(encoding="utf-8")


def _of_the_course(root: Path, name: str) -> list[Confidential]:
    """The reference, the hidden suite and its thresholds, as far as the assignment has them yet."""
    suite = root / "tests" / "hidden" / name
    places = [(root / "reference" / f"{name}.py", "the reference")]
    places += [(path, "a hidden test") for path in sorted(suite.glob("*.py"))]
    found = [
        whole_file(_read(path, kind), path.relative_to(root), kind)
        for path, kind in places
        if path.is_file()
    ]
    for device in ("cpu", "cuda"):
        thresholds = tuple(
            Constant(1, f"{measured}_threshold", f"{threshold.value:g}", assigned=True)
            for measured, threshold in load_calibration(suite, device).thresholds.items()
        )
        calibration = calibration_file(suite, device).relative_to(root)
        found.append(Confidential(calibration, "a threshold", (), thresholds))
    return found


def _changelog(root: Path, about: Assignment) -> tuple[dict[str, str], list[Confidential]]:
    """What students may read of the changelog, as a file, and the lines that they may not."""
    folder = root / ASSIGNMENTS_FOLDER / about.name
    path = folder / changelog.FILE
    if not path.is_file():
        return {}, []
    text = _read(path, "the changelog")
    entries = changelog.parse(text, path)
    changelog.check_version(entries, about.version, path, folder / ASSIGNMENT_FILE)
    told = changelog.for_students(entries)
    hidden = [
        number
        for entry in entries
        for change in entry.changes
        if change.kind == "hidden"
        for number in range(change.lines[0], change.lines[1] + 1)
    ]
    untold = prose(text, hidden, path.relative_to(root), "the changelog for staff")
    return {changelog.FILE: told} if told else {}, [untold]


def _rubrics(root: Path, about: Assignment) -> list[Confidential]:
    paths = [rubric_path(root, about, task) for task in about.manual]
    texts = [(path, _read(path, "the rubric")) for path in paths]
    return [
        prose(text, range(1, len(split_lines(text)) + 1), path.relative_to(root), "a rubric")
        for path, text in texts
    ]


def _check_tasks(
    about: Assignment, master: str, master_path: Path, checks: str, checks_path: Path
) -> None:
    """Refuses a release in which a task has no question cell, or no check, or an unknown one."""
    regions = find_regions(split_lines(master), master_path)
    in_master = {region.task_id: f" (line {region.begin})" for region in regions}
    in_checks = _checks_by_task(checks, checks_path)
    for task in (
        about.manual
    ):  # code of a manual task, such as that of a plot, may be a solution; it has no check
        in_master.pop(task, None)
    for path, found in ((master_path, in_master), (checks_path, dict.fromkeys(in_checks, ""))):
        missing = ", ".join(task for task in about.tasks if task not in found)
        unknown = ", ".join(
            f"{task}{place}" for task, place in sorted(found.items()) if task not in about.tasks
        )
        if missing or unknown:
            message = (
                f"{path}: its tasks are not those of assignment.yml; "
                f"missing: {missing or 'none'}; not in assignment.yml: {unknown or 'none'}. "
                "Give the same ids in both."
            )
            raise CourseError(message)
    for task, settings in about.tasks.items():
        expected = f"check_{settings.entry_point}"
        if in_checks[task] != expected:
            message = (
                f'{checks_path}: TASKS["{task}"] is {in_checks[task]}, expected {expected}, '
                "by the entry point in assignment.yml."
            )
            raise CourseError(message)


def _check_entry_points(root: Path, name: str, master_path: Path) -> None:
    """Refuses a release in which master or reference does not define what the tasks ask for."""
    for path, what in (
        (master_path, "the master"),
        (root / "reference" / f"{name}.py", "the reference"),
    ):
        tree = _parsed(path, _read(path, what), what)
        known = {binding.name for binding in bindings(tree)}
        if "*" not in known:  # `from other import *` may define anything
            check_entry_points(root, name, known, path)


def _parsed(path: Path, text: str, what: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        message = f"{path}:{error.lineno}: not valid Python: {error.msg}. Mend {what}."
        raise CourseError(message) from error


def _checks_by_task(checks: str, path: Path) -> dict[str, str]:
    """Task and name of the function, read and not run: an author's file may need a GPU, or data."""
    for node in _parsed(path, checks, "the public checks").body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        named = any(isinstance(target, ast.Name) and target.id == "TASKS" for target in targets)
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if named and isinstance(value, ast.Dict):
            return {
                str(key.value): function.id
                for key, function in zip(value.keys, value.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(function, ast.Name)
            }
    message = f'{path}: expected a line such as TASKS = {{"1.1": check_...}} at its end.'
    raise CourseError(message)


def _read(path: Path, what: str) -> str:
    if not path.exists():
        message = f"{path}: there is no such file; an assignment cannot be released without {what}."
        raise CourseError(message)
    return read_text(path, _MOST_BYTES).replace("\r\n", "\n")
