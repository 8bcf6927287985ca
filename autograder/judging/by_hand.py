"""Joins what people decided about manual tasks to the grade that the hidden tests made; pure.

Knows points, outcomes and what a pending grade is. Refuses to know where annotations are kept. They
belong to a student and a task, never to an attempt: judging again cannot lose them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from autograder.records import Annotation, Grade, Outcome, Status, TaskInfo, TaskResult

__all__ = ["concern", "latest", "with_manual_tasks"]

#: Statuses that no manual task changes: without any score, or with one that a person decided as a whole.
_SETTLED: Final = (Status.WITHHELD, Status.UNGRADABLE, Status.OVERRIDDEN)


def latest(annotations: Iterable[Annotation]) -> dict[tuple[str, str], Annotation]:
    """Returns the annotation that counts for each student and task: the last one, in their order."""
    return {(one.student, one.task): one for one in annotations}


def with_manual_tasks(
    grade: Grade, manual: Sequence[TaskInfo], annotations: Iterable[Annotation]
) -> Grade:
    """Returns the grade with the manual tasks behind the others, and with its score if it is complete.

    A task that nobody has graded is pending, without points, and so is the whole grade: without a
    score, so that no report can take a part of it for the whole.

    Args:
        grade: As the hidden tests made it.
        manual: The assignment's manual tasks.
        annotations: Those of this assignment, oldest first.
    """
    if not manual:
        return grade
    counting = latest(annotations)
    found = [(info, counting.get((grade.student, info.id))) for info in manual]
    by_hand = [_result(info, annotation, grade.submission_sha256) for info, annotation in found]
    status, score = grade.status, grade.score
    if status not in _SETTLED:
        if score is None or any(task.outcome is Outcome.PENDING for task in by_hand):
            status, score = Status.PENDING, None
        else:
            score = _total(score, *(task.points or 0.0 for task in by_hand))
    advice = [
        f"Task {info.id}, graded by hand: {words}."
        for info, annotation in found
        if annotation is not None
        and (words := concern(annotation, info.max_points, grade.submission_sha256))
    ]
    return replace(
        grade,
        tasks=(*grade.tasks, *by_hand),
        status=status,
        score=score,
        max_score=_total(grade.max_score, *(info.max_points for info in manual)),
        advice=(*grade.advice, *advice),
    )


def concern(annotation: Annotation, max_points: float, submission_sha256: str) -> str:
    """Why staff should look at an annotation again; empty where they need not.

    Args:
        annotation: The one that counts.
        max_points: What its task is worth today.
        submission_sha256: What the student has handed in last.
    """
    if annotation.points > max_points:
        return (
            f"{annotation.points:g} points were given, and it is worth {max_points:g} by now; "
            "they don't count until it is annotated again"
        )
    if annotation.submission_sha256 != submission_sha256:
        return "made for an earlier submission"
    return ""


def _result(info: TaskInfo, annotation: Annotation | None, submission_sha256: str) -> TaskResult:
    staff = ""
    if annotation is not None:
        staff = (
            f"{annotation.points:g} of {annotation.max_points:g} points by {annotation.by}, "
            f"{annotation.made_at}, version {annotation.assignment_version}"
        )
        if words := concern(annotation, info.max_points, submission_sha256):
            staff += f"; {words}"
    if annotation is None or annotation.points > info.max_points:
        message = "A person grades this task; that has not happened yet."
        return TaskResult(
            info.id, info.title, None, info.max_points, Outcome.PENDING, message, staff
        )
    if annotation.points == info.max_points:
        outcome = Outcome.PASSED
    else:
        outcome = Outcome.PARTIAL if annotation.points else Outcome.WRONG
    message = f"Graded by hand: {annotation.why}"
    return TaskResult(
        info.id, info.title, annotation.points, info.max_points, outcome, message, staff
    )


def _total(*values: float) -> float:
    """Sums without the noise of binary fractions, as `score` does."""
    return round(sum(values), 10)
