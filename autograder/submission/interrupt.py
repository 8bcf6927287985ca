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

    def __init__(self, on_end: Callable[[], None]) -> None:
        """Have `on_end` called when the exception dies, as it does once it was swallowed."""
        super().__init__("time is up")
        self._on_end = on_end

    def __del__(self) -> None:
        self._on_end()


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

    Call only where `alarm_handler` said so. Student code may swallow the interruption: a bare
    `except:` around a training step, in a loop. Therefore the next line of any frame above ours
    raises it again, the line of the `except:` included, again whenever one was swallowed, and the
    alarm repeats for good measure.
    """
    home = sys._getframe()  # noqa: SLF001 (the documented way to the current frame)
    tracer = sys.gettrace()
    armed = True

    def interrupt_next_line() -> None:
        if not armed:
            return
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001
        while frame is not None and frame is not home:
            frame.f_trace = trace
            frame = frame.f_back
        sys.settrace(trace)

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        # Raising here switches tracing off. At "exception" and "return", our own on its way up,
        # that would be too early: the line of the `except:` is still to come.
        ours = frame.f_globals is home.f_globals
        if armed and not ours and event in {"line", "call"}:
            raise Interrupted(interrupt_next_line)
        return trace

    def on_alarm(_signal: int, _frame: FrameType | None) -> None:
        if armed:
            interrupt_next_line()
            raise Interrupted(interrupt_next_line)

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
