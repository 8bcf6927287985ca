"""The description of an assignment, from its assignment.yml: tasks, titles, entry points, version.

Knows what students may know. Refuses to know hidden tests and their points, which stand in the
hidden suite and nowhere else; the points of a manual task, which has no test, stand here.
"""

import keyword
import re
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from autograder.errors import CourseError
from autograder.settings.course import Count, Device, Limits, Settings, Text
from autograder.settings.documents import Loaded, did_you_mean, load_document

__all__ = [
    "ASSIGNMENTS_FOLDER",
    "ASSIGNMENT_FILE",
    "Assignment",
    "AssignmentFile",
    "ManualTask",
    "Task",
    "load_assignment",
    "load_assignment_file",
]

ASSIGNMENTS_FOLDER: Final = "assignments"
ASSIGNMENT_FILE: Final = "assignment.yml"

#: A name is a folder and part of file names: reference/<name>.py, tests/hidden/<name>/.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
#: Task ids become columns of a table and words of a message.
_TASK_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", re.ASCII)
_RUBRIC: Final = re.compile(r"rubrics/[A-Za-z0-9][A-Za-z0-9._-]{0,63}\.md", re.ASCII)
#: What an editor can tell of a name; that `class` is none is Python's to say.
_IDENTIFIER: Final = r"^[^\s\d.()-][^\s.()-]*$"


def _identifier(name: str) -> str:
    if not name.isidentifier() or keyword.iskeyword(name):
        msg = f'"{name}" is not a name that Python can define; expected one like mse_gradients'
        raise ValueError(msg)
    return name


def _task_id(name: str) -> str:
    if not _TASK_ID.fullmatch(name):
        msg = f'"{name}" is no task id; expected letters, digits, ".", "_", "-", as in "2.1"'
        raise ValueError(msg)
    return name


def _rubric(name: str) -> str:
    if not _RUBRIC.fullmatch(name):
        msg = (
            f'"{name}" is no rubric; expected a Markdown file in the folder rubrics/ '
            'beside the hidden suite, as in "rubrics/3.1.md"'
        )
        raise ValueError(msg)
    return name


class Task(Settings):
    """One task of an assignment."""

    title: Text = Field(description="What the task is called, in the handout and in reports.")
    entry_point: Annotated[str, AfterValidator(_identifier)] = Field(
        description="Name of the function or class that the task asks for.",
        json_schema_extra={"pattern": _IDENTIFIER},
    )
    by_hand: bool = Field(
        default=False,
        description="True where autograd is not what was asked: its use is shown to staff.",
    )


class ManualTask(Settings):
    """A task that people grade: a written answer, or a plot. No hidden test knows it."""

    title: Text = Field(description="What the task is called, in the handout and in reports.")
    points: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] = Field(
        description="What it is worth at most."
    )
    rubric: Annotated[str, AfterValidator(_rubric)] = Field(
        description="Markdown file beside the hidden suite by which staff grade it; never released.",
        json_schema_extra={"pattern": f"^{_RUBRIC.pattern}$"},
    )


class AssignmentFile(Settings):
    """An assignment, in its assignment.yml."""

    title: Text = Field(description="What the assignment is called.")
    version: Text = Field(
        description="Raised with every change that could change a grade; a new one draws new inputs."
    )
    tasks: Annotated[
        dict[Annotated[str, AfterValidator(_task_id)], Task], Field(min_length=1, max_length=200)
    ] = Field(
        description='The tasks by id, as in "1.1": {title: Mean, entry_point: mean}, in the order of the handout.',
        json_schema_extra={"propertyNames": {"pattern": f"^{_TASK_ID.pattern}$"}},
    )
    manual: Annotated[
        dict[Annotated[str, AfterValidator(_task_id)], ManualTask], Field(max_length=200)
    ] = Field(
        default_factory=dict,
        description="The tasks that people grade, by id; in a grade they come after the others.",
        json_schema_extra={"propertyNames": {"pattern": f"^{_TASK_ID.pattern}$"}},
    )
    data: Annotated[tuple[Literal["mnist"], ...], Field(strict=False)] = Field(
        default=(), description="Data sets that the hidden suite uses, as fixtures of these names."
    )
    review_code_kb: Count | None = Field(
        default=None,
        description="A submission with more code and data goes to review, KiB compressed.",
    )
    limits: Limits | None = Field(
        default=None, description="Only the limits that differ from those of the course."
    )
    device: Device | None = Field(
        default=None, description="Where submissions compute, in the place of the course's device."
    )

    @field_validator("manual")
    @classmethod
    def _is_no_task_already(
        cls, manual: dict[str, ManualTask], info: ValidationInfo
    ) -> dict[str, ManualTask]:
        twice = ", ".join(task for task in manual if task in info.data.get("tasks", {}))
        if twice:
            msg = f"{twice} stands under tasks as well; a task is graded by tests or by people"
            raise ValueError(msg)
        return manual


class Assignment(AssignmentFile):
    """An assignment under its name.

    Attributes:
        name: Name of its folder, its reference and its hidden suite.
    """

    name: str


def load_assignment(root: Path, name: str) -> Assignment:
    """Returns the assignment `name`, see `load_assignment_file`."""
    return Assignment(name=name, **dict(load_assignment_file(root, name).value))


def load_assignment_file(root: Path, name: str) -> Loaded[AssignmentFile]:
    """Returns what `root`/assignments/`name`/assignment.yml says, with the line of each setting.

    Raises:
        CourseError: There is no such assignment (the nearest name is suggested), or its file is
            wrong: names file, line and key, every mistake at once.
    """
    folder = root / ASSIGNMENTS_FOLDER
    # `../x` and `/etc` are no names: what is typed must not lead out of the course.
    if not _NAME.fullmatch(name):
        msg = (
            f'"{name}" is no name of an assignment: expected the name of a folder in {folder}, '
            "letters, digits, _ and - only, as in chain_rule."
        )
        raise CourseError(msg + did_you_mean(name, _names_in(folder)))
    path = folder / name / ASSIGNMENT_FILE
    if not path.is_file():
        names = _names_in(folder)
        there = f"There are: {', '.join(names)}." if names else "There is none yet."
        msg = f'No assignment "{name}": {path} does not exist.{did_you_mean(name, names)} {there}'
        raise CourseError(msg)
    return load_document(path, AssignmentFile)


def _names_in(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob(f"*/{ASSIGNMENT_FILE}"))
