"""Grades a class: what the store already has is not run again, and what is finished is kept at once."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from autograder.errors import CourseError
from autograder.judging.messages import SuiteOrder
from autograder.judging.seeds import version_key
from autograder.records import (
    Grade,
    Isolation,
    Outcome,
    RunRecord,
    Status,
    Submission,
    TaskInfo,
    TaskResult,
)  # fmt: skip
from autograder.running.fingerprint import assignment_sha256, attempt_key, settings_sha256
from autograder.running.workshop import Workshop, cores
from autograder.sandbox.engine import Engine
from autograder.sandbox.gpus import Gpu
from autograder.settings.assignment import Assignment
from autograder.settings.course import CourseSettings, Limits
from autograder.store.database import Store


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be graded, and how.

    Attributes:
        root: The course: the folder that holds grading.yml.
        isolation: The level that was typed, or None for the strongest that is to be had.
        device: "cpu" or "cuda".
        gpus: What to compute on where that is "cuda".
        again: Judge everything, whatever the store has.
        data: Prepared data sets that the assignment asks for, by name.
        per_student: True where inputs are drawn for each student alone, whatever the course says.
        calibrating: True where measurements are taken and not judged, see `judging.plugin`.
        evidence: True where grades are to come with the evidence of each test.
    """

    root: Path
    course: CourseSettings
    assignment: Assignment
    isolation: Isolation | None
    device: str
    again: bool = False
    data: Mapping[str, Path] = field(default_factory=dict)
    per_student: bool = False
    calibrating: bool = False
    evidence: bool = False
    gpus: tuple[Gpu, ...] = ()

    @property
    def limits(self) -> Limits:
        """The course's limits with those that the assignment sets differently."""
        return self.course.limits.overridden_by(self.assignment.limits)


@dataclass(frozen=True, slots=True)
class Graded:
    """What a run gave: one grade per submission, in their order, and how many the store already had."""

    run: RunRecord
    grades: tuple[Grade, ...]
    kept: int


class Watcher:
    """Is told how a run goes on; this one does nothing with it."""

    def started(self, total: int, kept: int) -> None:
        """The store has `kept` of `total` grades."""

    def finished(self, grade: Grade) -> None:
        """One more grade is safely in the store."""


def grade_class(
    order: Order, submissions: Sequence[Submission], store: Store, *, secret: bytes, now: datetime,
    watcher: Watcher,
) -> Graded:  # fmt: skip
    """Grades what the store does not have, in order of arrival; retries our own faults once, alone, at the end.

    Raises:
        CourseError: The course's files are at fault.
        IsolationError: The isolation required is not to be had, or the canary escaped: no score is written.
        GraderError: The grader itself failed.
    """
    basis = _Basis(
        assignment_sha256(order.root, order.assignment),
        _settings_sha256(order),
        secret,
    )
    known = {} if order.again else _known(order, submissions, store, basis)
    missing = [n for n in range(len(submissions)) if n not in known]
    kept = len(known)
    watcher.started(len(submissions), kept)
    if not missing:
        runs = [run for run in map(store.run_of, {key for key, _ in known.values()}) if run]
        latest = max(runs, key=lambda run: run.started_at)
        latest = replace(
            latest,
            official=_is_official(order, latest.isolation.level),
            isolation=replace(latest.isolation, required=order.course.isolation.require),
        )
        return Graded(latest, tuple(known[n][1] for n in range(len(submissions))), kept)

    grades = {n: grade for n, (_, grade) in known.items()}
    key = version_key(secret, order.assignment.name, order.assignment.version)
    with open_workshop(order, key) as workshop:
        run = run_record(order, workshop, now)
        store.begin_run(run)

        def keep(number: int, grade: Grade) -> None:
            store.save(run.run_id, basis.key(submissions[number], run.isolation.level), grade)
            grades[number] = grade
            watcher.finished(grade)

        withheld = []
        for number, grade in _judge_all(workshop, order, submissions, missing):
            if grade.status is Status.WITHHELD:
                withheld.append(number)
            else:
                keep(number, grade)
        for number in withheld:  # last, alone, once: a stalled machine is the usual reason
            keep(number, judge(workshop, order, submissions[number]))
    return Graded(run, tuple(grades[n] for n in range(len(submissions))), kept)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What every grade of this run depends on, beside the submission."""

    assignment_sha256: str
    settings_sha256: str
    secret: bytes

    def key(self, submission: Submission, level: Isolation) -> str:
        return attempt_key(
            submission, self.assignment_sha256, self.settings_sha256, level, self.secret
        )


def _known(
    order: Order, submissions: Sequence[Submission], store: Store, basis: _Basis
) -> dict[int, tuple[str, Grade]]:
    """What the store has already, by the submission's number: under any level that would do today."""
    known = {}
    for number, submission in enumerate(submissions):
        for level in _levels(order):
            key = basis.key(submission, level)
            grade = store.find(key)
            if grade is not None:
                # What is official, and who is in the roster, holds as of today and not of that run.
                official = _is_official(order, level)
                grade = replace(grade, official=official, matched=submission.matched)
                known[number] = (key, grade)
                break
    return known


