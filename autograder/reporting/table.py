"""The table that `autograder grade` prints at the end.

Knows rich, and imports it only when a table is made. A student's name is text, never markup.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from autograder.records import Grade, Outcome, Status, TaskResult
from autograder.reporting.text import visible
from autograder.reporting.words import (
    STATUS_WORDS,
    held_apart,
    number,
    shown_score,
    shows_points,
    so_far,
)

if TYPE_CHECKING:
    from rich.table import Table

_STATUS_STYLES: Final[dict[Status, str]] = {
    Status.GRADED: "green",
    Status.UNGRADABLE: "yellow",
    Status.NEEDS_REVIEW: "magenta",
    Status.WITHHELD: "bold red",
    Status.OVERRIDDEN: "cyan",
    Status.PENDING: "yellow",
}
_OUTCOME_STYLES: Final[dict[Outcome, str]] = {
    Outcome.PASSED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.SKIPPED: "dim",
    Outcome.GRADER_ERROR: "bold red",
    Outcome.PENDING: "yellow",
}


#: Outcomes in at most nine letters; the rest are called by their own names.
_SHORT: Final[dict[Outcome, str]] = {
    Outcome.NOT_IMPLEMENTED: "unwritten",
    Outcome.TIMED_OUT: "timed out",
    Outcome.OUT_OF_MEMORY: "memory",
    Outcome.GRADER_ERROR: "our fault",
}


#: What student, score and status take beside the tasks, in columns of the terminal.
_BESIDE: Final = 29


def grade_table(grades: Sequence[Grade], width: int) -> "Table":
    """Returns one line per grade: student, score, status, and the outcome of each task in words.

    Who is not in the roster comes last. Colours only repeat what the words say.

    Args:
        grades: Of one assignment.
        width: Columns of the terminal. Where there are more tasks than words fit, points stand in their place.
    """
    from rich import box  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415  `autograder --help` must not pay for rich's tables
    from rich.text import Text  # noqa: PLC0415

    # Narrow, so that five tasks fit a terminal of 80 columns without a word cut off.
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("student", overflow="fold", min_width=7)
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("status", overflow="fold", min_width=10)
    task_ids = list(dict.fromkeys(task.id for grade in grades for task in grade.tasks))
    in_words = _BESIDE + sum(_width(grades, task_id) + 2 for task_id in task_ids) <= width
    for task_id in task_ids:
        table.add_column(
            Text(visible(task_id)), overflow="fold", justify="left" if in_words else "right"
        )
    if not in_words:
        table.caption = "points per task; what became of each stands in grades.json"
    for grade in held_apart(grades):
        tasks = {task.id: task for task in grade.tasks}
        cells = [
            Text(visible(grade.student)),
            Text(_score(grade)),
            Text(_status(grade), style=_STATUS_STYLES[grade.status]),
        ]
        for task_id in task_ids:
            task = tasks.get(task_id)
            words = "" if task is None else _words(task) if in_words else _points(grade, task)
            style = "" if task is None else _OUTCOME_STYLES.get(task.outcome, "red")
            cells.append(Text(words, style=style))
        table.add_row(*cells)
    return table


def _words(task: TaskResult) -> str:
    return _SHORT.get(task.outcome, task.outcome.value)


def _points(grade: Grade, task: TaskResult) -> str:
    # Points of a grade without a score would look like zeros that count.
    return "" if not shows_points(grade) or task.points is None else number(task.points)


def _width(grades: Sequence[Grade], task_id: str) -> int:
    words = [_words(task) for grade in grades for task in grade.tasks if task.id == task_id]
    return max(map(len, [*words, visible(task_id)]))


def _score(grade: Grade) -> str:
    if grade.status is Status.PENDING:
        return f"{number(so_far(grade)[0])} + ? / {number(grade.max_score)}"
    score = shown_score(grade)
    return "none" if score is None else f"{number(score)} / {number(grade.max_score)}"


def _status(grade: Grade) -> str:
    words = STATUS_WORDS[grade.status]
    if not grade.official:
        words += ", unofficial"
    if not grade.matched:
        words += ", not in the roster"
    return words
