"""`autograder annotate`: points that people give, who waits for them, and what was given before."""

import math
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from autograder.authoring.manual import rubric_path
from autograder.cli.orders import STORE
from autograder.errors import CourseError
from autograder.judging.by_hand import concern, latest
from autograder.records import Annotation, Submission
from autograder.reporting.answers_page import Waiting, answers_page
from autograder.reporting.files import write_atomically
from autograder.reporting.text import clean, visible
from autograder.reporting.words import number
from autograder.running.answers import answer_of
from autograder.running.collect import collect
from autograder.settings.assignment import Assignment, load_assignment
from autograder.settings.course import find_course, load_course
from autograder.settings.documents import did_you_mean, read_text
from autograder.settings.roster import load_roster
from autograder.store.annotations import annotations, latest_submissions, record_annotation
from autograder.store.database import Store

_MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the command works with."""

    root: Path
    about: Assignment
    store: Store
    console: Console

    @property
    def submissions(self) -> Mapping[str, str]:
        """Everybody who was graded, with the hash of what they handed in last."""
        return latest_submissions(self.store, self.about.name)


def annotate_command(
    assignment: str,
    student: str | None,
    task: str | None,
    *,
    points: float | None,
    by: str | None,
    why: str | None,
    todo: bool,
    show: bool,
    submissions: Path | None,
    answers: Path | None,
    roster: Path | None,
    course: Path | None,
    store: Path | None,
) -> int:
    """Records points for a student's manual task, or lists them, or lists who waits.

    Returns:
        The exit code, 0.
    """
    given = (student, task, points, by, why)
    with _desk(assignment, course, store) as desk:
        if (
            todo
            and not show
            and given == (None,) * 5
            and (submissions is None) == (answers is None)
        ):
            _list_waiting(desk, submissions, answers, roster)
        elif show and not todo and given[1:] == (None,) * 4 and submissions is answers is None:
            _list_given(desk, student)
        elif todo or show or submissions or answers or roster:
            _refuse_combination()
        elif student and task and points is not None and by is not None and why is not None:
            _record(desk, student, task, points, by.strip(), why.strip())
        else:
            _refuse_combination()
    return 0


def _refuse_combination() -> NoReturn:
    message = (
        "annotate takes one of three forms:\n"
        "  autograder annotate ASSIGNMENT STUDENT TASK --points P --by WHO --why TEXT\n"
        "  autograder annotate ASSIGNMENT --todo [--submissions FOLDER --answers FILE.html]\n"
        "  autograder annotate ASSIGNMENT [STUDENT] --show\n"
        "Nothing was recorded."
    )
    raise CourseError(message)


@contextmanager
def _desk(assignment: str, course: Path | None, store: Path | None) -> Iterator[_Desk]:
    root = find_course(course or Path.cwd())
    about = load_assignment(root, assignment)
    if not about.manual:
        message = f"{about.name}: no task is graded by hand; assignment.yml lists such tasks under `manual:`."
        raise CourseError(message)
    path = store or root / STORE
    if not path.is_file():
        message = f"{path}: there is no store yet; grade {about.name} first, then annotate."
        raise CourseError(message)
    with Store.open(path) as kept:
        yield _Desk(root, about, kept, Console(highlight=False))


def _record(desk: _Desk, student: str, task: str, points: float, by: str, why: str) -> None:
    about = desk.about
    graded = desk.submissions
    if student not in graded:
        message = (
            f'"{visible(student)}": nobody of this name was graded in {about.name}; expected the student\'s id, '
            f"as in grades.csv.{did_you_mean(student, graded)}"
        )
        raise CourseError(message)
    _check_task(about, task)
    most = about.manual[task].points
    if not (math.isfinite(points) and 0 <= points <= most):
        message = f"--points {points:g}: task {task} gives 0 to {number(most)} points."
        raise CourseError(message)
    for option, words in (("--by", by), ("--why", why)):
        if not clean(words).strip() or len(words) > _MOST_WORDS:
            message = f"{option}: expected some words, at most {_MOST_WORDS} characters."
            raise CourseError(message)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    before = latest(annotations(desk.store, about.name)).get((student, task))
    record_annotation(
        desk.store,
        Annotation(
            about.name, about.version, student, task, points, most, by, why, now, graded[student]
        ),
    )
    superseded = f", in place of {number(before.points)} by {clean(before.by)}" if before else ""
    _say(
        desk,
        f"{visible(student)}, task {task}: {number(points)} of {number(most)} points{superseded}. "
        "The next `autograder grade` writes it into the grades.",
    )


def _check_task(about: Assignment, task: str) -> None:
    if task in about.manual:
        return
    listed = ", ".join(about.manual)
    if task in about.tasks:
        message = f"task {task} is graded by hidden tests; graded by hand: {listed}."
    else:
        message = f'there is no task "{visible(task)}"; graded by hand: {listed}.{did_you_mean(task, about.manual)}'
    raise CourseError(message)


def _list_given(desk: _Desk, student: str | None) -> None:
    every = annotations(desk.store, desk.about.name)
    counting, graded = latest(every), desk.submissions
    listed = [one for one in every if student in (None, one.student)]
    for one in listed:
        words = (
            f"{visible(one.student)}, task {one.task}: {number(one.points)} of {number(one.max_points)} points by "
            f"{clean(one.by)}, {one.made_at}, version {one.assignment_version}: {clean(one.why)}"
        )
        if counting[one.student, one.task] is not one:
            words += " [superseded]"
        elif one.task in desk.about.manual:
            most = desk.about.manual[one.task].points
            about = concern(one, most, graded.get(one.student, ""))
            words += f" [{about}]" if about else ""
        _say(desk, words)
    if not listed:
        _say(desk, "No points were given by hand yet.")


def _list_waiting(
    desk: _Desk, submissions: Path | None, answers: Path | None, roster: Path | None
) -> None:
    counting = latest(annotations(desk.store, desk.about.name))
    waiting: list[tuple[str, str, str]] = []
    for task, about in desk.about.manual.items():
        for student, sha256 in desk.submissions.items():
            one = counting.get((student, task))
            remark = concern(one, about.points, sha256) if one is not None else ""
            if one is None or remark:
                waiting.append((student, task, remark))
    for student, task, remark in waiting:
        most = number(desk.about.manual[task].points)
        words = f"{visible(student)}, task {task}, {most} points"
        _say(desk, f"{words}: {remark}" if remark else words)
    fresh = sum(not remark for _, _, remark in waiting)
    _say(desk, f"{fresh} to grade, {len(waiting) - fresh} to look at again.")
    if submissions is not None and answers is not None:
        _write_answers(desk, waiting, submissions, answers, roster)


def _write_answers(
    desk: _Desk,
    waiting: list[tuple[str, str, str]],
    submissions: Path,
    answers: Path,
    roster: Path | None,
) -> None:
    if answers.is_dir() or answers.resolve().is_relative_to(submissions.resolve()):
        message = f"--answers {answers}: expected a file, and not one among the submissions."
        raise CourseError(message)
    students = load_roster(roster) if roster else None
    limit_mb = load_course(desk.root).limits.overridden_by(desk.about.limits).submission_mb
    found = {one.student: one for one in collect(submissions, students, limit_mb)}
    graded = desk.submissions
    rubrics = {
        task: read_text(rubric_path(desk.root, desk.about, task), 256 << 10)
        for task in desk.about.manual
    }
    page = []
    for student, task, remark in waiting:
        submission, about = found.get(student), desk.about.manual[task]
        page.append(
            Waiting(
                student,
                task,
                about.title,
                about.points,
                rubrics[task],
                answer_of(submission, task) if submission else (),
                ". ".join(
                    filter(None, (remark, _remark(submission, graded[student], submissions)))
                ),
                f"autograder annotate {desk.about.name} {shlex.quote(student)} {task} --points ... --by ... --why ...",
            )
        )
    write_atomically(answers, answers_page(desk.about.title, page).encode("utf-8", "replace"))
    _say(desk, f"Written: {answers}")


def _remark(submission: Submission | None, sha256: str, folder: Path) -> str:
    if submission is None:
        return f"nothing of this student lies in {folder}"
    if submission.sha256 != sha256:
        return "not what was graded last: run `autograder grade` before you annotate"
    return ""


def _say(desk: _Desk, words: str) -> None:
    desk.console.print(words, markup=False, soft_wrap=True)
