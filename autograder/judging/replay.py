"""Puts the requests of a trace to somebody else: to the reference, or to a known-wrong variant of it.

Only trusted code runs here, on what a submission was asked. What it answered is compared, never run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import torch

from autograder.judging.misconceptions import Misconception
from autograder.judging.student import Understudy
from autograder.judging.trace import Event
from autograder.worker.handles import KEY, number_in, replaced

#: Requests with more numbers than this are not put again: a training on all of MNIST takes longer than a hint is worth.
_MOST_ELEMENTS = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """What the submission answered to a request, and what the other one did.

    Attributes:
        position: Of the request in its trace.
        theirs: The submission's answer; of a model's parameters, how far they have moved since they were last known.
        other: The same of the other one.
    """

    position: int
    theirs: Any
    other: Any


def namespace(reference: ModuleType, misconception: Misconception | None = None) -> SimpleNamespace:
    """The reference's entry points, with a misconception's variants over them."""
    variants = misconception.variants if misconception else {}
    return SimpleNamespace(**{**vars(reference), **variants})


def can_be_replayed(events: Sequence[Event]) -> bool:
    """False where a request is too large to be put again in passing."""
    return all(_elements([event.args, event.kwargs]) <= _MOST_ELEMENTS for event in events)


def replay(events: Sequence[Event], entry_points: SimpleNamespace) -> list[Pair]:
    """Puts the requests of a trace to a namespace and returns the pairs of answers that can be compared.

    A model that nobody has given parameters yet starts at random, in the submission as here: where the test reads
    them, those of the submission are taken over, so that both go on from the same point.

    Raises:
        Exception: Whatever the namespace's functions raise.
    """
    return list(_Replay(Understudy(entry_points)).pairs(events))


class _Replay:
    """One trace, put to one callee.

    Handles are numbers that each side gives by itself. The two differ where earlier tests of the task made objects.
    """

    def __init__(self, other: Understudy) -> None:
        self._other = other
        self._numbers: dict[int, int] = {}
        self._known: dict[int, tuple[list[torch.Tensor], list[torch.Tensor]]] = {}

    def pairs(self, events: Sequence[Event]) -> "list[Pair]":
        found = []
        for position, event in enumerate(events):
            if event.failed:
                break  # what follows stands on what never was
            answer = self._put(event)
            theirs, other = number_in(event.answer), number_in(answer)
            if theirs is not None and other is not None:
                self._numbers[theirs] = other
                continue
            pair = self._compared(position, event, answer)
            if pair is not None:
                found.append(pair)
        return found

    def _put(self, event: Event) -> Any:
        args, kwargs = self._translated(event.args), self._translated(event.kwargs)
        match event.kind:
            case "call":
                return self._other.call("", event.name, args, kwargs)
            case "give":
                return self._other.give("", event.name, args, kwargs)
            case "verb":
                assert event.handle is not None
                handle = self._numbers[event.handle]
                return self._other.verb("", handle, event.name, args, kwargs)

    def _translated(self, value: Any) -> Any:
        """The request with this side's handles, and with copies, since a variant may write into its arguments."""

        def translate(part: Any) -> Any | None:
            number = number_in(part)
            if number is not None:
                return {KEY: self._numbers[number]}
            return part.clone() if isinstance(part, torch.Tensor) else None

        return replaced(value, translate)

    def _compared(self, position: int, event: Event, answer: Any) -> Pair | None:
        if event.kind == "give":
            return None
        if event.kind == "call" or event.name == "call":
            nothing = event.answer is None and answer is None
            return None if nothing else Pair(position, event.answer, answer)
        if event.name == "set_parameters":
            values = [value.detach().clone() for value in event.args[0]]
            self._known[_number(event)] = (values, values)
            return None
        if event.name == "parameters" and _alike(event.answer, answer):
            return self._moved(position, event, answer)
        return None

    def _moved(self, position: int, event: Event, answer: list[torch.Tensor]) -> Pair | None:
        """How far the parameters have moved: beside that, where they are tells little."""
        known = self._known.get(_number(event))
        self._known[_number(event)] = (event.answer, answer)
        if known is None:
            self._other.verb(
                "", self._numbers[_number(event)], "set_parameters", (event.answer,), {}
            )
            self._known[_number(event)] = (event.answer, event.answer)
            return None
        theirs, other = (
            [now.double() - before.double() for now, before in zip(at, was, strict=True)]
            for at, was in zip((event.answer, answer), known, strict=True)
        )
        return Pair(position, theirs, other)


def _number(event: Event) -> int:
    assert event.handle is not None, "only verbs are asked about"
    return event.handle


def _alike(theirs: Any, other: Any) -> bool:
    return (
        isinstance(theirs, list)
        and all(isinstance(value, torch.Tensor) for value in theirs)
        and [value.shape for value in theirs] == [value.shape for value in other]
    )


def _elements(value: Any) -> int:
    if isinstance(value, torch.Tensor):
        return value.numel()
    if isinstance(value, list | tuple):
        return sum(map(_elements, value))
    return sum(map(_elements, value.values())) if isinstance(value, dict) else 1
