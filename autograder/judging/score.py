"""Turns the results of a hidden suite's tests into task results and these into a grade.

Knows the rules of points and statuses. Refuses to know pytest, the sandbox, files and rounding,
which is the course's policy. In doubt a grade is withheld: our own faults neither give nor take
points.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from autograder.records import Grade, Outcome, Status, Submission, TaskInfo, TaskResult

__all__ = ["TestResult", "grade_submission", "score_task"]


@dataclass(frozen=True, slots=True)
class TestResult:
    """What became of one test of the hidden suite.

    Attributes:
        task: Id of the task that the test belongs to.
        points: What the test is worth, passed or not.
        outcome: Anything but `PARTIAL`, which only a task can be.
        message: Our own words only; safe to show to the student.
        staff_message: May quote the submission (sanitised): for staff.
        time_s: Wall time, sandbox included.
        student_time_s: CPU time of the student's process.
    """

    __test__: ClassVar[bool] = False  # pytest would collect it for its name

    task: str
    points: float
    outcome: Outcome
    message: str = ""
    staff_message: str = ""
    time_s: float = 0.0
    student_time_s: float = 0.0


def score_task(info: TaskInfo, results: Sequence[TestResult]) -> TaskResult:
    """Returns what became of a task, from the results of all its tests in the suite's order.

    Passed if all passed; partial, with the points of those that passed, if some did; else the first
    outcome that stopped it, where a skip counts only if there is nothing else. One grader error, a
    test whose result is missing, or a result that cannot be: the task is a grader error without
    points, whatever the other tests say.
    """
    faults = _faults(info, results)
    passed = [result for result in results if result.outcome is Outcome.PASSED]
    failed = [result for result in results if result.outcome is not Outcome.PASSED]
    points: float | None
    if faults:
        outcome, points = Outcome.GRADER_ERROR, None
    elif not failed:
        outcome, points = Outcome.PASSED, _total(result.points for result in passed)
    elif passed:
        outcome, points = Outcome.PARTIAL, _total(result.points for result in passed)
    else:
        outcomes = [result.outcome for result in failed]
        outcome = next((o for o in outcomes if o is not Outcome.SKIPPED), Outcome.SKIPPED)
        points = 0.0
    message = _joined(result.message for result in results)
    if faults:
        message = "The grader could not judge this task. It was not scored; staff will look at it."
    return TaskResult(
        id=info.id,
        title=info.title,
        points=points,
        max_points=_total([info.max_points]),
        outcome=outcome,
        message=message,
        staff_message=_joined([*(result.staff_message for result in results), *faults]),
        time_s=_total(result.time_s for result in results),
        student_time_s=_total(result.student_time_s for result in results),
    )


def grade_submission(
    submission: Submission,
    assignment: str,
    tasks: Sequence[TaskResult],
    *,
    official: bool,
    ungradable: str = "",
    review: Sequence[str] = (),
    notes: Sequence[str] = (),
    advice: Sequence[str] = (),
    time_s: float = 0.0,
) -> Grade:
    """Returns the grade of a submission from the results of all its tasks.

    Args:
        submission: Whose grade it is.
        assignment: Name of the assignment.
        tasks: One result for each task of the assignment, also where nothing could be loaded.
        official: False where the isolation was below what the course requires.
        ungradable: Why nothing could be loaded, in our words for the student: it becomes the first
            note, and the score is empty.
        review: What only a person can judge, for staff: becomes the first advice.
        notes: For the student: our own words and line numbers.
        advice: For staff.
        time_s: Wall time of the whole submission.

    A grader error outranks everything and withholds the score: empty, never zero.
    """
    withheld = not tasks or any(
        task.outcome is Outcome.GRADER_ERROR or task.points is None for task in tasks
    )
    if withheld:
        status = Status.WITHHELD
    elif ungradable:
        status = Status.UNGRADABLE
    elif review:
        status = Status.NEEDS_REVIEW
    else:
        status = Status.GRADED
    scored = status in (Status.GRADED, Status.NEEDS_REVIEW)
    return Grade(
        student=submission.student,
        assignment=assignment,
        score=_total(task.points or 0.0 for task in tasks) if scored else None,
        max_score=_total(task.max_points for task in tasks),
        status=status,
        official=official,
        tasks=tuple(tasks),
        notes=(*([ungradable] if ungradable else []), *notes),
        advice=(*review, *advice),
        source=submission.source,
        submission_sha256=submission.sha256,
        matched=submission.matched,
        time_s=time_s,
    )


def _faults(info: TaskInfo, results: Sequence[TestResult]) -> list[str]:
    """Reasons, for staff, why these results can make no points."""
    faults = [
        f"Task {info.id}: a test failed by the grader's own fault."
        for result in results
        if result.outcome is Outcome.GRADER_ERROR
    ]
    if any(result.task != info.id or result.outcome is Outcome.PARTIAL for result in results):
        faults.append(f"Task {info.id}: a result of another task, or of no single test, came in.")
    # A suite that died half-way leaves tests out: those that it ran must not stand for the task.
    found = _total(result.points for result in results)
    if not results or found != _total([info.max_points]):
        faults.append(
            f"Task {info.id}: results for {found:g} of {info.max_points:g} points came in; "
            "the suite did not run to its end."
        )
    return faults


def _total(values: Iterable[float]) -> float:
    """Sums without the noise of binary fractions: 0.1 + 0.2 is 0.3."""
    return round(sum(values, start=0.0), 10)


def _joined(messages: Iterable[str]) -> str:
    """Joins the messages, one a line, each once, in order."""
    return "\n".join(dict.fromkeys(message for message in messages if message))
