"""results.json as Gradescope reads it: from a grade, or from the reason why there is none.

Knows the format (docs/specs.md of gradescope/autograder_samples) and who may read which part: tests are the student's,
a test without points and with visibility `hidden` is for staff. Writes no file. Where there is no score there is no
number: neither a 0 nor the points of those tasks that did run.
"""

import json
from collections.abc import Iterable
from typing import Final, Literal, NotRequired, TypedDict

from autograder.records import Grade, Outcome, RunRecord, TaskResult
from autograder.reporting.text import clean, overview
from autograder.reporting.words import OUTCOME_WORDS, number, shown_score

__all__ = ["STOPPED", "graded", "not_graded", "staff_text"]

#: What stands there from the first moment on, and stays if the container is stopped before the end.
STOPPED: Final = (
    "No score: grading was stopped before it was done. That is not a grade, and it says nothing about your work. "
    "If this stays, tell your course staff."
)
_WITHHELD: Final = (
    "No score yet: the grader could not do its work here, which is not the fault of your submission. Your course staff "
    "can see why and will have it graded again."
)
_MOST: Final = 20_000


class _Test(TypedDict):
    """An entry of `tests`."""

    name: str
    number: NotRequired[str]
    score: NotRequired[float]
    max_score: NotRequired[float]
    status: NotRequired[Literal["passed", "failed"]]
    output: str
    output_format: Literal["text"]
    visibility: Literal["visible", "hidden"]


class _Results(TypedDict):
    """The whole file."""

    score: NotRequired[float]
    output: str
    output_format: Literal["text"]
    stdout_visibility: Literal["hidden"]
    execution_time: NotRequired[float]
    tests: list[_Test]
    extra_data: NotRequired[dict[str, str]]


def graded(run: RunRecord, grade: Grade, staff: str, time_s: float) -> bytes:
    """Returns results.json of a finished run; without any number where the grade has no score.

    Args:
        run: The run.
        grade: The grade.
        staff: From `staff_text`.
        time_s: Wall time of all of it.
    """
    score = shown_score(grade)
    tests = [] if score is None else [_test(task) for task in grade.tasks]
    results: _Results = {
        "output": overview(grade),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "execution_time": round(time_s, 1),
        "tests": [*tests, _for_staff(staff)],
        "extra_data": {
            "assignment": run.assignment,
            "assignment_version": run.assignment_version,
            "assignment_sha256": run.assignment_sha256,
            "submission_sha256": grade.submission_sha256,
            "status": grade.status.value,
            "isolation": run.isolation.level.value,
            "autograder": dict(run.versions).get("autograder", ""),
        },
    }
    if score is not None:
        results["score"] = score
    return _bytes(results)


def not_graded(staff: str = "", words: str = _WITHHELD) -> bytes:
    """Returns results.json of a run that gave no grade.

    Args:
        staff: Why, for staff alone; empty where that is not known.
        words: For the student.
    """
    return _bytes(
        {
            "output": words,
            "output_format": "text",
            "stdout_visibility": "hidden",
            "tests": [_for_staff(staff)] if staff else [],
        }
    )


def staff_text(run: RunRecord, grade: Grade, remarks: Iterable[str]) -> str:
    """Returns what staff reads of a run: what a student must not see is in here.

    Args:
        run: The run.
        grade: The grade.
        remarks: How this run differs from one at home.
    """
    isolation = run.isolation
    lines = [
        f"{run.assignment} {run.assignment_version}, {grade.status}; submission of {grade.student}",
        f"isolation: {isolation.level} ({isolation.engine}), {isolation.canary_in_words()}",
        f"judging took {grade.time_s:.1f} s",
        *(f"{name}: {version}" for name, version in run.versions if name != "engine"),
        *remarks,
        *(f"advice: {advice}" for advice in grade.advice),
        *(
            f"task {task.id}: {task.outcome}, {task.time_s:.1f} s: {task.staff_message}"
            for task in grade.tasks
        ),
    ]
    return "\n".join(clean(line) for line in lines)


def _test(task: TaskResult) -> _Test:
    head = OUTCOME_WORDS[task.outcome]
    if task.points is not None:
        head += f", {number(task.points)} of {number(task.max_points)} points"
    test: _Test = {
        "name": f"{task.id} {clean(task.title)}",
        "number": task.id,
        "max_score": task.max_points,
        "status": "passed" if task.outcome is Outcome.PASSED else "failed",
        "output": f"{head}\n\n{clean(task.message)}".strip(),
        "output_format": "text",
        "visibility": "visible",
    }
    if task.points is not None:
        test["score"] = task.points
    return test


def _for_staff(text: str) -> _Test:
    return {
        "name": "For course staff",
        "output": clean(text, _MOST),
        "output_format": "text",
        "visibility": "hidden",
    }


def _bytes(results: _Results) -> bytes:
    return json.dumps(results, indent=1, allow_nan=False).encode() + b"\n"
