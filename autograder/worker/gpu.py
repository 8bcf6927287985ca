"""What a fork does about a GPU: which one it sees, how much of it, and opening it before a submission runs.

The zygote touches none: CUDA cannot be used in a fork of a process that has (torch says so, and the driver as well).
Knows torch's switches. Refuses to know how many GPUs there are, and whose turn it is.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import torch

from autograder.worker.request import SandboxLimits

_MIB = 1 << 20


def hide() -> None:
    """Lets this process, and what it starts, see no GPU: whoever grades on the CPU grades on the CPU alone."""
    os.environ["CUDA_VISIBLE_DEVICES"] = ""


def show(limits: SandboxLimits) -> None:
    """In a fork, before anything asks for CUDA: lets it see the GPU that is its own, if it has one."""
    if not limits.gpu:
        hide()
        return
    os.environ.update(
        CUDA_VISIBLE_DEVICES=limits.gpu,
        CUBLAS_WORKSPACE_CONFIG=":4096:8",  # matrix products give the same numbers every time
        CUDA_MODULE_LOADING="LAZY",  # a context in a third of the time
        CUDA_CACHE_DISABLE="1",  # no kernel that one submission has compiled is there for another
    )


@contextmanager
def untouched() -> Iterator[None]:
    """Keeps torch from asking for a GPU meanwhile: a zygote that had asked could not fork for one."""
    with mock.patch.object(torch.cuda, "is_available", return_value=False):
        yield


def open_device(limits: SandboxLimits) -> float:
    """Makes the context and sets what makes numbers comparable. Before any code of a submission.

    TF32 keeps 10 bits of a factor where float32 keeps 23: an error of 1e-3, which no tolerance could tell from a bug.

    Returns:
        Seconds that it took.

    Raises:
        RuntimeError: The driver refuses, or the GPU's memory is full.
    """
    started = time.monotonic()
    torch.cuda.init()  # type: ignore[no-untyped-call]
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.set_deterministic_debug_mode("warn")
    _, total = torch.cuda.mem_get_info()
    share = limits.gpu_memory_mb * _MIB / total
    torch.cuda.set_per_process_memory_fraction(min(1.0, share))
    torch.zeros(1, device="cuda")
    torch.cuda.synchronize()
    return time.monotonic() - started


def settle() -> None:
    """Waits until the GPU has done what it was asked to: only then is an error in it raised.

    Raises:
        RuntimeError: Something that a submission asked for could not be done.
    """
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.synchronize()


def peak_memory_mb() -> float:
    """The most that torch has held of the GPU's memory in this process, in MiB; without the context's own."""
    opened = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    return torch.cuda.max_memory_reserved() / _MIB if opened else 0.0
