"""Takes the tensors that a test expects from what a submission returned in any fair style.

Knows tuples, lists, dicts, numbers, shapes. Refuses to know the values: what is taken never depends
on whether it is right. Nothing broadcasts: a right number in a wrong shape is told, not stretched.
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

import torch
from torch import Tensor

from autograder.judging.mismatch import mismatch_at

__all__ = ["Number", "Structure", "is_whole", "stacked", "take_one", "take_several"]

Number: TypeAlias = bool | int | float | complex
Structure: TypeAlias = list[object] | tuple[object, ...] | dict[object, object]


def take_several(actual: object, expected: Structure, place: str) -> list[object]:
    """Returns as many values of `actual` as `expected` has, in its order.

    Args:
        actual: A tuple, list or dict; by name where both are dicts and all expected names are
            there, else by position. A vector does for several numbers, a single value for one.
        expected: A list is a series, whose length must be equal. A tuple or dict is several
            returned values: more at the end are ignored, as after `return w, b, losses`.
        place: Where in the returned value this is, for messages.

    Raises:
        Mismatch: There are fewer values, or none that can be told apart.
    """
    items = list(expected.values()) if isinstance(expected, dict) else list(expected)
    values: list[object]
    if isinstance(actual, dict):
        named = isinstance(expected, dict) and expected.keys() <= actual.keys()
        values = [actual[name] for name in expected] if named else list(actual.values())
    elif isinstance(actual, list | tuple):
        values = list(actual)
    elif len(items) == 1:
        values = [actual]
    elif isinstance(actual, Tensor) and _is_vector(actual.shape) and _are_scalars(items):
        if actual.numel() != len(
            items
        ):  # first: a tensor for each of 8 million numbers takes half a minute
            words = f"number of values is {_count(actual.numel())}, expected {len(items)}"
            raise mismatch_at(place, words)
        values = list(actual.detach().reshape(-1).unbind())
    else:
        raise mismatch_at(place, f"{_described(actual)}, expected {len(items)} values")
    more_is_fine = not isinstance(expected, list)
    if len(values) < len(items) or (len(values) > len(items) and not more_is_fine):
        words = f"number of values is {_count(len(values))}, expected {len(items)}"
        raise mismatch_at(place, words)
    return values[: len(items)]


def take_one(actual: object, shape: torch.Size, place: str) -> Tensor:
    """Returns the tensor that `actual` stands for, in `shape` and its own dtype, on the CPU.

    Args:
        actual: A tensor, a number or nested lists of those. Of a tuple or dict that is not itself
            such a list, the first value: the others are extra returns.
        shape: One element may come in any shape of one element; a vector of N as (N,), (N, 1) or
            (1, N); everything else in exactly this shape.
        place: Where in the returned value this is, for messages.

    Raises:
        Mismatch: `actual` is no tensor or number, or has another shape.
    """
    value = tuple(actual.values()) if isinstance(actual, dict) else actual
    candidates = [value, value[0]] if isinstance(value, tuple) and value else [value]
    # Only as deep as the expected shape: no nesting that a submission builds exhausts our stack.
    depth = max(2, len(shape))
    most = max(shape.numel(), 1)
    tensors = [t for t in (stacked(c, depth, most) for c in candidates) if t is not None]
    for tensor in tensors:
        if _fits(tensor.shape, shape):
            return tensor.cpu().reshape(shape)
    if not tensors:
        raise mismatch_at(place, f"{_described(actual)}, expected {_shown(shape)}")
    found = tensors[0].shape
    transposed = ": transposed" if len(shape) > 1 and found == shape[::-1] else ""
    words = f"shape is {_shown(found)}, expected {_shown(shape)}{transposed}"
    raise mismatch_at(place, words)


def stacked(value: object, depth: int, most: float = math.inf) -> Tensor | None:
    """Returns one tensor made of a tensor, a number, or lists of those nested at most `depth` deep.

    None where there is no such tensor, or where it would have more than `most` elements: 64 MiB of nested bools would
    take 1.5 GiB to convert. Lists become int64, float64 or complex128.
    """
    if isinstance(value, Tensor):
        return value.detach()
    if isinstance(value, Number):
        return _from_number(value)
    if not isinstance(value, list | tuple) or not value or depth == 0 or len(value) > most:
        return None
    parts: list[Tensor] = []
    for item in value:
        part = stacked(item, depth - 1, most / len(value))
        if part is None or part.numel() > most:
            return None
        if parts and part.shape != parts[0].shape:
            return None
        parts.append(part)
    if any(part.is_complex() for part in parts):
        dtype = torch.complex128
    else:
        dtype = torch.int64 if all(is_whole(part) for part in parts) else torch.float64
    return torch.stack([part.to(dtype) for part in parts])


def is_whole(values: Tensor) -> bool:
    """Returns True for integers and bools."""
    return not values.is_floating_point() and not values.is_complex()


def _from_number(number: Number) -> Tensor:
    if isinstance(number, bool):
        return torch.tensor(number)
    if isinstance(number, int):
        if -(2**63) <= number < 2**63:
            return torch.tensor(number, dtype=torch.int64)
        try:
            return torch.tensor(float(number), dtype=torch.float64)
        except OverflowError:  # 10**400 from a submission is its wrong answer, not our crash
            return torch.tensor(math.inf, dtype=torch.float64)
    dtype = torch.complex128 if isinstance(number, complex) else torch.float64
    return torch.tensor(number, dtype=dtype)


def _fits(found: torch.Size, wanted: torch.Size) -> bool:
    """True where one shape is a fair way to write the other: same numbers in the same order."""
    if found == wanted or found.numel() == wanted.numel() == 1:
        return True
    return found.numel() == wanted.numel() and _is_vector(found) and _is_vector(wanted)


def _is_vector(shape: torch.Size) -> bool:
    return len(shape) == 1 or (len(shape) == 2 and 1 in shape)


def _are_scalars(items: Sequence[object]) -> bool:
    return all(i.numel() == 1 if isinstance(i, Tensor) else isinstance(i, Number) for i in items)


def _shown(shape: torch.Size) -> str:
    if len(shape) > 4 or any(size > 100 for size in shape):
        # A submission chooses the shape that it returns: large numbers could carry hidden inputs into the feedback.
        return f"a shape of {len(shape)} dimensions"
    return str(tuple(shape)) if shape else "a single number"


def _count(number: int) -> str:
    """A number that a submission chose: large ones could carry hidden inputs into the feedback."""
    return str(number) if number < 100 else "many"


def _described(value: object) -> str:
    """Names what was returned without quoting it: text and names in it are the submission's own."""
    if value is None:
        return "nothing was returned (None)"
    if isinstance(value, Tensor):
        return f"shape is {_shown(value.shape)}"
    if isinstance(value, Number):
        return "a single number was returned"
    if isinstance(value, list | tuple | dict):
        return f"{_count(len(value))} values were returned that make no tensor"
    return "text was returned" if isinstance(value, str) else "some other object was returned"
