"""Records to rows of the store and back.

Knows which field stands in which column and how text is made storable; opens no database and runs
no statement.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from autograder.records import (
    Grade,
    Isolation,
    IsolationRecord,
    Outcome,
    ProbeResult,
    RunRecord,
    Status,
    TaskResult,
)


class AttemptRow(NamedTuple):
    """One row of `attempts` without its id; the names are those of the columns."""

    run_id: str
    key: str
    student: str
    assignment: str
    score: float | None
    max_score: float
    status: str
    official: int
    matched: int
    source: str
    submission_sha256: str
    time_s: float
    notes_json: str
    advice_json: str


class OutcomeRow(NamedTuple):
    """One row of `outcomes` without its attempt's id; `position` keeps the order of the tasks."""

    position: int
    task_id: str
    title: str
    points: float | None
    max_points: float
    outcome: str
    message: str
    staff_message: str
    time_s: float
    student_time_s: float


class RunRow(NamedTuple):
    """One row of `runs`."""

    run_id: str
    started_at: str
    assignment: str
    assignment_version: str
    assignment_sha256: str
    settings_sha256: str
    device: str
    official: int
    isolation_level: str
    isolation_required: str
    isolation_engine: str
    probes_json: str
    versions_json: str
    open_devices_json: str


_TABLE_OF: Final = {AttemptRow: "attempts", OutcomeRow: "outcomes", RunRow: "runs"}


def storable(text: str) -> str:
    r"""Returns the text with each lone surrogate spelled out (`\udcff`), all else as it is.

    A file name that is not UTF-8, or an exception's text, can hold lone surrogates. SQLite stores
    UTF-8, which has no place for them: binding such a text raises, and one student's name would
    stop the class.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def insert_statement(row: type[AttemptRow | OutcomeRow | RunRow], *before: str) -> str:
    """Returns the INSERT for one kind of row, with further columns in front of it."""
    columns = (*before, *row._fields)
    # The names come from this module's own classes, never from data.
    return (
        f"INSERT INTO {_TABLE_OF[row]} ({', '.join(columns)})"  # noqa: S608
        f" VALUES ({', '.join('?' * len(columns))})"
    )


def run_row(run: RunRecord) -> RunRow:
    """Returns the row of a run."""
    isolation = run.isolation
    return RunRow(
        run_id=storable(run.run_id),
        started_at=storable(run.started_at),
        assignment=storable(run.assignment),
        assignment_version=storable(run.assignment_version),
        assignment_sha256=storable(run.assignment_sha256),
        settings_sha256=storable(run.settings_sha256),
        device=storable(run.device),
        official=int(run.official),
        isolation_level=isolation.level.value,
        isolation_required=isolation.required.value,
        isolation_engine=storable(isolation.engine),
        probes_json=_as_json(
            {
                "name": probe.name,
                "blocked": probe.blocked,
                "detail": probe.detail,
                "unproven": probe.unproven,
            }
            for probe in isolation.probes
        ),
        versions_json=_as_json(run.versions),
        open_devices_json=_as_json(isolation.open_devices),
    )


def run_from(row: RunRow) -> RunRecord:
    """Returns the run that a row holds."""
    return RunRecord(
        run_id=row.run_id,
        started_at=row.started_at,
        assignment=row.assignment,
        assignment_version=row.assignment_version,
        assignment_sha256=row.assignment_sha256,
        settings_sha256=row.settings_sha256,
        device=row.device,
        official=bool(row.official),
        isolation=IsolationRecord(
            level=Isolation(row.isolation_level),
            required=Isolation(row.isolation_required),
            engine=row.isolation_engine,
            # Older runs did not try their probes without the sandbox.
            probes=tuple(
                ProbeResult(**{"unproven": "not tried", **probe})
                for probe in json.loads(row.probes_json)
            ),
            open_devices=tuple(json.loads(row.open_devices_json)),
        ),
        versions=tuple((name, version) for name, version in json.loads(row.versions_json)),
    )


def attempt_row(run_id: str, key: str, grade: Grade) -> AttemptRow:
    """Returns the row of an attempt; its tasks have rows of their own."""
    return AttemptRow(
        run_id=storable(run_id),
        key=storable(key),
        student=storable(grade.student),
        assignment=storable(grade.assignment),
        score=grade.score,
        max_score=grade.max_score,
        status=grade.status.value,
        official=int(grade.official),
        matched=int(grade.matched),
        source=storable(grade.source),
        submission_sha256=storable(grade.submission_sha256),
        time_s=grade.time_s,
        notes_json=_as_json(grade.notes),
        advice_json=_as_json(grade.advice),
    )


def outcome_row(position: int, task: TaskResult) -> OutcomeRow:
    """Returns the row of one task's outcome."""
    return OutcomeRow(
        position=position,
        task_id=storable(task.id),
        title=storable(task.title),
        points=task.points,
        max_points=task.max_points,
        outcome=task.outcome.value,
        message=storable(task.message),
        staff_message=storable(task.staff_message),
        time_s=task.time_s,
        student_time_s=task.student_time_s,
    )


def grade_from(attempt: AttemptRow, outcomes: Sequence[OutcomeRow]) -> Grade:
    """Returns the grade that was saved as these rows."""
    return Grade(
        student=attempt.student,
        assignment=attempt.assignment,
        score=attempt.score,
        max_score=attempt.max_score,
        status=Status(attempt.status),
        official=bool(attempt.official),
        tasks=tuple(_task_from(row) for row in outcomes),
        notes=tuple(json.loads(attempt.notes_json)),
        advice=tuple(json.loads(attempt.advice_json)),
        source=attempt.source,
        submission_sha256=attempt.submission_sha256,
        matched=bool(attempt.matched),
        time_s=attempt.time_s,
    )


def _task_from(row: OutcomeRow) -> TaskResult:
    return TaskResult(
        id=row.task_id,
        title=row.title,
        points=row.points,
        max_points=row.max_points,
        outcome=Outcome(row.outcome),
        message=row.message,
        staff_message=row.staff_message,
        time_s=row.time_s,
        student_time_s=row.student_time_s,
    )


def _as_json(items: Iterable[object]) -> str:
    # Not ASCII only: escaped lone surrogates would come back as lone surrogates.
    return storable(json.dumps(list(items), ensure_ascii=False))
