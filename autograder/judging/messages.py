"""What passes between the command and its suite process: JSON lines, and the handed-in bytes after them.

Both ends are trusted, but the bytes are a submission's and the texts may quote one: nothing is unpickled here either.
Imports no torch, since the command line reads these messages.
"""

import json
import socket
from dataclasses import asdict, dataclass
from typing import Protocol

from pydantic import TypeAdapter

from autograder.errors import GraderError
from autograder.records import Grade, HandedInFile, Isolation, IsolationRecord, Submission, TaskInfo


@dataclass(frozen=True, slots=True)
class SuiteOrder:
    """What a suite process is to prepare.

    Attributes:
        data: Prepared data sets that the suite may read, by name.
        review_code_kb: See `settings.assignment.Assignment`.
        key: Subkey of the assignment's version in hexadecimal; it travels over a socket, never in `argv`.
        zygote: True where a control socket follows the order; else every task starts cold.
        per_student: True where every student's inputs are drawn for them alone.
        calibrating: True where measurements are taken and not judged, see `judging.plugin`.
        evidence: True where grades are to come with their evidence.
        open_devices: Device files that submissions may use, for the record.
        gpu_tests_required: True where a grade is withheld if a test that asks for a GPU finds none.
    """

    assignment: str
    suite: str
    reference: str
    tasks: tuple[TaskInfo, ...]
    entry_points: tuple[str, ...]
    by_hand: tuple[str, ...]
    data: dict[str, str]
    review_code_kb: int | None
    key: str
    device: str
    official: bool
    level: Isolation
    required: Isolation
    engine: str
    zygote: bool
    canary_target: str
    limits: dict[str, int]
    times: dict[str, float]
    per_student: bool = False
    calibrating: bool = False
    evidence: bool = False
    open_devices: tuple[str, ...] = ()
    gpu_tests_required: bool = True


@dataclass(frozen=True, slots=True)
class Ready:
    """The suite is collected and the canary has met its walls."""

    tasks: tuple[TaskInfo, ...]
    isolation: IsolationRecord
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The suite process cannot judge. `fault` is the name of an error class in `autograder.errors`."""

    fault: str
    message: str


ORDER: TypeAdapter[SuiteOrder] = TypeAdapter(SuiteOrder)
ANSWER: TypeAdapter[Ready | Refusal] = TypeAdapter(Ready | Refusal)
GRADE: TypeAdapter[Grade] = TypeAdapter(Grade)

#: One byte that carries the descriptor of the zygote's control socket, right after an order that names one.
ZYGOTE = b"z"
#: One byte that carries the descriptor of a grader's stream.
JUDGE = b"j"


def receive_line(channel: socket.socket) -> bytes:
    """Reads one line, byte by byte: what follows it carries descriptors, which a buffered read would lose.

    Returns:
        The line without its end; empty where the other side has closed the channel.
    """
    line = bytearray()
    while (byte := channel.recv(1)) not in (b"", b"\n"):
        line += byte
    return bytes(line)


class Stream(Protocol):
    """What `socket.makefile("rwb")` gives."""

    def read(self, size: int, /) -> bytes:
        """Reads exactly `size` bytes, unless the other side has closed."""

    def readline(self) -> bytes:
        """Reads one line with its end."""

    def write(self, data: bytes, /) -> int:
        """Writes all of `data` to the buffer."""

    def flush(self) -> None:
        """Sends the buffer."""


def write_submission(stream: Stream, submission: Submission, gpu: str = "") -> None:
    """Writes a submission: a JSON line with names and sizes, then the contents as they are.

    Args:
        stream: To a grader.
        submission: What it is to judge.
        gpu: The GPU that is its own meanwhile, by UUID; empty for none.
    """
    stream.write(json.dumps(gpu).encode() + b"\n")
    plain = asdict(submission)
    plain["files"] = [[file.name, len(file.content)] for file in submission.files]
    stream.write(json.dumps(plain).encode() + b"\n")
    for file in submission.files:
        stream.write(file.content)
    stream.flush()


def read_submission(stream: Stream) -> tuple[Submission, str]:
    """Reads what `write_submission` wrote: the submission and its GPU.

    Raises:
        GraderError: The stream ended before its time.
    """
    message = "the command ended before it had sent the submission"
    gpu, line = stream.readline(), stream.readline()
    if not line.endswith(b"\n"):
        raise GraderError(message)
    plain = json.loads(line)
    sizes = plain.pop("files")
    files = tuple(HandedInFile(name, stream.read(size)) for name, size in sizes)
    if any(len(file.content) != size for file, (_, size) in zip(files, sizes, strict=True)):
        raise GraderError(message)
    return Submission(files=files, **plain), str(json.loads(gpu))