def run_record(order: Order, workshop: Workshop, now: datetime) -> RunRecord:
    """What has to be known of a run to explain its grades later."""
    return RunRecord(
        run_id=uuid.uuid4().hex,
        started_at=now.isoformat(timespec="seconds"),
        assignment=order.assignment.name,
        assignment_version=order.assignment.version,
        assignment_sha256=assignment_sha256(order.root, order.assignment),
        settings_sha256=_settings_sha256(order),
        device=order.device,
        official=_is_official(order, workshop.ready.isolation.level),
        isolation=workshop.ready.isolation,
        versions=workshop.ready.versions,
    )


def _settings_sha256(order: Order) -> str:
    course = order.course
    return settings_sha256(order.limits, order.device, course.draws, course.gpu_tests)


def _levels(order: Order) -> list[Isolation]:
    """Levels to try, strongest first: the typed one alone, else all that the course admits."""
    if order.isolation is not None:
        return [order.isolation]
    required = order.course.isolation.require
    return [level for level in Isolation if level.satisfies(required)]


def _is_official(order: Order, level: Isolation) -> bool:
    return level is not Isolation.PROCESS and level.satisfies(order.course.isolation.require)


def open_workshop(order: Order, key: bytes) -> Workshop:
    """Starts the processes of a run, with the strongest isolation that is to be had.

    Args:
        order: What is to be graded.
        key: Key of the assignment's version, see `judging.seeds`; no more of the course's secret is needed.

    Raises:
        CourseError: The course's files are at fault.
        IsolationError: The isolation required is not to be had, or the canary escaped.
        GraderError: The grader itself failed.
    """
    suite = order.root / "tests" / "hidden" / order.assignment.name
    if not any(suite.glob("test_*.py")):
        message = f"{suite}: there is no hidden suite; write test_{order.assignment.name}.py there."
        raise CourseError(message)
    return Workshop.open(
        _levels(order),
        lambda engine: _suite_order(order, suite, engine, key),
        on=order.gpus,
        gpu_slots=order.course.gpu_slots,
    )


def _suite_order(order: Order, suite: Path, engine: Engine, key: bytes) -> SuiteOrder:
    limits, tasks = order.limits, order.assignment.tasks
    return SuiteOrder(
        assignment=order.assignment.name,
        suite=str(suite),
        reference=str(order.root / "reference" / f"{order.assignment.name}.py"),
        tasks=tuple(TaskInfo(task, about.title, 0.0) for task, about in tasks.items()),
        entry_points=tuple(dict.fromkeys(about.entry_point for about in tasks.values())),
        by_hand=tuple(about.entry_point for about in tasks.values() if about.by_hand),
        data={name: str(path) for name, path in order.data.items()},
        review_code_kb=order.assignment.review_code_kb,
        key=key.hex(),
        device=order.device,
        official=_is_official(order, engine.level),
        level=engine.level,
        required=order.course.isolation.require,
        engine=engine.description,
        zygote=engine.control is not None,
        canary_target=str(order.root / "grading.yml"),
        limits={
            "memory_mb": limits.memory_mb,
            "cpu_time_s": int(limits.task_time_s) + 5,
            "processes": limits.processes,
            "file_mb": limits.file_mb,
            "output_kb": limits.output_kb,
            "threads": limits.threads,
            "gpu_memory_mb": limits.gpu_memory_mb,
        },
        times={
            "call_s": limits.call_time_s,
            "cell_s": limits.cell_time_s,
            "load_s": limits.load_time_s,
            "intake_s": limits.intake_time_s,
            "task_s": limits.task_time_s,
            "submission_s": limits.submission_time_s,
        },
        per_student=order.per_student or order.course.draws == "student",
        calibrating=order.calibrating,
        evidence=order.evidence,
        open_devices=engine.open_devices,
        gpu_tests_required=order.course.gpu_tests == "required",
    )


def _judge_all(
    workshop: Workshop, order: Order, submissions: Sequence[Submission], missing: Sequence[int]
) -> Iterator[tuple[int, Grade]]:
    """Grades as they come; several submissions are in flight, so that a slow one holds up no other."""
    width = cores() if order.course.parallel == "auto" else order.course.parallel
    if order.gpus:
        width = len(order.gpus) * order.course.gpu_slots
    pool = ThreadPoolExecutor(max_workers=width)
    try:
        jobs = {pool.submit(judge, workshop, order, submissions[n]): n for n in missing}
        for job in as_completed(jobs):
            yield jobs[job], job.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def judge(workshop: Workshop, order: Order, submission: Submission) -> Grade:
    """The grade of one submission; withheld where the grader died over it."""
    grade = workshop.judge(submission)
    if grade is not None:
        return grade
    message = "The grader failed while judging this submission. Nothing was scored."
    tasks = tuple(
        TaskResult(
            t.id,
            t.title,
            None,
            t.max_points,
            Outcome.GRADER_ERROR,
            message,
            "the grader process died",
        )
        for t in workshop.ready.tasks
    )
    return Grade(
        student=submission.student,
        assignment=order.assignment.name,
        score=None,
        max_score=sum(task.max_points for task in tasks),
        status=Status.WITHHELD,
        official=_is_official(order, workshop.ready.isolation.level),
        tasks=tasks,
        source=submission.source,
        submission_sha256=submission.sha256,
        matched=submission.matched,
    )
