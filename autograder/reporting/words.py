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
}

#: A status as staff reads it in a table.
STATUS_WORDS: Final[dict[Status, str]] = {
    Status.GRADED: "graded",
    Status.UNGRADABLE: "ungradable",
    Status.NEEDS_REVIEW: "needs review",
    Status.WITHHELD: "withheld",
    Status.OVERRIDDEN: "overridden",
}

_WITHOUT_SCORE: Final = (Status.WITHHELD, Status.UNGRADABLE)


def shown_score(grade: Grade) -> float | None:
    """Returns the score that a report may show: None where the grade is withheld or ungradable."""
    return None if grade.status in _WITHOUT_SCORE else grade.score


def shown_points(grade: Grade, task_id: str) -> float | None:
    """Returns a task's points, None where they are not known or the grade as a whole has no score.

    Points of the tasks that did run would add up to a score that nobody gave.
    """
    if shown_score(grade) is None:
        return None
    return next((task.points for task in grade.tasks if task.id == task_id), None)


def number(value: float) -> str:
    """Returns points as people write them: at most two decimals and no trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def held_apart(grades: Iterable[Grade]) -> tuple[Grade, ...]:
    """Returns the grades with those that matched no name of the roster at the end."""
    return tuple(sorted(grades, key=lambda grade: not grade.matched))
