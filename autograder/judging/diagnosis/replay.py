"""Puts the requests of a trace to somebody else: to the reference, or to a known-wrong variant of it.

Only trusted code runs here, on what a submission was asked. What it answered is compared, never run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import torch

from autograder.judging.diagnosis.misconceptions import Misconception
from autograder.judging.student import Understudy
from autograder.judging.trace import Event, count_numbers
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


class CannotAnswer(Exception):  # noqa: N818  # says what happened; a variant need not take every request
    """A namespace cannot take what a submission was asked."""


def namespace(reference: ModuleType, misconception: Misconception | None = None) -> SimpleNamespace:
    """The reference's entry points, with a misconception's variants over them."""
    variants = misconception.variants if misconception else {}
    return SimpleNamespace(**{**vars(reference), **variants})


def can_be_replayed(events: Sequence[Event]) -> bool:
    """False where a request is too large to be put again in passing."""
    return all(count_numbers([event.args, event.kwargs]) <= _MOST_ELEMENTS for event in events)


def replay(events: Sequence[Event], entry_points: SimpleNamespace) -> Iterator[Pair]:
    """Puts the requests of a trace to a namespace, one by one, and gives the pairs of answers that can be compared.

    A model that nobody has given parameters yet starts at random, in the submission as here: where the test reads
    them, those of the submission are taken over, so that both go on from the same point.

    Raises:
        CannotAnswer: A function of the namespace raised, or has no such model.
    """
    return _Replay(Understudy(entry_points)).pairs(events)


class _Replay:
    """One trace, put to one callee.

    Handles are numbers that each side gives by itself. The two differ where earlier tests of the task made objects.
    """

    def __init__(self, other: Understudy) -> None:
        self._other = other
        self._numbers: dict[int, int] = {}
        self._known: dict[int, tuple[list[torch.Tensor], list[torch.Tensor]]] = {}

    def pairs(self, events: Sequence[Event]) -> Iterator[Pair]:
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
                yield pair

    def _put(self, event: Event) -> Any:
        args, kwargs = self._translated(event.args), self._translated(event.kwargs)
        if event.name == "set_parameters":
            handle = self._numbers[_number(event)]
            own = self._other.verb("", handle, "parameters", (), {})
            args = (_fitted(args[0], own) or args[0],)
        try:
            return self._asked(event, args, kwargs)
        except Exception as error:
            raise CannotAnswer from error

    def _asked(self, event: Event, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        match event.kind:
            case "call":
                return self._other.call("", event.name, args, kwargs)
            case "give":
                return self._other.give("", event.name, args, kwargs)
            case "verb":
                handle = self._numbers[_number(event)]
                return self._other.verb("", handle, event.name, args, kwargs)

    def _translated(self, value: Any) -> Any:
        """The request with this side's handles, and with copies, since a variant may write into its arguments."""

        def translate(part: Any) -> Any | None:
            number = number_in(part)
            if number is not None:
                if number not in self._numbers:
                    raise CannotAnswer  # an answer of the submission that stands for nothing here
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
            handle = self._numbers[_number(event)]
            values = self._other.verb("", handle, "parameters", (), {})
            self._known[_number(event)] = (values, values)
            return None
        if event.name == "parameters":
            theirs = _fitted(event.answer, answer)
            return None if theirs is None else self._moved(position, event, theirs, answer)
        return None

    def _moved(
        self, position: int, event: Event, theirs: list[torch.Tensor], other: list[torch.Tensor]
    ) -> Pair | None:
        """How far the parameters have moved: beside that, where they are tells little."""
        handle = _number(event)
        known = self._known.get(handle)
        if known is None:
            self._other.verb("", self._numbers[handle], "set_parameters", (theirs,), {})
            self._known[handle] = (theirs, theirs)
            return None
        self._known[handle] = (theirs, other)
        moves = (
            [now.double() - before.double() for now, before in zip(at, was, strict=True)]
            for at, was in zip((theirs, other), known, strict=True)
        )
        return Pair(position, *moves)


def _number(event: Event) -> int:
    assert event.handle is not None, "only verbs are asked about"
    return event.handle


def _fitted(values: Any, like: list[torch.Tensor]) -> list[torch.Tensor] | None:
    """A model's parameters in another model's order and shapes; None where they are none of its parameters.

    Two right models may keep them as (1, D) and (1,) or as () and (D,).
    """
    if not isinstance(values, list) or not all(isinstance(v, torch.Tensor) for v in values):
        return None
    left = list(values)
    fitted = []
    for wanted in like:
        fitting = [v for v in left if v.shape == wanted.shape] or [
            v for v in left if v.numel() == wanted.numel()
        ]
        if not fitting:
            return None
        fitted.append(fitting[0].reshape(wanted.shape))
        left = [v for v in left if v is not fitting[0]]
    return None if left else fitted
