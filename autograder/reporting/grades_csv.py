"""grades.csv: one line per submission, for spreadsheets and course systems.

Knows CSV and what a spreadsheet makes of a cell. Nothing in it can start a formula.
"""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from autograder.records import Grade, TaskInfo
from autograder.reporting.files import write_atomically
from autograder.reporting.text import visible
from autograder.reporting.words import held_apart, shown_points, shown_score

# What a spreadsheet may take for a formula, full-width forms included, after any white space.
# Leading apostrophes count, so that "=x" and "'=x" stay two cells ("'=x" and "''=x").
_FORMULA: Final = re.compile(r"'*\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def write_csv(
    path: Path, grades: Sequence[Grade], tasks: Sequence[TaskInfo], *, roster: bool = False
) -> None:
    """Writes grades.csv.

    A grade without a score (withheld, ungradable) has empty cells, never 0; a pending one has no
    score, but the points that stand. A text that could
    start a formula begins with an apostrophe. Who is not in the roster comes last; a column
    `matched` tells them apart where a roster was used.

    Args:
        path: The file.
        grades: The grades, in the order in which they shall stand.
        tasks: The assignment's tasks: one column each.
        roster: Whether a roster was given. An unmatched grade says so as well.

    Raises:
        CourseError: The file cannot be written.
    """
    with_matched = roster or not all(grade.matched for grade in grades)
    header = ["student", "assignment", "score", "max_score", "status", "official"]
    header += [_text(task.id) for task in tasks]
    if with_matched:
        header.append("matched")
    lines = io.StringIO()
    # Every text in quotes: where a spreadsheet takes the semicolon for the separator, the name
    # "a;=cmd()" would otherwise become two cells.
    writer = csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(header)
    for grade in held_apart(grades):
        row = [
            _text(grade.student),
            _text(grade.assignment),
            _number(shown_score(grade)),
            _number(grade.max_score),
            grade.status.value,
            _yes_no(grade.official),
            *(_number(shown_points(grade, task.id)) for task in tasks),
        ]
        if with_matched:
            row.append(_yes_no(grade.matched))
        writer.writerow(row)
    write_atomically(path, lines.getvalue().encode("utf-8"))


def _text(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if _FORMULA.match(text) or _FORMULA.match(shown) else shown


def _number(value: float | None) -> float | int | str:
    if value is None:
        return ""
    rounded = round(value, 6)  # 0.1 + 0.2 is 0.3 to a reader
    return int(rounded) if rounded == int(rounded) else rounded


def _yes_no(value: bool) -> str:
    return "true" if value else "false"
