"""Why a test ended as it did, in words for staff: what was asked, what came back, what was expected.

Knows how to shorten numbers. What it writes holds hidden values and text of submissions: never for students.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import torch

from autograder.judging.difference import Measured
from autograder.judging.trace import Event
from autograder.records import BEYOND, Comparison, Exchange
from autograder.worker.handles import number_in

__all__ = ["comparisons", "exchanges"]

#: Numbers of a tensor that are written out, and values of a list.
_MOST_NUMBERS: Final = 12
_MOST_CHARS: Final = 2000


def exchanges(events: Iterable[Event]) -> tuple[Exchange, ...]:
    """What went over and what came back, request by request."""
    return tuple(Exchange(_request(event), _answer(event)) for event in events)


def comparisons(measured: Iterable[Measured]) -> tuple[Comparison, ...]:
    """Each compared value with what was expected, and how much of what is allowed its error takes."""
    return tuple(
        Comparison(
            place=value.place.removesuffix(": "),
            strain=min(value.strain, BEYOND),
            dtype=str(value.got.dtype).removeprefix("torch."),
            rtol=value.rtol,
            atol=value.atol,
            got=_shown(value.got),
            expected=_shown(value.expected),
        )
        for value in measured
    )


def _request(event: Event) -> str:
    arguments = [_shown(value) for value in event.args]
    arguments += [f"{name}={_shown(value)}" for name, value in event.kwargs.items()]
    whose = f"object {event.handle}." if event.handle is not None else ""
    given = "given." if event.kind == "give" else ""
    return f"{given}{whose}{event.name}({', '.join(arguments)})"[:_MOST_CHARS]


def _answer(event: Event) -> str:
    return "(it failed)" if event.failed else _shown(event.answer)[:_MOST_CHARS]


def _shown(value: Any) -> str:
    number = number_in(value)
    if number is not None:
        return f"object {number}"
    if isinstance(value, torch.Tensor):
        return _tensor(value)
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!s:.40}: {_shown(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        shown = ", ".join(_cut(map(_shown, value), len(value)))
        return f"[{shown}]" if isinstance(value, list) else f"({shown})"
    return f"{value:.9g}" if isinstance(value, float) else repr(value)[:200]


def _tensor(value: torch.Tensor) -> str:
    flat = value.detach().reshape(-1)
    numbers = ", ".join(_cut((f"{n:.7g}" for n in flat[:_MOST_NUMBERS].tolist()), len(flat)))
    if value.dim() == 0:
        return numbers
    dtype = str(value.dtype).removeprefix("torch.")
    return f"tensor{tuple(value.shape)} {dtype} [{numbers}]"


def _cut(items: Iterable[str], count: int) -> Iterator[str]:
    for position, item in enumerate(items):
        if position == _MOST_NUMBERS:
            break
        yield item
    if count > _MOST_NUMBERS:
        yield f"... {count - _MOST_NUMBERS} more"
