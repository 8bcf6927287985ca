"""`autograder gradescope`: what a bundle runs in Gradescope's container, from its folders to its results.json.

A valid results.json without a score is there before anything can fail, and is replaced as a whole: whenever the
container is stopped, what is there says the truth.
"""

import os
import sys
import threading
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.datasets.mnist import CACHE_VARIABLE
from autograder.errors import AutograderError, GraderError
from autograder.judging.seeds import KEY_BYTES
from autograder.records import Status
from autograder.reporting import gradescope as reports
from autograder.reporting.files import write_atomically
from autograder.running import container
from autograder.running.alone import grade_alone
from autograder.running.batch import Order
from autograder.running.collect import collect_one
from autograder.running.data import prepared_data
from autograder.settings.assignment import load_assignment
from autograder.settings.bundle_layout import COURSE, DATA, KEY
from autograder.settings.course import load_course

#: So long before the container is ended a run that is not over is given up: otherwise it would be a score of 0.
_MARGIN_S: Final = 20.0


class _User(BaseModel):
    """One of those who handed in; the rest of it is nobody's business here."""

    model_config = ConfigDict(frozen=True)

    email: str = Field(min_length=1, max_length=320)


class _Metadata(BaseModel):
    """submission_metadata.json, as far as it is read."""

    model_config = ConfigDict(frozen=True)

    users: list[_User] = Field(min_length=1, max_length=100)


class _Results:
    """results.json: replaced as a whole, and by nobody once it is final."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._final = False

    def write(self, content: bytes, *, final: bool = False) -> bool:
        """Writes it, unless a final one is there; says whether it was written."""
        with self._lock:
            if self._final:
                return False
            write_atomically(self._path, content)
            self._final = final
            return True


class _Alarm:
    """Gives up shortly before the container is ended."""

    def __init__(self, results: _Results, time_s: float) -> None:
        self._timer = threading.Timer(time_s, self._give_up)
        self._timer.daemon = True
        self._results = results
        self._time_s = time_s

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _give_up(self) -> None:
        why = (
            f"Given up after {self._time_s:.0f} s, before the platform ends the container and scores 0. Give it more "
            "time or cores in its settings, and say so under `gradescope:` in grading.yml."
        )
        if self._results.write(reports.not_graded(why), final=True):
            sys.stdout.write(f"{why}\n")
            sys.stdout.flush()
            os._exit(GraderError.exit_code)  # every other process of the run dies with this one


def gradescope_command(assignment: str, root: Path, started: float | None = None) -> int:
    """Grades the submission in `root`/submission with the bundle in `root`/source.

    Args:
        assignment: Its name in the bundle.
        root: Gradescope's /autograder.
        started: By `time.monotonic`; now where it is None.

    Returns:
        The exit code: 0, or 3 where there is no grade.
    """
    started = time.monotonic() if started is None else started
    results = _Results(root / "results" / "results.json")
    results.write(reports.not_graded(words=reports.STOPPED))
    container.be_last_to_go()
    try:
        return _grade(assignment, root, results, started)
    except AutograderError as error:
        why = str(error)
    except Exception:  # noqa: BLE001  # whatever it is, it is not the student's fault
        why = traceback.format_exc()
    results.write(reports.not_graded(why), final=True)
    sys.stdout.write(f"Not graded: {why}\n")
    return GraderError.exit_code


def _grade(assignment: str, root: Path, results: _Results, started: float) -> int:
    source = root / "source"
    course = load_course(source / COURSE)
    about = load_assignment(source / COURSE, assignment)
    chosen = course.gradescope
    found = container.look(container.Container(chosen.memory_mb, chosen.cores, chosen.time_s))
    allowance = container.fit(
        course.limits.overridden_by(about.limits),
        found,
        container.MNIST_MB if "mnist" in about.data else 0,
    )
    with _Alarm(results, max(1.0, chosen.time_s - _MARGIN_S)):
        data = prepared_data(
            source / COURSE,
            course,
            about,
            {CACHE_VARIABLE: str(source / DATA)},
            _say,
        )
        order = Order(
            source / COURSE,
            course.model_copy(update={"limits": allowance.limits}),
            about.model_copy(update={"limits": None}),
            isolation=None,
            device="cpu",
            data=data,
        )
        submission = collect_one(root / "submission", _student(root), order.limits.submission_mb)
        run, grade = grade_alone(
            order,
            submission,
            key=_key(source / KEY),
            now=datetime.now(UTC),
            ready=lambda: _say("Ready; judging."),
        )
    seen = ", ".join(found.seen) or "neither memory nor cores"
    remarks = [
        f"container: {found.memory_mb} MB, {found.cores:g} cores, {found.time_s:g} s; seen of it: {seen}",
        *allowance.remarks,
    ]
    staff = reports.staff_text(run, grade, remarks)
    results.write(reports.graded(run, grade, staff, time.monotonic() - started), final=True)
    _say(staff)
    return GraderError.exit_code if grade.status is Status.WITHHELD else 0


def _say(line: str) -> None:
    """For staff: Gradescope shows what is printed to nobody else."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _student(root: Path) -> str:
    """Who handed in, by the platform's word alone; a group is all of them.

    Raises:
        GraderError: The platform does not say.
    """
    path = root / "submission_metadata.json"
    try:
        metadata = _Metadata.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        message = f"{path}: it does not say who handed in: {error}"
        raise GraderError(message) from None
    return ", ".join(sorted(user.email for user in metadata.users))


def _key(path: Path) -> bytes:
    """The key of the assignment's version.

    Raises:
        GraderError: It is not there, or is none.
    """
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError) as error:
        message = f"{path}: the key of this assignment's version cannot be read: {error}"
        raise GraderError(message) from None
    if len(key) != KEY_BYTES:
        message = f"{path}: a key has {KEY_BYTES} bytes, got {len(key)}; make the bundle again"
        raise GraderError(message)
    return key
