"""Runs a function in a forked child with a deadline: what it does, and how it ends, leaves no mark here."""

import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable

from autograder.worker import kernel

#: Of what comes back. A finding is a few hundred bytes.
_MOST_BYTES = 1 << 20
#: Ends what was said: a child that died half-way has not said it.
_DONE = b"\x00done"


def aside(function: Callable[[], bytes], time_s: float) -> bytes | None:
    """Returns what `function` gave; None where it raised, died, said too much or was not ready in time.

    Its process is ended in any case before this returns.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            if sys.platform == "linux":
                kernel.parent_death_signal(signal.SIGKILL)
            with os.fdopen(writing, "wb") as stream:
                stream.write(function() + _DONE)
        except Exception:  # noqa: BLE001  # a fork must not go on as a second grader
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    try:
        said = _read(reading, time.monotonic() + time_s)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return said.removesuffix(_DONE) if said.endswith(_DONE) else None


def _read(descriptor: int, until_s: float) -> bytes:
    said = bytearray()
    while (left_s := until_s - time.monotonic()) > 0 and len(said) <= _MOST_BYTES:
        if select.select([descriptor], [], [], left_s)[0]:
            part = os.read(descriptor, 1 << 16)
            if not part:
                return bytes(said)
            said += part
    return b""
