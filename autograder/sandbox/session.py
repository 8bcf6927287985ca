"""One conversation with one confined process, and what each way of ending it means.

Everything that arrives is a claim by a process that a submission may have rewritten. Its form is checked here; whether
its content is right is for the judge. Whatever goes wrong while decoding, sending or waiting ends the task as the
submission's doing, never as ours, except where this process itself was not given the machine (`GraderStalled`).
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from autograder.errors import GraderError
from autograder.records import Outcome
from autograder.sandbox.faults import (
    STAFF_CHARS,
    GraderStalled,
    SubmissionFault,
    SubmissionUnreadable,
    fault_from,
    killed_for_memory,
)
from autograder.sandbox.replies import is_reply, only_of
from autograder.sandbox.spawn import Spawned, Usage
from autograder.submission.execute import LoadReport
from autograder.submission.flatten import Cell, FlatSubmission
from autograder.worker import wire
from autograder.worker.contents import flat_from_wire, flat_to_wire, to_tensor

__all__ = ["Answer", "GraderStalled", "Session", "SubmissionFault", "SubmissionUnreadable", "Terms"]

_START_TIME_S = 120.0
_EXIT_TIME_S = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call gave.

    Attributes:
        value: Plain values and CPU tensors.
        printed: Tail of what the submission printed meanwhile.
        autograd: The submission's process says that autograd's engine ran: a claim, for staff.
        wrote: It says that a tensor among the arguments was written into: a claim, for a hint.
        gpu_memory_mb: The most of the GPU's memory that it says to have held so far: a claim, for staff.
    """

    value: Any
    printed: str
    autograd: bool
    wrote: bool = False
    gpu_memory_mb: float = 0.0


class Terms(TypedDict):
    """What goes with every call: the seed of the submission's own generators, where it computes, how long it may.

    `device` is "cpu", "cuda", or "cuda alone", see `worker.serve`.
    """

    seed: int
    device: str
    time_s: float


