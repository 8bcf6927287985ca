"""Grades known submissions again and again, each time with inputs of their own, on the walk that students' work takes.

A round is a copy of a submission under another name: where inputs are drawn per student, it gets draws of its own, and
one run serves all rounds.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from autograder.proving.corpus import Known
from autograder.records import Grade, Outcome, RunRecord
from autograder.running.batch import Order, Watcher, grade_class
from autograder.store.database import Store

__all__ = ["Rounds", "grade_rounds", "lost"]


@dataclass(frozen=True, slots=True)
class Rounds:
    """The grades of every known submission, one per round, by its name, and the run's record."""

    run: RunRecord
    grades: Mapping[str, tuple[Grade, ...]]


def grade_rounds(
    order: Order,
    known: Sequence[tuple[Known, int]],
    *,
    secret: bytes,
    now: datetime,
    watcher: Watcher,
) -> Rounds:
    """Grades each known submission in as many rounds as stand beside it.

    Nothing is kept: the store is a file that is gone afterwards.

    Args:
        order: What judges; its inputs are drawn per student, whatever the course says.
        known: Submissions with their number of rounds; their names are unique.
        secret: Stands in the place of the course's secret; 32 bytes.
        now: When the run began.
        watcher: Is told how the run goes on.

    Raises:
        CourseError: The course's files are at fault.
        IsolationError: The isolation is not to be had.
        GraderError: The grader itself failed.
    """
    copies = [
        (one.name, replace(one.submission, student=f"{one.name} / round {number + 1}"))
        for one, rounds in known
        for number in range(rounds)
    ]
    with (
        tempfile.TemporaryDirectory(prefix="autograder-") as folder,
        Store.open(Path(folder) / "store.sqlite") as store,
    ):
        graded = grade_class(
            replace(order, per_student=True),
            [submission for _, submission in copies],
            store,
            secret=secret,
            now=now,
            watcher=watcher,
        )
    by_name: dict[str, list[Grade]] = {one.name: [] for one, _ in known}
    for (name, _), grade in zip(copies, graded.grades, strict=True):
        by_name[name].append(grade)
    return Rounds(graded.run, {name: tuple(grades) for name, grades in by_name.items()})


def lost(grade: Grade) -> frozenset[str]:
    """The tasks that a grade shows as not passed."""
    return frozenset(task.id for task in grade.tasks if task.outcome is not Outcome.PASSED)
