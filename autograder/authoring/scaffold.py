"""What a new course and a new assignment hold, as texts: templates of this package with names filled in.

Knows the fixed places of a course and which names are fit for an assignment. Refuses to know how
files are written (`placing`) and what a task is about: the example stands in the templates. Those
that hold Python end in `.py.txt`, so that no linter, type checker or test runner takes them for code.
"""

import json
import keyword
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, get_args

from autograder.errors import CourseError
from autograder.settings.assignment import ASSIGNMENT_FILE, ASSIGNMENTS_FOLDER
from autograder.settings.course import COURSE_FILE
from autograder.settings.schema import Kind, schema_text

__all__ = ["FIRST", "AssignmentPlan", "check_title", "course_texts", "plan_assignment", "titled"]

#: The tiny assignment that a new course begins with.
FIRST: Final = "first_steps"

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_PLACEHOLDER: Final = re.compile(r"@(\w+)@")
_LONGEST_TITLE: Final = 200

#: Students import these, and Python would find their own NAME.py first.
_IMPORTED: Final = frozenset(
    ("torch", "torchvision", "numpy", "matplotlib", "pandas", "sklearn", "otter", "jupyter")
)
#: Names that the released folder has for something else.
_TAKEN: Final = frozenset(("checks", "tests", "autograder"))
#: Windows opens a device for these, so no student there could save the file.
_DEVICES: Final = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")

#: Template by place. {name} is the assignment's.
_COURSE: Final = {
    COURSE_FILE: "grading.yml",
    ".gitignore": "gitignore",
    "README.md": "README.md",
    ".github/workflows/verify.yml": "verify.yml",
}
_ASSIGNMENT: Final = {
    "assignments/{name}/" + ASSIGNMENT_FILE: "assignment.yml",
    "assignments/{name}/CHANGELOG.md": "changelog.md",
    "assignments/{name}/README.md": "handout.md",
    "assignments/{name}/checks.py": "checks.py.txt",
    "assignments/{name}/{name}.py": "master.py.txt",
    "reference/{name}.py": "reference.py.txt",
    "tests/hidden/{name}/misconceptions.py": "misconceptions.py.txt",
    "tests/hidden/{name}/right/R01.py": "right.py.txt",
    "tests/hidden/{name}/test_{name}.py": "test.py.txt",
    "tests/hidden/{name}/wrong/W01.py": "wrong_1.py.txt",
    "tests/hidden/{name}/wrong/W02.py": "wrong_2.py.txt",
}


@dataclass(frozen=True, slots=True)
class AssignmentPlan:
    """A new assignment, not written yet.

    Attributes:
        parts: Its three places in the course: two folders and a file, all of them new.
        texts: Every file with its content.
    """

    name: str
    title: str
    parts: tuple[str, str, str]
    texts: Mapping[str, str]


def plan_assignment(name: str, title: str | None = None) -> AssignmentPlan:
    """Returns the files of a new assignment, which grades, releases and is proven as it stands.

    Args:
        name: Of its folders and files.
        title: As people read it; None makes one of the name.

    Raises:
        CourseError: The name or the title is not fit for it.
    """
    _check_name(name)
    title = check_title(titled(name) if title is None else title)
    values = {"name": name, "title": title, "quoted_title": _quoted(title)}
    texts = {
        place.format(name=name): _filled(f"assignment/{template}", values)
        for place, template in _ASSIGNMENT.items()
    }
    parts = (f"{ASSIGNMENTS_FOLDER}/{name}", f"reference/{name}.py", f"tests/hidden/{name}")
    return AssignmentPlan(name, title, parts, texts)


def course_texts(course: str) -> Mapping[str, str]:
    """Returns every file of a new course: its settings, a workflow, and the assignment `FIRST`.

    Args:
        course: Its name, as reports show it.

    Raises:
        CourseError: The name is empty, too long or more than a line.
    """
    course = check_title(course)
    values = {"course": course, "quoted_course": _quoted(course), "first": FIRST}
    texts = {place: _filled(f"course/{template}", values) for place, template in _COURSE.items()}
    schemas = {f"docs/{kind}.schema.json": schema_text(kind) for kind in get_args(Kind)}
    return {**plan_assignment(FIRST).texts, **texts, **schemas}


def titled(name: str) -> str:
    """Returns a folder's name as words: "ridge_regression" as "Ridge regression"."""
    words = " ".join(re.split(r"[\s_-]+", name)).strip()
    return words[:1].upper() + words[1:]


def check_title(title: str) -> str:
    """Returns a title without the blanks around it.

    Raises:
        CourseError: It is empty, longer than a title can be, or holds a line end or the like.
    """
    title = title.strip()
    if not title or len(title) > _LONGEST_TITLE or not title.isprintable():
        message = (
            f"title {title[:60]!r}: expected one line of 1 to {_LONGEST_TITLE} printable characters, "
            'as in --title "Ridge regression".'
        )
        raise CourseError(message)
    return title


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        better = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        hint = f' Did you mean "{better}"?' if _NAME.fullmatch(better) else ""
        message = (
            f'"{name}" cannot name an assignment: students get {name}.py, so expected lower-case '
            f"letters, digits and _, a letter first, 64 at most, as in ridge_regression.{hint}"
        )
        raise CourseError(message)
    why = ""
    if keyword.iskeyword(name):
        why = "it is a keyword of Python, so nothing could import the file"
    elif name in sys.stdlib_module_names or name in _IMPORTED:
        why = f"in the student's folder `import {name}` would find it instead of the real module"
    elif name in _TAKEN:
        why = "the folder that students get has something else of this name"
    elif _DEVICES.fullmatch(name):
        why = "Windows has a device of this name, so no file can be saved under it there"
    if why:
        message = (
            f'"{name}" cannot name an assignment: students get {name}.py, and {why}. '
            f"Choose another name, as in my_{name}."
        )
        raise CourseError(message)


def _quoted(text: str) -> str:
    """JSON's quoted text, which YAML reads as it is meant, whatever stands in it."""
    return json.dumps(text, ensure_ascii=False)


def _filled(template: str, values: Mapping[str, str]) -> str:
    path = files("autograder.authoring").joinpath("templates", *template.split("/"))
    # In one pass: a title that holds "@name@" stays as it was typed.
    return _PLACEHOLDER.sub(lambda found: values[found[1]], path.read_text(encoding="utf-8"))
