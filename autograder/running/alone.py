"""Grades one submission by itself: with the key of the assignment's version, without the store and its secret."""

from collections.abc import Callable
from datetime import datetime

from autograder.records import Grade, RunRecord, Status, Submission
from autograder.running.batch import Order, judge, open_workshop, run_record


def grade_alone(
    order: Order, submission: Submission, *, key: bytes, now: datetime, ready: Callable[[], None]
) -> tuple[RunRecord, Grade]:
    """Judges a submission as `batch.grade_class` would; a fault of ours is retried once.

    Args:
        order: What is to be graded, and how.
        submission: Whose, and what.
        key: Key of the assignment's version, see `judging.seeds.version_key`.
        now: When the run started.
        ready: Is called when everything is prepared, before anything of the submission is looked at.

    Raises:
        CourseError: The course's files are at fault.
        IsolationError: The isolation required is not to be had, or the canary escaped: nothing is scored.
        GraderError: The grader itself failed.
    """
    with open_workshop(order, key) as workshop:
        run = run_record(order, workshop, now)
        ready()
        grade = judge(workshop, order, submission)
        if grade.status is Status.WITHHELD:
            grade = judge(workshop, order, submission)
    return run, grade
