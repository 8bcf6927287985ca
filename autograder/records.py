"""The frozen data that crosses layers: submissions, outcomes, grades and the record of a run.

Knows no file format, no database and no sandbox. The words are the contract's, one meaning each.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final, Literal


class Outcome(StrEnum):
    """What became of one task. `GRADER_ERROR` is our fault, `PENDING` waits for a person to grade it."""

    PASSED = "passed"
    PARTIAL = "partial"
    WRONG = "wrong"
    MISSING = "missing"
    NOT_IMPLEMENTED = "not_implemented"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    SKIPPED = "skipped"
    GRADER_ERROR = "grader_error"
    PENDING = "pending"


class Status(StrEnum):
    """What a grade is worth as a whole."""

    GRADED = "graded"
    UNGRADABLE = "ungradable"
    NEEDS_REVIEW = "needs_review"
    WITHHELD = "withheld"
    OVERRIDDEN = "overridden"
    PENDING = "pending"


class Isolation(StrEnum):
    """How a submission is kept apart, strongest first. `PROCESS` is no isolation: always unofficial."""

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    UID = "uid"
    PROCESS = "process"

    def satisfies(self, required: "Isolation") -> bool:
        """True where this level is at least as strong as the one that the course requires."""
        order = list(Isolation)
        return order.index(self) <= order.index(required)


@dataclass(frozen=True, slots=True)
class HandedInFile:
    """One regular file as handed in: unparsed bytes under a relative name. Both are the student's data."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Submission:
    """What one student handed in.

    Attributes:
        student: Identifier from the roster, or the file's stem where there is no roster.
        source: Name of the file or folder below SUBMISSIONS, for messages.
        files: The files in it, sorted by name.
        sha256: Hash over names and contents.
        refused: Why it was not even opened (too large, a device file, ...); empty where it was.
        matched: False where a roster was given and the name is not in it: graded, but held apart.
    """

    student: str
    source: str
    files: tuple[HandedInFile, ...]
    sha256: str
    refused: str = ""
    matched: bool = True


@dataclass(frozen=True, slots=True)
class TaskInfo:
    """A task of an assignment as the hidden suite and assignment.yml define it."""

    id: str
    title: str
    max_points: float


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What became of one task of one submission.

    Attributes:
        points: None where the grader is at fault, or a person has not graded yet: never zero, never full.
        message: Our own words only; safe to show to the student.
        staff_message: May quote the submission (sanitised): for staff.
        time_s: Wall time of the task, sandbox included.
        student_time_s: CPU time of the student's own process, as the kernel counted it.
    """

    id: str
    title: str
    points: float | None
    max_points: float
    outcome: Outcome
    message: str
    staff_message: str = ""
    time_s: float = 0.0
    student_time_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One value that a hidden test compared, for staff.

    Attributes:
        place: Which of several returned values it is; empty where there is one.
        strain: The worst error in units of what was allowed: above 1 the value is wrong.
        dtype: Of what came, as it came: "float32".
        got: The values, shortened.
        expected: The values, shortened.
    """

    place: str
    strain: float
    dtype: str
    rtol: float
    atol: float
    got: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One thing that a hidden test asked of a submission, for staff: what went over, and what came back."""

    request: str
    answer: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a hidden test measured where luck has a part, such as an accuracy: one value for each try.

    Attributes:
        threshold: What one of the values has to reach; None while it is being calibrated.
    """

    name: str
    values: tuple[float, ...]
    threshold: float | None


@dataclass(frozen=True, slots=True)
class TestEvidence:
    """Why a hidden test ended as it did: for staff, made on demand, kept nowhere."""

    __test__: ClassVar[bool] = False  # pytest would collect it for its name

    test: str
    task: str
    outcome: Outcome
    message: str
    staff_message: str
    time_s: float
    exchanges: tuple[Exchange, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    diagnosis: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of one submission.

    Attributes:
        score: Sum of the tasks' points; None where the grade is withheld or pending.
        notes: For the student: cells that failed, names defined twice, which file was taken. Our own words and line
            numbers only.
        advice: For staff: what cannot be proven, such as autograd where by hand was asked.
        evidence: How each test ended and why, where it was asked for. The store does not keep it: it can be had again
            by judging again.
    """

    student: str
    assignment: str
    score: float | None
    max_score: float
    status: Status
    official: bool
    tasks: tuple[TaskResult, ...]
    notes: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    source: str = ""
    submission_sha256: str = ""
    matched: bool = True
    time_s: float = 0.0
    evidence: tuple[TestEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotation:
    """Points that a person gave for a manual task.

    Attributes:
        assignment_version: The version when they were given.
        max_points: What the task was worth then.
        by: Who gave them.
        why: The reason; its student reads it.
        made_at: ISO 8601 time in UTC.
        submission_sha256: The student's latest attempt at that time.
    """

    assignment: str
    assignment_version: str
    student: str
    task: str
    points: float
    max_points: float
    by: str
    why: str
    made_at: str
    submission_sha256: str


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A piece of what a student handed in for a manual task: all of it is the student's data.

    Attributes:
        place: The file, and which of its cells.
        kind: A written text, code, what code printed, a picture (PNG or JPEG), or why there is none: our own words.
        text: Of everything but a picture.
    """

    place: str
    kind: Literal["text", "code", "printed", "picture", "fault"]
    text: str = ""
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """One forbidden thing that the canary tried.

    Attributes:
        blocked: True where the sandbox stopped it.
        detail: What the attempt met, for example "EPERM".
        unproven: Why it could not be done without the sandbox either, so that being stopped proves nothing; empty
            where it could.
    """

    name: str
    blocked: bool
    detail: str
    unproven: str = ""


@dataclass(frozen=True, slots=True)
class IsolationRecord:
    """The isolation of a run, as the canary found it.

    Attributes:
        open_devices: Device files that submissions could use, such as a GPU's. Its driver is a large part of the kernel
            that takes their orders: a run with any is isolated less than its level says.
    """

    level: Isolation
    required: Isolation
    engine: str
    probes: tuple[ProbeResult, ...]
    open_devices: tuple[str, ...] = ()

    def canary_in_words(self) -> str:
        """What the canary has shown, for a person; empty where there was none."""
        if not self.probes:
            return ""
        proven = [probe for probe in self.probes if not probe.unproven]
        blocked = sum(probe.blocked for probe in proven)
        words = f"{blocked} of {len(proven)} proven canary probes blocked"
        unproven = [probe.name for probe in self.probes if probe.unproven]
        if unproven:
            words += (
                f", {len(unproven)} unproven here ({', '.join(unproven)}: "
                "not to be had without the sandbox either)"
            )
        return words


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Everything needed to explain a grade later: versions, hashes, isolation, device.

    Attributes:
        started_at: ISO 8601 time in UTC.
    """

    run_id: str
    started_at: str
    assignment: str
    assignment_version: str
    assignment_sha256: str
    settings_sha256: str
    device: str
    official: bool
    isolation: IsolationRecord
    versions: tuple[tuple[str, str], ...]


#: Stands for an error where none is allowed, and for a measurement that is no number: JSON knows no infinity, and a
#: grade that cannot be sent would be withheld.
BEYOND: Final = 1e12

#: Version of grades.json; raised whenever a reader of the old one would stumble.
SCHEMA_VERSION: Final = 1
