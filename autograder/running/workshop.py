"""The processes of a run: the engine and the suite process, and one submission's way through them.

The command's own process imports no torch and runs no test; it only hands over bytes and takes back grades.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from queue import Queue
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from autograder import errors
from autograder.errors import AutograderError, GraderError
from autograder.judging.messages import (
    ANSWER,
    GRADE,
    JUDGE,
    ORDER,
    ZYGOTE,
    Ready,
    Refusal,
    SuiteOrder,
    receive_line,
    write_submission,
)  # fmt: skip
from autograder.records import Grade, Isolation, Submission
from autograder.sandbox.engine import Engine, strongest
from autograder.sandbox.gpus import Gpu

#: A grader that is silent for this much longer than a submission may take has failed.
_PATIENCE_S = 300.0
#: Collecting the suite, warming the zygote and the canary, on a slow and busy machine.
_READY_TIME_S = 300.0


@dataclass(slots=True)
class SuiteProcess:
    """A process that imports torch and pytest while the command looks for an engine, and then waits for its order."""

    _channel: socket.socket
    _process: "subprocess.Popen[bytes]"

    @classmethod
    def start(cls) -> Self:
        """Starts the process; does not wait for it."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-I", "-m", "autograder.judging.suite", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the command, which then ends the rest in order
            )
        return cls(ours, process)

    def prepare(self, order: SuiteOrder, engine: Engine) -> Ready:
        """Has the suite collected, rehearsed and guarded by a canary.

        Raises:
            CourseError: The hidden suite or the reference is at fault.
            IsolationError: The canary escaped.
            GraderError: The suite process failed.
        """
        self._channel.sendall(ORDER.dump_json(order) + b"\n")
        if engine.control is not None:
            socket.send_fds(self._channel, [ZYGOTE], [engine.control.fileno()])
        answer = _receive(self._channel)
        if isinstance(answer, Refusal):
            raise _raised(answer)
        return answer

    def ask_for_grader(self, stream: socket.socket) -> None:
        """Has a grader forked that reads a submission from the other end of `stream` and writes a grade to it."""
        socket.send_fds(self._channel, [JUDGE], [stream.fileno()])

    def close(self) -> None:
        """Ends the process and its graders."""
        self._channel.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(slots=True)
class Workshop:
    """A running engine and a suite process, ready to judge.

    Attributes:
        ready: What the suite process said of itself: tasks with points, isolation as the canary found it, versions.
    """

    ready: Ready
    _engine: Engine
    _suite: SuiteProcess
    _silence_s: float
    _gpu_turns: "Queue[str]"

    @classmethod
    def open(
        cls,
        levels: Sequence[Isolation],
        order_for: Callable[[Engine], SuiteOrder],
        *,
        on: Sequence[Gpu] = (),
        gpu_slots: int = 1,
    ) -> Self:
        """Starts the strongest engine of these levels and a suite process beside it, and waits until both are ready.

        Args:
            levels: What to try, in this order.
            order_for: What to tell the suite process, once the engine is known.
            on: GPUs to compute on; none for the CPU.
            gpu_slots: How many submissions may be on one GPU at once.

        Raises:
            CourseError: The hidden suite or the reference is at fault.
            IsolationError: None of the levels is to be had, or the canary escaped.
            GraderError: The suite process failed.
        """
        with ExitStack() as undo:
            suite = SuiteProcess.start()
            undo.callback(suite.close)
            engine = strongest(list(levels), on)
            undo.callback(engine.close)
            order = order_for(engine)
            ready = suite.prepare(order, engine)
            undo.pop_all()
        turns: Queue[str] = Queue()
        for gpu in (*on,) * gpu_slots:  # every GPU once, before one gets its second submission
            turns.put(gpu.uuid)
        return cls(ready, engine, suite, order.times["submission_s"] + _PATIENCE_S, turns)

    def judge(self, submission: Submission) -> Grade | None:
        """Has one submission judged by a grader process of its own; may be called from several threads.

        Returns:
            The grade, or None where the grader process died or fell silent: our fault, never the submission's.
        """
        ours, theirs = socket.socketpair()
        with ours, theirs, self._turn() as gpu:
            ours.settimeout(self._silence_s)
            try:
                self._suite.ask_for_grader(theirs)
                theirs.close()  # the grader has its own: when it dies, this end must read as closed
                with ours.makefile("rwb") as stream:
                    write_submission(stream, submission, gpu)
                    return GRADE.validate_json(stream.readline())
            except (OSError, ValidationError):
                return None

    @contextmanager
    def _turn(self) -> Iterator[str]:
        """A GPU, by UUID, for as long as a submission is judged; waits for one. Empty where there are none."""
        if not self._engine.open_devices:
            yield ""
            return
        gpu = self._gpu_turns.get()
        try:
            yield gpu
        finally:
            self._gpu_turns.put(gpu)

    def close(self) -> None:
        """Ends the suite process, its graders and the engine."""
        self._suite.close()
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _receive(channel: socket.socket) -> Ready | Refusal:
    channel.settimeout(_READY_TIME_S)
    try:
        line = receive_line(channel)
    except TimeoutError:
        message = f"the suite process was not ready within {_READY_TIME_S:g} s"
        raise GraderError(message) from None
    channel.settimeout(None)
    if not line:
        message = "the suite process ended before it was ready; its last words stand above"
        raise GraderError(message)
    return ANSWER.validate_json(line)


def _raised(refusal: Refusal) -> AutograderError:
    kind = getattr(errors, refusal.fault, GraderError)
    return kind(refusal.message)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