class Session:
    """A live confined process.

    Args:
        spawned: The process, which need not have started yet.
    """

    def __init__(self, spawned: Spawned) -> None:
        self._spawned = spawned
        self._next_id = 0
        self._greeted = False
        self._cells: tuple[Cell, ...] = ()
        self._dead: SubmissionFault | None = None

    def flatten(
        self, files: Mapping[str, bytes], entry_points: Sequence[str], *, time_s: float
    ) -> FlatSubmission:
        """Has the handed-in files opened and parsed inside the sandbox.

        Raises:
            SubmissionUnreadable: Nothing in them could be loaded.
            SubmissionFault: The process ended, overran or answered nonsense.
        """
        tensors = {name: to_tensor(content) for name, content in files.items()}
        reply = self._ask("flatten", time_s, files=tensors, entry_points=list(entry_points))
        with self._distrust():
            return flat_from_wire(reply["ok"])

    def open_gpu(self) -> float:
        """Has the process open its GPU, before it loads anything of the submission.

        Returns:
            Seconds that it took.

        Raises:
            GraderError: It could not. No line of the submission has run there, so that it is not to blame.
        """
        try:
            return float(self._ask("open_gpu", _START_TIME_S)["ok"])
        except SubmissionFault as fault:
            message = f"the GPU could not be opened: {fault.staff_message or fault.message}"
            raise GraderError(message) from None

    def load(
        self, flat: FlatSubmission, *, cell_time_s: float, time_s: float, device: str = "cpu"
    ) -> LoadReport:
        """Runs a flat submission's cells.

        Raises:
            SubmissionFault: The process ended, overran or answered nonsense.
        """
        self._cells = flat.cells
        # The worker stops by itself at its total; the margin is for an interruption that arrives late.
        reply = self._ask(
            "load",
            time_s + 2.0,
            flat=flat_to_wire(flat),
            cell_time_s=cell_time_s,
            total_time_s=time_s,
            device=device,
        )
        with self._distrust():
            return only_of(flat, LoadReport.from_plain(reply["ok"]))

    def call(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], **terms: Unpack[Terms]
    ) -> Answer:
        """Calls an entry point.

        Raises:
            SubmissionFault: It raised, is missing, overran, took too much memory, or the process ended.
            GraderStalled: It overran, but so did this process.
        """
        return self._answer("call", args, kwargs, terms, name=name)

    def verb(
        self, handle: int, verb: str, args: Sequence[Any], kwargs: Mapping[str, Any],
        **terms: Unpack[Terms],
    ) -> Answer:  # fmt: skip
        """Does one of the few things that can be done with an object on the other side, see `worker.handles`.

        Raises:
            SubmissionFault: As for `call`.
            GraderStalled: It overran, but so did this process.
        """
        return self._answer("verb", args, kwargs, terms, handle=handle, verb=verb)

    def give(
        self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any], **terms: Unpack[Terms]
    ) -> Answer:
        """Has a model or an optimiser made on the other side, see `worker.given`.

        Raises:
            SubmissionFault: The process ended, overran or answered nonsense.
            GraderStalled: It overran, but so did this process.
        """
        return self._answer("give", args, kwargs, terms, name=name)

    def _answer(
        self, op: str, args: Sequence[Any], kwargs: Mapping[str, Any], terms: Terms, **what: Any
    ) -> Answer:
        seed, device = terms["seed"], terms["device"]
        reply = self._ask(
            op,
            terms["time_s"],
            args=list(args),
            kwargs=dict(kwargs),
            seed=seed,
            device=device,
            **what,
        )
        printed = reply["printed"][-STAFF_CHARS:]
        memory_mb = reply.get("gpu_memory_mb")
        return Answer(
            reply["ok"],
            printed,
            autograd=reply.get("autograd") is True,
            wrote=reply.get("wrote") is True,
            gpu_memory_mb=memory_mb if type(memory_mb) is float else 0.0,
        )

    def kill(self) -> None:
        """Ends the process and all that it started. May be called more than once."""
        self._spawned.kill()

    def usage(self) -> Usage | None:
        """What the process used, once it is gone; None where its end was not reported in time."""
        return self._spawned.wait(_EXIT_TIME_S)

    def _ask(self, op: str, time_s: float, **fields: Any) -> dict[str, Any]:
        if self._dead is not None:
            raise self._dead
        self._greet()
        self._next_id += 1
        deadline = wire.Deadline(time_s)
        try:
            self._send({"id": self._next_id, "op": op, **fields}, deadline)
            reply = wire.receive(self._spawned.data, wire.Limits(), deadline)
        except wire.WireTimeout:
            raise self._overrun(time_s, deadline) from None
        except wire.PeerClosed:
            raise self._ended() from None
        except wire.WireError as error:
            raise self._nonsense(str(error)) from None
        if not is_reply(reply, self._next_id):
            raise self._nonsense("the answer has not the form of an answer")
        if "error" in reply:
            if reply["error"]["kind"] == "unreadable" and op != "flatten":
                # Its text is shown to the student as it is: after an intake it would be free text.
                raise self._nonsense("only an intake finds a file unreadable")
            raise fault_from(reply["error"], reply["printed"], self._where(reply["error"]))
        return dict(reply)

    def _send(self, request: dict[str, Any], deadline: wire.Deadline) -> None:
        try:
            wire.send(self._spawned.data, request, deadline)
        except (wire.PeerClosed, wire.WireTimeout):
            raise
        except wire.WireError as error:
            message = f"a hidden test passes an argument that cannot cross the wall: {error}"
            raise GraderError(message) from None

    def _where(self, error: Mapping[str, Any]) -> str:
        """Where in the submission it happened, for the student; nothing where the claim makes no sense."""
        number, line = error["cell"], error["line"]
        if number is None or line is None or not 0 <= number < len(self._cells):
            return ""
        cell = self._cells[number]
        same_file = [other for other in self._cells if other.filename == cell.filename]
        if not any(0 <= line - c.first_line <= c.source.count("\n") for c in same_file):
            return ""  # a free number could carry a hidden input into the feedback
        return f" ({cell.label}, line {line})" if cell.filename != cell.file else f" (line {line})"

    def _greet(self) -> None:
        """Waits until the process is up. That it does not come up is never the submission's fault."""
        if self._greeted:
            return
        try:
            hello = wire.receive(self._spawned.data, wire.Limits(), wire.Deadline(_START_TIME_S))
        except wire.WireError as error:
            self.kill()
            message = (
                f"a sandboxed process did not start ({error}); see the terminal for its last words"
            )
            raise GraderError(message) from None
        if hello != {"id": 0, "ok": "ready"}:
            message = "a sandboxed process greeted in an unknown way: is the package half updated?"
            raise GraderError(message)
        self._greeted = True

    def _distrust(self) -> contextlib.AbstractContextManager[None]:
        """Turns whatever decoding an answer raises into the submission's fault."""
        return _Distrust(self)

    def _die(self, fault: SubmissionFault) -> SubmissionFault:
        self.kill()
        self._dead = fault
        return fault

    def _overrun(self, time_s: float, deadline: wire.Deadline) -> SubmissionFault | GraderStalled:
        fault = self._die(
            SubmissionFault(
                Outcome.TIMED_OUT,
                f"No answer within {time_s:g} s. Is there a loop that never ends, or one over every element?",
                final=True,
            )
        )
        usage = self.usage()
        if (
            usage and usage.out_of_memory
        ):  # one of several processes is gone, and the rest waits for it
            return self._die(killed_for_memory("the control group ran out of memory"))
        busy_s = usage.cpu_time_s if usage else time_s
        if deadline.stalled_s > time_s / 4 and busy_s < time_s / 2:
            return GraderStalled(
                f"the grader itself was not run for {deadline.stalled_s:.1f} of {time_s:g} s, "
                f"while the submission used {busy_s:.1f} s of a core"
            )
        return fault

    def _ended(self) -> SubmissionFault:
        self.kill()
        usage = self.usage()
        staff = f"exit code {usage.exit_code}" if usage else "no exit report"
        if usage and usage.out_of_memory:
            return self._die(killed_for_memory(f"the control group ran out of memory; {staff}"))
        message = (
            "The process that ran your code ended in the middle of a call. "
            "Does something call exit(), or crash inside a native library?"
        )
        return self._die(SubmissionFault(Outcome.CRASHED, message, staff, final=True))

    def _nonsense(self, detail: str) -> SubmissionFault:
        message = "Your code's process did not answer in the form of a returned value."
        return self._die(SubmissionFault(Outcome.CRASHED, message, detail, final=True))


class _Distrust(contextlib.AbstractContextManager[None]):
    def __init__(self, session: Session) -> None:
        self._session = session

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (ValueError, TypeError, LookupError, AttributeError, RuntimeError)):
            raise self._session._nonsense(f"{type(error).__name__}: {error}") from None  # noqa: SLF001
