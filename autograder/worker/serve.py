"""Serves the grader's requests inside the sandbox: flatten a submission, load it, call its entry points.

Every answer from here is a claim: a submission shares this process and can rewrite all of it. The trusted side
(`autograder.sandbox.session`) therefore checks the form of every answer and judges only what it can recompute.

One frame per request, with the request's id. Requests:
    flatten  files, entry_points                       -> flat submission
    load     flat, cell_time_s, total_time_s           -> load report
    open_gpu                                           -> seconds
    call     name, args, kwargs, seed, device          -> value
    verb     handle, verb, args, kwargs, seed, device  -> value
    give     name, args, kwargs, seed, device          -> value

`device` is "cpu", "cuda", or "cuda alone" where the submission has to place by itself what it makes.
"""

import builtins
import contextlib
import inspect
import io
import socket
import sys
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

import numpy as np
import torch

from autograder.submission.execute import load
from autograder.submission.flatten import SubmissionUnreadable, flatten
from autograder.submission.stand_ins import install
from autograder.worker import gpu, wire
from autograder.worker.contents import flat_from_wire, flat_to_wire, from_tensor
from autograder.worker.given import GIVEN
from autograder.worker.handles import VERBS, Handles, MisfitError
from autograder.worker.placement import Placement
from autograder.worker.request import SandboxLimits

#: The grader ends a session by killing it; a request may be as long in coming as the grader needs.
_PATIENCE_S = 24 * 3600.0
_MESSAGE_CHARS = 2000
#: Of a device's name: tensors go there and nothing else does by itself.
_ALONE = " alone"


def serve(channel: socket.socket, limits: SandboxLimits) -> None:
    """Answers requests on `channel` until the grader closes it."""
    torch.set_num_threads(limits.threads)
    printed = _Tail(limits.output_kb * 1024)
    sys.stdout = sys.stderr = printed
    server = _Server(limits)
    wire.send(channel, {"id": 0, "ok": "ready"}, wire.Deadline(_PATIENCE_S))
    while True:
        try:
            request = wire.receive(channel, wire.Limits(), wire.Deadline(_PATIENCE_S))
        except wire.PeerClosed:
            return
        reply = server.answer(request)
        try:
            frame = {"id": request["id"], "printed": printed.take(), **reply}
            wire.send(channel, frame, wire.Deadline(_PATIENCE_S))
        except wire.PeerClosed:
            return
        except (wire.WireError, RuntimeError, MemoryError) as error:
            # RuntimeError: torch could not make the value contiguous, for example 10^12 elements of stride 0.
            kind = "out_of_memory" if _is_out_of_memory(error) else "unsendable"
            failure = _failure(kind, type(error).__name__, str(error))
            frame = {"id": request["id"], "printed": printed.take(), "error": failure}
            wire.send(channel, frame, wire.Deadline(_PATIENCE_S))


class _Server:
    def __init__(self, limits: SandboxLimits) -> None:
        self._limits = limits
        self._module: ModuleType | None = None
        self._cells: dict[str, int] = {}
        self._handles = Handles()

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            match request["op"]:
                case "flatten":
                    return {"ok": self._flatten(request)}
                case "load":
                    return {"ok": self._load(request)}
                case "open_gpu":
                    return {"ok": gpu.open_device(self._limits)}
                case "verb":
                    return self._run(
                        request, partial(VERBS[request["verb"]], self._handles[request["handle"]])
                    )
                case "give":
                    return self._run(request, GIVEN[request["name"]], _ours(request["device"]))
                case _:
                    return self._call(request)
        except SubmissionUnreadable as error:
            return {"error": _failure("unreadable", "", str(error))}
        except (MemoryError, RecursionError) as error:
            return {"error": self._failure(error)}
        except (
            RuntimeError
        ) as error:  # of opening the GPU; what a submission raises is caught where it is called
            return {"error": _failure("raised", "RuntimeError", str(error)[:_MESSAGE_CHARS])}

    def _flatten(self, request: dict[str, Any]) -> dict[str, Any]:
        files = {name: from_tensor(content) for name, content in request["files"].items()}
        return flat_to_wire(flatten(files, request["entry_points"]))

    def _load(self, request: dict[str, Any]) -> dict[str, Any]:
        flat = flat_from_wire(request["flat"])
        install()
        for name, content in flat.data_files:
            _write_beside(name, content)
        for number, cell in enumerate(flat.cells):
            self._cells.setdefault(cell.filename, number)
        with _placing(request["device"]):
            self._module, report = load(
                flat, cell_time_s=request["cell_time_s"], total_time_s=request["total_time_s"]
            )
        return report.to_plain()

    def _call(self, request: dict[str, Any]) -> dict[str, Any]:
        function = getattr(self._module, request["name"], None)
        if not callable(function):
            return {"error": _failure("missing", type(function).__name__, "")}
        if not _takes(function, len(request["args"]), request["kwargs"]):
            return {"error": _failure("signature", "", "")}
        return self._run(request, function)

    def _run(
        self, request: dict[str, Any], function: Callable[..., Any], placing: str = ""
    ) -> dict[str, Any]:
        device = request["device"].removesuffix(_ALONE)
        args = self._handles.shown(_move(request["args"], device))
        kwargs = self._handles.shown(_move(request["kwargs"], device))
        given = _versions([args, kwargs])
        torch.manual_seed(request["seed"])
        np.random.seed(request["seed"] % 2**32)  # the global state is what submissions draw from
        with _AutogradWatch() as watch:
            try:
                with _placing(placing or request["device"]):
                    value = self._handles.hidden(function(*args, **kwargs))
                gpu.settle()
            except MisfitError:
                return {"error": _failure("misfit", "", "")}
            except BaseException as error:  # noqa: BLE001  # whatever a submission raises is an answer
                return {"error": self._failure(error), "autograd": watch.used}
        reply = {"ok": value, "autograd": watch.used, "wrote": _versions([args, kwargs]) != given}
        return {**reply, "gpu_memory_mb": gpu.peak_memory_mb()} if self._limits.gpu else reply

    def _failure(self, error: BaseException) -> dict[str, Any]:
        steps = traceback.extract_tb(error.__traceback__)
        theirs = [step for step in steps if step.filename in self._cells]
        if _is_out_of_memory(error):
            kind = "out_of_memory"
        elif isinstance(error, NotImplementedError) and theirs and steps[-1] is theirs[-1]:
            kind = "not_implemented"  # torch raises it too, for example for a missing forward
        else:
            kind = "raised"
        failure = _failure(kind, _builtin_name(type(error)), str(error)[:_MESSAGE_CHARS])
        if theirs:
            failure.update(cell=self._cells[theirs[-1].filename], line=theirs[-1].lineno)
        return failure


