"""`autograder explain`: why a student has this grade, by judging the same work again with the same draws. For staff."""

import json
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console

from autograder.cli.orders import STORE, order_for
from autograder.errors import CourseError
from autograder.records import Grade, Isolation, Outcome, Submission, TestEvidence
from autograder.reporting.files import write_atomically
from autograder.reporting.text import clean, visible
from autograder.reporting.words import number
from autograder.running.batch import Watcher, grade_class
from autograder.running.collect import collect
from autograder.settings.documents import did_you_mean
from autograder.settings.roster import load_roster
from autograder.store.database import Store

_LIMIT: Final = 4000


def explain_command(
    assignment: str,
    student: str,
    submissions: Path,
    *,
    task: str | None,
    everything: bool,
    json_out: Path | None,
    device: str | None,
    isolation: Isolation | None,
    roster: Path | None,
    course: Path | None,
    store: Path | None,
) -> int:
    """Judges one student's work again and prints the evidence of each test.

    Returns:
        The exit code: 0, or 3 where the grade is withheld or is not the one in the store.
    """
    progress = Console(stderr=True)
    order = order_for(
        assignment, course=course, device=device, isolation=isolation, console=progress
    )
    if task is not None and task not in order.assignment.tasks:
        tasks = list(order.assignment.tasks)
        message = f"--task {task}: there is no such task; there are {', '.join(tasks)}.{did_you_mean(task, tasks)}"
        raise CourseError(message)
    students = load_roster(roster) if roster else None
    submission = _one(
        collect(submissions, students, order.limits.submission_mb), student, submissions
    )
    with Store.open(store or order.root / STORE) as kept:
        secret = kept.secret(lambda: secrets.token_bytes(32))
        before = kept.history(order.assignment.name, submission.student)
    with (
        tempfile.TemporaryDirectory(prefix="autograder-") as folder,
        Store.open(Path(folder) / "store.sqlite") as nowhere,
    ):
        graded = grade_class(
            replace(order, evidence=True),
            [submission],
            nowhere,
            secret=secret,
            now=datetime.now(UTC),
            watcher=Watcher(),
        )
    (grade,) = graded.grades
    console = Console(highlight=False)
    _print(console, grade, task, everything)
    if json_out is not None:
        text = json.dumps([asdict(e) for e in grade.evidence], indent=2, default=str)
        write_atomically(json_out, text.encode())
        console.print(f"Written: {json_out}", markup=False)
    same = _compare(console, grade, before)
    return 0 if same and grade.score is not None else 3


def _one(submissions: Sequence[Submission], student: str, where: Path) -> Submission:
    """The submission of this student.

    Raises:
        CourseError: There is none; suggests the nearest name.
    """
    for submission in submissions:
        if student in (submission.student, submission.source):
            return submission
    names = [submission.student for submission in submissions]
    message = f'{where}: nothing is handed in by "{student}".{did_you_mean(student, names)}'
    raise CourseError(message)


def _print(console: Console, grade: Grade, task: str | None, everything: bool) -> None:
    score = "none" if grade.score is None else number(grade.score)
    console.print("For staff only: this holds hidden inputs and expected values.", style="bold")
    console.print(
        f"{visible(grade.student)}: {score} of {number(grade.max_score)} points, {grade.status}",
        markup=False,
    )
    for advice in (*grade.notes, *grade.advice):
        console.print(f"  note: {clean(advice)}", markup=False)
    for evidence in grade.evidence:
        if task is not None and evidence.task != task:
            continue
        console.print(f"\n{evidence.task} {evidence.test}: {evidence.outcome}", markup=False)
        if everything or evidence.outcome is not Outcome.PASSED:
            for line in _lines(evidence):
                console.print(f"  {clean(line, _LIMIT)}", markup=False, soft_wrap=True)


def _lines(evidence: TestEvidence) -> Sequence[str]:
    lines = [
        line
        for exchange in evidence.exchanges
        for line in (f"asked     {exchange.request}", f"answered  {exchange.answer}")
    ]
    for compared in evidence.comparisons:
        place = f"{compared.place}: " if compared.place else ""
        verdict = "within" if compared.strain <= 1 else "beyond"
        lines += [
            f"compared  {place}got {compared.got} ({compared.dtype})",
            f"          {place}expected {compared.expected}",
            f"          {compared.strain:.3g} of what is allowed, {verdict} it (rtol {compared.rtol:g}, "
            f"atol {compared.atol:g})",
        ]
    lines += [
        f"measured  {m.name}: {', '.join(f'{value:.4f}' for value in m.values)}; threshold {m.threshold}"
        for m in evidence.measurements
    ]
    if evidence.staff_message:
        lines.append(f"verdict   {evidence.staff_message}")
    if evidence.diagnosis:
        lines.append(f"diagnosis {evidence.diagnosis}")
    if evidence.message:
        lines.append(f"student   {evidence.message}")
    return lines


def _compare(console: Console, grade: Grade, before: Sequence[Grade]) -> bool:
    """Says whether the store's latest grade of the same work is the same; True where it has none."""
    same_work = [old for old in before if old.submission_sha256 == grade.submission_sha256]
    if not same_work:
        console.print("\nThe store has no grade of this work to compare with.")
        return True
    old = same_work[-1]
    found, kept = (
        [(task.id, task.outcome, task.points) for task in one.tasks] for one in (grade, old)
    )
    if found == kept:
        console.print("\nThe same outcomes and points as in the store.")
        return True
    for (name, now, _), (_, then, _) in zip(found, kept, strict=False):
        if now != then:
            console.print(f"\nTask {name} is {now} now and {then} in the store.", markup=False)
    console.print(
        "Not the grade in the store: has the suite, the reference or a setting changed since?"
    )
    return False
