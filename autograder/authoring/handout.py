"""The handout that students get: the author's README with the table of points in its place.

The table is made of assignment.yml and the markers of the hidden suite, so that it cannot be out of date. Reads and
writes no file.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from autograder.errors import CourseError
from autograder.reporting.words import number
from autograder.settings.assignment import ManualTask, Task

__all__ = ["PLACE", "points_table", "with_points"]

#: The line of the author's README in whose place the table goes.
PLACE: Final = "<!-- points -->"

_END: Final = re.compile(r"<!--\s*/\s*points\s*-->")
# The head of a table with a column of points, which is always written by hand.
_BY_HAND: Final = re.compile(r"^\s*\|(?:.*\|)?\s*\**\s*points\s*\**\s*\|", re.IGNORECASE)


def with_points(handout: str, path: Path, table: str) -> str:
    """Returns the handout with the table of points in its place.

    Args:
        handout: The author's README.
        path: Where it stands, for messages only.
        table: See `points_table`.

    Raises:
        CourseError: There is no place for the table, or more than one, or a table of points written by hand.
    """
    lines = handout.split("\n")
    for line, text in enumerate(lines, 1):
        if _END.search(text) or _BY_HAND.match(text):
            message = (
                f"{path}:{line}: a table of points written by hand: {text.strip()!r}. The table is made of "
                f'the markers of the hidden suite: put the one line "{PLACE}" in its place.'
            )
            raise CourseError(message)
    places = [line for line, text in enumerate(lines, 1) if text.strip() == PLACE]
    if len(places) != 1:
        found = f"found it on lines {', '.join(map(str, places))}" if places else "found none"
        message = (
            f'{path}: expected one line "{PLACE}" where the table of points shall stand, {found}.'
        )
        raise CourseError(message)
    lines[places[0] - 1] = table
    return "\n".join(lines)


def points_table(
    tasks: Mapping[str, Task], points: Mapping[str, float], manual: Mapping[str, ManualTask]
) -> str:
    """Returns the table in Markdown, in the order of assignment.yml: points as the markers say, and of manual tasks."""
    rows = [
        f"| {task} | {_cell(about.title)} | `{about.entry_point}` | {number(points[task])} |"
        for task, about in tasks.items()
    ]
    rows += [
        f"| {task} | {_cell(about.title)} | by hand | {number(about.points)} |"
        for task, about in manual.items()
    ]
    total = sum(points.values()) + sum(about.points for about in manual.values())
    return "\n".join(
        [
            "| Task | What it is | Name in your code | Points |",
            "|---|---|---|---|",
            *rows,
            f"| | **Total** | | **{number(total)}** |",
        ]
    )


def _cell(text: str) -> str:
    """A title inside a Markdown table: what would end the cell or begin a tag is a plain character."""
    return re.sub(r"([\\|<])", r"\\\1", " ".join(text.split()))
