"""What a hidden test asked of a submission and what came back, in order: for a diagnosis and for staff.

Knows the form of the wire: handles are `{KEY: number}` here, as there. Refuses to know who answered.
"""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

import torch

from autograder.judging.student import Callee

#: An answer with more numbers is not kept: a submission that returns 64 MiB from every call must not fill the grader.
MOST_KEPT: Final = 100_000

Kind = Literal["call", "verb", "give"]


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """One request and its answer.

    Attributes:
        name: Of the entry point, the verb or the given object.
        handle: Whose verb it is; None for the other kinds.
        answer: None where the submission failed instead.
        failed: True where it did, or answered with more than is kept.
    """

    kind: Kind
    name: str
    handle: int | None
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    answer: Any = None
    failed: bool = False


@dataclass(slots=True)
class Trace:
    """The events of one test.

    Attributes:
        answered: True where an answer came back, so that the test may stumble over it.
    """

    events: list[Event] = field(default_factory=list)

    answered: bool = False


class Recording:
    """Passes everything on to another callee and keeps it in a trace.

    The trace refers to what was sent and what came back, and copies nothing.
    """

    def __init__(self, callee: Callee, trace: Trace) -> None:
        self._callee = callee
        self._trace = trace

    def call(self, test_id: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Callee.call`."""
        with _Keeping(self._trace, "call", name, None, args, kwargs) as kept:
            return kept(self._callee.call(test_id, name, args, kwargs))

    def verb(
        self, test_id: str, handle: int, verb: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """See `Callee.verb`."""
        with _Keeping(self._trace, "verb", verb, handle, args, kwargs) as kept:
            return kept(self._callee.verb(test_id, handle, verb, args, kwargs))

    def give(self, test_id: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Callee.give`."""
        with _Keeping(self._trace, "give", name, None, args, kwargs) as kept:
            return kept(self._callee.give(test_id, name, args, kwargs))


class _Keeping:
    """Keeps an event when its request is over, whatever came of it."""

    def __init__(
        self, trace: Trace, kind: Kind, name: str, handle: int | None,
        args: tuple[Any, ...], kwargs: dict[str, Any],
    ) -> None:  # fmt: skip
        self._trace = trace
        self._asked = (kind, name, handle, args, kwargs)
        self._answer: Any = None

    def __call__(self, answer: Any) -> Any:
        self._answer = answer
        return answer

    def __enter__(self) -> "_Keeping":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._trace.answered |= kind is None and self._asked[0] != "give"
        too_large = count_numbers(self._answer) > MOST_KEPT
        answer = None if too_large else self._answer
        self._trace.events.append(Event(*self._asked, answer, failed=kind is not None or too_large))


def count_numbers(value: Any) -> int:
    """How many numbers and texts a value holds."""
    if isinstance(value, torch.Tensor):
        return value.numel()
    if isinstance(value, list | tuple):
        return sum(map(count_numbers, value))
    return sum(map(count_numbers, value.values())) if isinstance(value, dict) else 1
