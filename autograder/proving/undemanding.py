"""Hidden tests that are content with any answer: a submission whose every entry point gives None passes none of them.

Such a test compares nothing, and gives its points to everybody who wrote the function.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from autograder.proving.corpus import Kind, Known
from autograder.proving.rounds import grade_rounds
from autograder.records import Grade, Outcome
from autograder.running.batch import Order, Watcher
from autograder.running.collect import made
from autograder.settings.assignment import Assignment

__all__ = ["answers_nothing", "undemanding_tests"]

_NAME: Final = "None for every answer"


def answers_nothing(about: Assignment) -> Known:
    """Returns the submission that defines everything and answers nothing; it has to score no points."""
    names = dict.fromkeys(task.entry_point for task in about.tasks.values())
    text = "\n\n".join(f"def {name}(*args, **kwargs):\n    return None\n" for name in names)
    submission = made(_NAME, {"work.py": text.encode()})
    return Known(_NAME, Kind.STUB, submission, frozenset(about.tasks))


def undemanding_tests(
    order: Order, known: Known, grade: Grade, *, secret: bytes, now: datetime, watcher: Watcher
) -> list[str]:
    """Returns a fault for each hidden test that the submission passed.

    Args:
        order: What judges.
        known: See `answers_nothing`.
        grade: What it got. Where that is no points, there is no such test, and nothing is graded again.
        secret: Stands in the place of the course's secret; 32 bytes.
        now: When the run began.
        watcher: Is told how the run goes on.
    """
    if not grade.score:
        return []
    rounds = grade_rounds(
        replace(order, evidence=True), [(known, 1)], secret=secret, now=now, watcher=watcher
    )
    return [
        f"hidden test {test.test}, task {test.task}: passes where the answer is None, so it compares nothing; "
        "compare what comes back by `close`"
        for test in rounds.grades[known.name][0].evidence
        if test.outcome is Outcome.PASSED
    ]
