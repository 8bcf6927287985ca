"""What outcomes, statuses and points are called in front of people, one way for every report.

Knows the contract's rule that a grade without a score is empty, never 0. Writes nothing.
"""

from collections.abc import Iterable
from typing import Final

from autograder.records import Grade, Outcome, Status

#: An outcome as a student reads it after the title of a task.
OUTCOME_WORDS: Final[dict[Outcome, str]] = {
    Outcome.PASSED: "passed",
    Outcome.PARTIAL: "partly right",
    Outcome.WRONG: "wrong",
    Outcome.MISSING: "missing",
    Outcome.NOT_IMPLEMENTED: "not implemented",
    Outcome.RAISED: "raised an error",
    Outcome.TIMED_OUT: "timed out",
    Outcome.OUT_OF_MEMORY: "out of memory",
    Outcome.CRASHED: "crashed",
    Outcome.SKIPPED: "skipped",
    Outcome.GRADER_ERROR: "grader error",
    Outcome.PENDING: "not graded yet",
}

#: A status as staff reads it in a table.
STATUS_WORDS: Final[dict[Status, str]] = {
    Status.GRADED: "graded",
    Status.UNGRADABLE: "ungradable",
    Status.NEEDS_REVIEW: "needs review",
    Status.WITHHELD: "withheld",
    Status.OVERRIDDEN: "overridden",
    Status.PENDING: "pending",
}

_WITHOUT_POINTS: Final = (Status.WITHHELD, Status.UNGRADABLE)


def shown_score(grade: Grade) -> float | None:
    """Returns the score that a report may show: None where it is withheld, ungradable or pending."""
    return None if grade.status in (*_WITHOUT_POINTS, Status.PENDING) else grade.score


def shows_points(grade: Grade) -> bool:
    """True where points of single tasks may be shown.

    Where a grade is withheld or ungradable, those of the tasks that did run would add up to a score that nobody gave.
    """
    return grade.status is Status.PENDING or shown_score(grade) is not None


def shown_points(grade: Grade, task_id: str) -> float | None:
    """Returns a task's points, None where they are not known or must not be shown."""
    if not shows_points(grade):
        return None
    return next((task.points for task in grade.tasks if task.id == task_id), None)


def so_far(grade: Grade) -> tuple[float, float]:
    """Returns the points that a pending grade has already, and those that people still have to grade."""
    have = sum(task.points or 0.0 for task in grade.tasks)
    waiting = sum(task.max_points for task in grade.tasks if task.outcome is Outcome.PENDING)
    return round(have, 10), round(waiting, 10)


def number(value: float) -> str:
    """Returns points as people write them: at most two decimals and no trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def held_apart(grades: Iterable[Grade]) -> tuple[Grade, ...]:
    """Returns the grades with those that matched no name of the roster at the end."""
    return tuple(sorted(grades, key=lambda grade: not grade.matched))
