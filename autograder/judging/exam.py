"""One submission before its judge: opened once, then a fresh process per task."""

import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from autograder.judging.seeds import derive
from autograder.records import Outcome, Submission
from autograder.sandbox.session import Session, SubmissionFault, SubmissionUnreadable, Terms
from autograder.sandbox.spawn import Spawner
from autograder.submission.execute import LoadReport
from autograder.submission.flatten import FlatSubmission
from autograder.worker import wire
from autograder.worker.contents import flat_to_wire
from autograder.worker.request import SandboxLimits


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Wall-clock limits in seconds: one call, one cell, all cells, opening what was handed in, one task, all tasks."""

    call_s: float
    cell_s: float
    load_s: float
    intake_s: float
    task_s: float
    submission_s: float


@dataclass(frozen=True, slots=True)
class Rules:
    """What is the same for every submission of a run.

    Attributes:
        entry_points: Every function that the assignment asks for.
        by_hand: Those among them that are to be differentiated without autograd.
        key: Subkey of the assignment's version; never the course secret.
        review_code_kb: A submission whose code and data take more than this, compressed, is for a person to look at.
        evidence: True where staff want to know why each test ended as it did.
    """

    entry_points: tuple[str, ...]
    by_hand: frozenset[str]
    limits: SandboxLimits
    times: TimeLimits
    device: str
    key: bytes = field(repr=False)
    review_code_kb: int | None = None
    evidence: bool = False


#: Processes that wait for their task: enough to hide a start, few enough to cost no memory.
_LOOK_AHEAD = 3


#: More failing cells than this are no help to anybody.
_MOST_NOTES = 60

#: Names travel as text, of which the wire takes 1 MiB: hundreds of long paths would be a message that cannot be sent,
#: which is the grader's own error, and so a way to have one's grade withheld at will.
_MOST_NAME_CHARS = 1 << 18
#: Room in a load request beside the submission, which came out of the sandbox in a message of another form.
_BESIDE_CHARS = 1000


class Exam:
    """One submission before its judge: opened once, then loaded anew for every task.

    Args:
        spawner: Where confined processes come from.
        tasks: Number of tasks; processes for the next ones are asked for ahead, so that their start overlaps.

    Attributes:
        wrote: Entry points that are said to have written into their arguments.
        context_time_s: What opening the GPU took, in all its processes together, in seconds.
        gpu_memory_mb: The most of the GPU's memory that one of them says to have held, in MiB.
    """

    def __init__(self, submission: Submission, spawner: Spawner, rules: Rules, tasks: int) -> None:
        self._submission = submission
        self._spawner = spawner
        self._rules = rules
        self._ahead = tasks - 1  # the process that opens the submission goes on with its first task
        self._started = time.monotonic()
        self._ready: deque[Session] = deque()
        self._finished: list[Session] = []
        self._flat: FlatSubmission | None = None
        self._hopeless: SubmissionFault | None = None
        self.notes: list[str] = []
        self.advice: list[str] = []
        self.reviews: list[str] = []
        self.wrote: set[str] = set()
        self.context_time_s = 0.0
        self.gpu_memory_mb = 0.0

    def open(self) -> None:
        """Has what was handed in unpacked and parsed, inside the sandbox.

        Raises:
            SubmissionFault: Nothing in it could be loaded, or its parsing ended the process.
        """
        names = sum(len(file.name) for file in self._submission.files)
        if names > _MOST_NAME_CHARS:
            reason = f"The names of its files are {names} characters long together, at most {_MOST_NAME_CHARS}."
            raise SubmissionUnreadable(Outcome.MISSING, f"{reason} Hand in the files that matter.")
        session = self._spawn()
        self._prepare()
        try:
            files = {file.name: file.content for file in self._submission.files}
            self._flat = session.flatten(
                files, self._rules.entry_points, time_s=self._rules.times.intake_s
            )
            _check_length(self._flat)
            if not self._flat.cells:
                # An upload that broke off, or the wrong file: no score, rather than a zero.
                reasons = " ".join(["It holds no code that can be run.", *self._flat.notes])
                raise SubmissionUnreadable(Outcome.MISSING, reasons)
        except BaseException:
            session.kill()
            self._finished.append(session)
            raise
        self._weigh(self._flat)
        # No line of the submission has run in it yet: it is as fresh as any for the first task.
        self._ready.appendleft(session)
        self.notes.extend(self._flat.notes)

    def begin(self) -> "TaskRun":
        """A fresh process for the next task."""
        left_s = self._rules.times.submission_s - (time.monotonic() - self._started)
        if left_s <= 0 and self._hopeless is None:
            limit_s = self._rules.times.submission_s
            message = f"All tasks together took longer than {limit_s:g} s; this one was not run."
            self._hopeless = SubmissionFault(Outcome.TIMED_OUT, message, final=True)
        self._prepare()
        session = self._ready.popleft() if self._ready else self._spawn()
        return TaskRun(self, session)

    def close(self) -> None:
        """Ends what was started ahead, and waits until all of it is gone."""
        for session in self._ready:
            session.kill()
        for session in (*self._finished, *self._ready):
            session.usage()
        if self._rules.limits.gpu:
            self.advice.append(
                f"GPU: opened in {self.context_time_s:.2f} s for all tasks together; its code held "
                f"{self.gpu_memory_mb:.0f} MiB at most, as its processes say, beside their contexts."
            )

    def _weigh(self, flat: FlatSubmission) -> None:
        """Has a person look at a submission that is large enough to bring trained weights along.

        Compressed, because code shrinks to a fifth and weights do not, whatever they are dressed up as.
        """
        limit_kb = self._rules.review_code_kb
        if limit_kb is None:
            return
        packed = zlib.compressobj()
        code = [*(cell.source for cell in flat.cells), *(source for _, source in flat.modules)]
        parts = [text.encode("utf-8", "replace") for text in code]
        parts += [content for _, content in flat.data_files]
        size = sum(len(packed.compress(part)) for part in parts) + len(packed.flush())
        if size > limit_kb * 1024:
            self.reviews.append(
                f"Its code and data take {size / 1024:.0f} KiB compressed, above review_code_kb: {limit_kb}. "
                "Are trained weights among them?"
            )

    def _prepare(self) -> None:
        while self._ahead > 0 and len(self._ready) < _LOOK_AHEAD and self._hopeless is None:
            self._ahead -= 1
            self._ready.append(self._spawn())

    def _spawn(self) -> Session:
        return Session(self._spawner.spawn(self._rules.limits))

    def load(self, session: Session) -> LoadReport:
        """Loads the submission into a task's process.

        Raises:
            SubmissionFault: The process overran or ended; then it will for every other task as well.
        """
        if self._hopeless is not None:
            raise self._hopeless
        assert self._flat is not None, "open() comes first"
        times = self._rules.times
        try:
            if self._rules.limits.gpu:
                self.context_time_s += session.open_gpu()
            report = session.load(
                self._flat,
                cell_time_s=times.cell_s,
                time_s=times.load_s,
                device=self._rules.device,
            )
        except SubmissionFault as fault:
            message = f"While your file was being run: {fault.message}"
            self._hopeless = SubmissionFault(
                fault.outcome, message, fault.staff_message, final=True
            )
            raise self._hopeless from None
        for failure in report.failures:
            note = f"{failure.label} {_FAILURES[failure.kind]}; the rest was run."
            if len(self.notes) < _MOST_NOTES and note not in self.notes:
                self.notes.append(note)
                self.advice.append(f"{failure.label}: {failure.exception}: {failure.message}")
        return report

    def explain_missing(self, name: str, report: LoadReport) -> SubmissionFault:
        """Why an entry point is not there: never written, or its cell failed."""
        for failure in report.failures:
            if name in failure.names:
                outcome = Outcome.TIMED_OUT if failure.kind == "timed_out" else Outcome.RAISED
                message = f"{failure.label}, which defines {name}, {_FAILURES[failure.kind]}."
                return SubmissionFault(outcome, message, f"{failure.exception}: {failure.message}")
        message = f"There is no {name} in your submission. Is its name spelled as in the handout?"
        return SubmissionFault(Outcome.MISSING, message)

    @property
    def rules(self) -> Rules:
        """What is the same for every submission of the run."""
        return self._rules


def _check_length(flat: FlatSubmission) -> None:
    """Refuses what the wire took on its way out of the sandbox and would not take on its way in.

    Raises:
        SubmissionUnreadable: It is too long.
    """
    try:
        wire.encode({"flat": flat_to_wire(flat), "beside": " " * _BESIDE_CHARS})
    except wire.WireError:
        reason = "It holds more code than can be run: about a megabyte. Leave out data and outputs."
        raise SubmissionUnreadable(Outcome.MISSING, reason) from None


_FAILURES = {"raised": "failed with an exception", "timed_out": "took too long and was interrupted"}


class TaskRun:
    """One task of one submission: one process, loaded at the first call."""

    def __init__(self, exam: Exam, session: Session) -> None:
        self._exam = exam
        self._session = session
        self._report: LoadReport | None = None
        self._device = exam.rules.device
        self._until = time.monotonic() + exam.rules.times.task_s

    def compute_on(self, device: str | None) -> None:
        """Where the calls of the next test compute: where it asks for, else where the run does.

        A test that asks for "cuda" asks how the submission handles devices: nothing is placed for it.
        """
        asked = "cuda alone" if device == "cuda" else device
        self._device = asked or self._exam.rules.device

    def hurry(self, time_s: float) -> None:
        """Leaves the task no more than this from now on."""
        self._until = min(self._until, time.monotonic() + time_s)

    def call(self, test_id: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Calls an entry point in this task's process.

        Raises:
            SubmissionFault: What the submission did instead of returning a value.
        """
        rules = self._exam.rules
        report = self._loaded()
        try:
            answer = self._session.call(name, args, kwargs, **self._terms(test_id))
        except SubmissionFault as fault:
            if fault.outcome is Outcome.MISSING:
                raise self._exam.explain_missing(name, report) from None
            raise
        if answer.wrote:
            self._exam.wrote.add(name)
        self._exam.gpu_memory_mb = max(self._exam.gpu_memory_mb, answer.gpu_memory_mb)
        if answer.autograd and name in rules.by_hand:
            review = f"{name}: autograd's engine ran during the call, where by hand was asked (cannot be proven)"
            if review not in self._exam.reviews:
                self._exam.reviews.append(review)
        return answer.value

    def verb(
        self, test_id: str, handle: int, verb: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Does something with an object that stays in this task's process.

        Raises:
            SubmissionFault: What the submission did instead of returning a value.
        """
        self._loaded()
        return self._session.verb(handle, verb, args, kwargs, **self._terms(test_id)).value

    def give(self, test_id: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Has a model or an optimiser made in this task's process.

        Raises:
            SubmissionFault: What the submission did instead of letting it be made.
        """
        self._loaded()
        return self._session.give(name, args, kwargs, **self._terms(test_id)).value

    def _loaded(self) -> LoadReport:
        if self._report is None:
            self._report = self._exam.load(self._session)
        return self._report

    def _terms(self, test_id: str) -> Terms:
        rules = self._exam.rules
        left_s = self._until - time.monotonic()
        # What the submission's own generator is seeded with is visible to it, so it comes from a stream of its own.
        seed = int.from_bytes(derive(rules.key, test_id, "submission's generator")[:4], "big")
        return {
            "seed": seed,
            "device": self._device,
            "time_s": max(0.01, min(rules.times.call_s, left_s)),
        }

    def end(self) -> Session:
        """Kills the process. Returns its session, to be asked for the usage when it is gone."""
        self._session.kill()
        return self._session