def _takes(function: Callable[..., Any], positional: int, keywords: Iterable[str]) -> bool:
    """False where Python would refuse the arguments before the first line of `function` runs."""
    try:
        signature = inspect.signature(function)
    except BaseException:  # noqa: BLE001  # none to be had, or a submission's own __signature__ raises
        return True
    try:
        signature.bind(*[None] * positional, **dict.fromkeys(keywords))
    except TypeError:
        return False
    return True


def _failure(kind: str, exception: str, text: str) -> dict[str, Any]:
    return {"kind": kind, "type": exception, "text": text, "cell": None, "line": None}


class _Tail(io.TextIOBase):
    """Takes the place of standard output and keeps the end of what is printed."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._parts: list[str] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._parts.append(text[-self._limit :])
        self._length += len(self._parts[-1])
        if (
            self._length > 2 * self._limit
        ):  # not at every write: print() may be called a million times
            self._parts = [self._tail()]
            self._length = len(self._parts[0])
        return len(text)

    def take(self) -> str:
        text = self._tail()
        self._parts, self._length = [], 0
        return text

    def _tail(self) -> str:
        return "".join(self._parts)[-self._limit :]


class _AutogradWatch:
    """Sees whether autograd's engine ran during a call.

    An advice to staff, no proof: a submission can undo the watch, or differentiate without the engine.
    """

    def __init__(self) -> None:
        self.used = False

    def __enter__(self) -> "_AutogradWatch":
        self._engine = engine = torch.autograd._engine_run_backward  # type: ignore[attr-defined]  # noqa: SLF001  # the one door for backward, grad and torch.func

        def watched(*args: Any, **kwargs: Any) -> Any:
            self.used = True
            return engine(*args, **kwargs)

        torch.autograd._engine_run_backward = watched  # type: ignore[attr-defined]  # noqa: SLF001
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        torch.autograd._engine_run_backward = self._engine  # type: ignore[attr-defined]  # noqa: SLF001


def _placing(device: str) -> contextlib.AbstractContextManager[object]:
    """Puts what is made meanwhile on the GPU, unless that is the submission's own business."""
    return Placement(device) if device == "cuda" else contextlib.nullcontext()


def _ours(device: str) -> str:
    """Where a model goes that we give: with its arguments, whoever places the rest."""
    return device.removesuffix(_ALONE)


def _move(value: Any, device: str) -> Any:
    if device == "cpu":
        return value
    if isinstance(value, torch.Tensor):
        return value.to(device)
    if isinstance(value, (list, tuple)):
        return type(value)(_move(item, device) for item in value)
    if isinstance(value, dict):
        return {key: _move(item, device) for key, item in value.items()}
    return value


def _versions(value: Any) -> list[int]:
    """How often each tensor among the arguments was written into, as torch counts."""
    if isinstance(value, torch.Tensor):
        return [value._version]  # noqa: SLF001  # autograd's own counter; a copy to compare with would cost memory
    if isinstance(value, dict):
        value = list(value.values())
    return [n for item in value for n in _versions(item)] if isinstance(value, list | tuple) else []


def _write_beside(name: str, content: bytes) -> None:
    """Puts a handed-in data file where the submission looks for it; there is no such place under `landlock`."""
    with contextlib.suppress(OSError):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)


def _is_out_of_memory(error: BaseException) -> bool:
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or (
        isinstance(error, RuntimeError) and "can't allocate memory" in str(error)
    )


def _builtin_name(kind: type) -> str:
    """The nearest built-in class's name: a submission's own class name is free text."""
    for base in kind.__mro__:
        if getattr(builtins, base.__name__, None) is base:
            return str(base.__name__)
    return "BaseException"
