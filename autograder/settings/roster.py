"""The roster of a course, from a CSV file: who the students are.

Knows columns and ids. Refuses to guess: a name of a file or folder belongs to a student where it is
exactly the id, and to nobody otherwise.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import CourseError
from autograder.settings.documents import did_you_mean, read_text

__all__ = ["Roster", "Student", "load_roster"]

_MAX_BYTES: Final = 16 * 1024 * 1024

#: What a submission's file may end in. Any other ending is part of the name: "ada.lovelace" is not
#: "ada".
_EXTENSIONS: Final = (".py", ".ipynb", ".zip")

_KNOWN: Final = ("student", "name", "email", "section", "group")


@dataclass(frozen=True, slots=True)
class Student:
    """One student of the roster: text that people typed, never used as a path or a formula.

    Attributes:
        id: The column `student`: what names of submissions are matched with.
        further: All other columns, (name, value), in the order of the file.
    """

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    group: str = ""
    further: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """The students of a course, in the order of the file, every id once."""

    students: tuple[Student, ...]

    def match(self, name: str) -> str | None:
        """Returns the id that a file or folder of this name belongs to, or None.

        The rule: the name is an id, or it is one after .py, .ipynb or .zip is taken off. Capitals
        count. An accent typed in one or two characters (macOS writes two) is the same accent.
        """
        ids = {_composed(student.id): student.id for student in self.students}
        whole = _composed(name)
        stems = [whole[: -len(ending)] for ending in _EXTENSIONS if whole.lower().endswith(ending)]
        return next((ids[key] for key in (whole, *stems) if key in ids), None)


def load_roster(path: Path) -> Roster:
    """Returns the roster in a CSV file.

    The first line names the columns: `student` must be there; `name`, `email`, `section` and
    `group` may be, and any others. UTF-8, with or without a byte-order mark. Empty lines are
    skipped.

    Raises:
        CourseError: The file is missing or wrong; names file and line, every mistake at once.
    """
    rows = list(_rows(path, read_text(path, _MAX_BYTES)))
    if not rows:
        msg = f"{path}:1: empty; expected a line of column names with `student` among them"
        raise CourseError(msg)
    (header_line, header), *body = rows
    columns = [cell.strip().lower() for cell in header]
    _check_columns(path, header_line, columns)
    errors: list[str] = []
    seen: dict[str, int] = {}
    students: list[Student] = []
    for line, cells in body:
        if len(cells) > len(columns):
            errors.append(f"{path}:{line}: {len(cells)} values for {len(columns)} columns")
            continue
        values = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        student = _composed(values["student"]) if values.get("student") else ""
        if not student:
            errors.append(f"{path}:{line}: no student id")
        elif student in seen:
            errors.append(
                f'{path}:{line}: student "{student}" is there twice, first on line {seen[student]}'
            )
        else:
            seen[student] = line
            students.append(_student(values))
    if errors:
        raise CourseError("\n".join(errors))
    return Roster(tuple(students))


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yields the rows that hold anything, each with the line on which it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        msg = f"{path}:{reader.line_num}: not valid CSV: {error}"
        raise CourseError(msg) from error


def _check_columns(path: Path, line: int, columns: list[str]) -> None:
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        msg = f"{path}:{line}: column {', '.join(twice)} is there twice"
        raise CourseError(msg)
    if "student" in columns:
        return
    msg = f"{path}:{line}: no column `student`; found {', '.join(columns)}."
    if len(columns) == 1 and ";" in columns[0]:
        msg += " Save the file with commas between the columns, not semicolons."
    else:
        near = next((name for name in columns if did_you_mean(name, ["student"])), "")
        msg += f' Should "{near}" be `student`?' if near else " Name the column of ids so."
    raise CourseError(msg)


def _student(values: dict[str, str]) -> Student:
    further = tuple((name, value) for name, value in values.items() if name not in _KNOWN and name)
    return Student(
        id=values["student"],
        name=values.get("name", ""),
        email=values.get("email", ""),
        section=values.get("section", ""),
        group=values.get("group", ""),
        further=further,
    )


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
