"""`autograder grade`: settings, submissions, grading, files."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from autograder.cli.orders import STORE, order_for
from autograder.cli.progress import GradingProgress
from autograder.cli.versions import states_of_this_version
from autograder.errors import CourseError
from autograder.judging.by_hand import with_manual_tasks
from autograder.records import Grade, Isolation, Status, TaskInfo
from autograder.reporting.files import write_feedback
from autograder.reporting.grades_csv import write_csv
from autograder.reporting.grades_json import write_json
from autograder.reporting.table import grade_table
from autograder.reporting.text import visible
from autograder.reporting.words import number, so_far
from autograder.running.batch import Graded, Order, grade_class
from autograder.running.collect import collect
from autograder.running.fingerprint import assignment_sha256
from autograder.running.judges import states_to_json
from autograder.settings.course import COURSE_FILE
from autograder.settings.roster import Roster, load_roster
from autograder.store.annotations import annotations
from autograder.store.database import Store
from autograder.store.judged import remember_files


def grade_command(
    assignment: str,
    submissions: Path,
    out: Path,
    *,
    device: str | None,
    isolation: Isolation | None,
    roster: Path | None,
    course: Path | None,
    store: Path | None,
    again: bool,
) -> int:
    """Grades a class and writes grades.csv, grades.json and one feedback text per student.

    Returns:
        The exit code: 0, 3 where a grade is withheld, or 130 where the run was interrupted.
    """
    _check_places(submissions, out)
    console = Console(stderr=True)
    order = order_for(
        assignment,
        course=course,
        device=device,
        isolation=isolation,
        console=console,
        again=again,
    )
    students = load_roster(roster) if roster else None
    collected = collect(submissions, students, order.limits.submission_mb)
    with Store.open(store or order.root / STORE) as kept:
        states = states_of_this_version(order.root, order.assignment, kept)
        remember_files(
            kept, assignment_sha256(order.root, order.assignment), states_to_json(states)
        )
        secret = kept.secret(lambda: secrets.token_bytes(32))
        with GradingProgress(console) as watcher:
            try:
                graded = grade_class(
                    order, collected, kept, secret=secret, now=datetime.now(UTC), watcher=watcher
                )
            except KeyboardInterrupt:
                watcher.interrupted()
                return 130
        graded = _with_manual_tasks(order, graded, kept)
    _write(out, graded, order.assignment.title, with_roster=students is not None)
    code = _tell(graded, out)
    if students is not None:
        _tell_of_roster(students, graded.grades)
    return code


def _with_manual_tasks(order: Order, graded: Graded, store: Store) -> Graded:
    """The grades with what people have decided by now; the store keeps the two apart."""
    about = order.assignment
    manual = [TaskInfo(task, one.title, one.points) for task, one in about.manual.items()]
    given = annotations(store, about.name) if manual else ()
    return replace(
        graded, grades=tuple(with_manual_tasks(grade, manual, given) for grade in graded.grades)
    )


def _check_places(submissions: Path, out: Path) -> None:
    """Refuses folders that a hurried person mixes up, before anything is graded.

    Raises:
        CourseError: SUBMISSIONS is a course, `out` is a file, or the one lies in the other.
    """
    if (submissions / COURSE_FILE).exists():
        message = (
            f"{submissions}: this is a course, for it holds {COURSE_FILE}; "
            "SUBMISSIONS holds one file or folder per student."
        )
        raise CourseError(message)
    if out.exists() and not out.is_dir():
        message = f"--out {out}: this is a file, expected a folder; nothing was graded."
        raise CourseError(message)
    if out.resolve().is_relative_to(submissions.resolve()):
        message = f"--out {out}: it lies in {submissions}, where the next run would take it for a student's."
        raise CourseError(message)


def _write(out: Path, graded: Graded, title: str, *, with_roster: bool) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = (
            f"--out {out}: {error.strerror}. The grades are in the store; name another folder."
        )
        raise CourseError(message) from None
    tasks = [TaskInfo(t.id, t.title, t.max_points) for t in graded.grades[0].tasks]
    write_csv(out / "grades.csv", graded.grades, tasks, roster=with_roster)
    write_json(out / "grades.json", graded.run, graded.grades)
    write_feedback(out / "feedback", graded.grades, title)


def _tell_of_roster(roster: Roster, grades: Sequence[Grade]) -> None:
    """Lists who handed in nothing, and what belongs to nobody: both are for a person to look at."""
    console = Console()
    ids = {grade.student for grade in grades}
    absent = [student.id for student in roster.students if student.id not in ids]
    unknown = [grade.student for grade in grades if not grade.matched]
    for words, names in (
        ("In the roster, but nothing handed in", absent),
        ("Handed in, but not in the roster (graded, held apart)", unknown),
    ):
        if names:
            shown = ", ".join(visible(name) for name in names)
            console.print(f"{words}: {len(names)}: {shown}", markup=False, highlight=False)


def _tell(graded: Graded, out: Path) -> int:
    console = Console()
    console.print(grade_table(graded.grades, console.width))
    run = graded.run
    canary = run.isolation.canary_in_words()
    console.print(
        f"Isolation: {run.isolation.level} ({run.isolation.engine}){', ' if canary else ''}{canary}.",
        highlight=False,
    )
    if run.isolation.open_devices:
        console.print(
            f"Weaker than that: submissions could use {', '.join(run.isolation.open_devices)} (docs/security.md, GPU).",
            highlight=False,
        )
    if not run.official:
        console.print(
            "[bold]UNOFFICIAL[/]: there was less isolation than grading.yml requires "
            f"({run.isolation.required}); a submission could have read the tests or forged its result."
        )
    console.print(
        f"Written: {out}/grades.csv, {out}/grades.json, {out}/feedback/",
        highlight=False,
        markup=False,
    )
    _tell_of_pending(console, graded)
    withheld = [grade.student for grade in graded.grades if grade.status is Status.WITHHELD]
    if withheld:
        console.print(
            f"Withheld, and not by the students' fault: {len(withheld)}. staff_message in grades.json says why: "
            "where a hidden test is at fault, mend it in a new version; then run the same command again.",
            highlight=False,
        )
        return 3
    return 0


def _tell_of_pending(console: Console, graded: Graded) -> None:
    waiting = [grade for grade in graded.grades if grade.status is Status.PENDING]
    if waiting:
        points = max(so_far(grade)[1] for grade in waiting)
        console.print(
            f"Pending: {len(waiting)}, for whom up to {number(points)} of the points are graded by hand; there is no "
            f"score until they are. `autograder annotate {graded.run.assignment} --todo` lists who waits.",
            highlight=False,
            markup=False,
        )
