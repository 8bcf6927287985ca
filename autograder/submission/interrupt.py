"""Interrupts student code that overruns its time, as far as a process can do that to itself.

The hard limits are the sandbox's; this one only saves the rest of an honest submission whose one
cell trains all night. Works in the main thread of a system that has `setitimer`; elsewhere nothing
is interrupted.
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

#: An interruption that was swallowed is repeated so often.
_REPEAT_S: Final = 0.02


class Interrupted(BaseException):
    """Time is up. Not an Exception: `except Exception` in a training loop lets it through."""


@contextmanager
def alarm_handler() -> Iterator[bool]:
    """Hold the alarm signal for the time of a load.

    Yields:
        True where `run_limited` can interrupt here.
    """
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield False
        return
    previous = signal.getsignal(signal.SIGALRM)
    try:
        yield True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL if previous is None else previous)


def run_limited(action: Callable[[], None], limit_s: float) -> bool:
    """Run `action`, at most `limit_s` seconds of wall time; True where it came to its end.

    Call only where `alarm_handler` said so. Student code may swallow the interruption (a bare
    `except:` around a training step, in a loop). Therefore it is repeated, and once it was raised
    every further line of the frames above us raises it again, the `except:` clause itself included.
    """
    home = sys._getframe()  # noqa: SLF001 (the documented way to the current frame)
    tracer = sys.gettrace()
    armed = True

    def raise_again(_frame: FrameType, event: str, _argument: object) -> Any:
        # Raising from a trace function switches tracing off. On "exception", which comes first and
        # is our own on its way up, that would be too early: the `except:` line is still to come.
        if event in {"line", "call"}:
            raise Interrupted
        return raise_again

    def on_alarm(_signal: int, frame: FrameType | None) -> None:
        if not armed:
            return
        while frame is not None and frame is not home:
            frame.f_trace = raise_again
            frame = frame.f_back
        sys.settrace(raise_again)
        raise Interrupted

    signal.signal(signal.SIGALRM, on_alarm)  # For every cell: the one before may have set its own.
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, limit_s, _REPEAT_S)
            action()
        finally:
            armed = False
            sys.settrace(tracer)
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Interrupted:
        # It may have struck within the `finally` above; the next one is 20 ms away.
        armed = False
        sys.settrace(tracer)
        signal.setitimer(signal.ITIMER_REAL, 0)
        return False
    return True
