"""The receiver's half of the wire: untrusted JSON becomes a checked value with tensors to fill.

Believes nothing: every limit is the receiver's own and is checked before anything is allocated.
"""

import json
import math
from typing import Any, Final

import torch

from autograder.worker.frame import DTYPES, INT_BOUND, Limits, WireError

#: Elements of a tensor, zeros counted as ones: torch multiplies its strides that way, and the empty
#: tensor of shape (0, 2**40, 2**40) overflows them.
_ELEMENTS_BOUND: Final = 1 << 48


def from_frame(header: bytes, body_bytes: int, limits: Limits) -> tuple[Any, list[torch.Tensor]]:
    """Turn JSON into a value whose tensors are still to be filled.

    Args:
        header: JSON as received, of acceptable length.
        body_bytes: Length of all tensors as announced, acceptable.
        limits: What to put up with.

    Returns:
        The value, and the tensors in it in the order of their bytes: plain, contiguous, on the CPU,
        each with storage of its own, uninitialised.

    Raises:
        WireError: If the JSON breaks a rule or does not announce exactly `body_bytes`.
    """
    decoder = _Decoder(limits, body_bytes)
    value = decoder.value(_parse(header), 0)
    if decoder.claimed_bytes != body_bytes:
        raise WireError(f"tensors of {decoder.claimed_bytes} bytes in a body of {body_bytes}")
    return value, decoder.tensors


class _Decoder:
    """Checks a JSON tree and builds its value."""

    def __init__(self, limits: Limits, body_bytes: int) -> None:
        self.tensors: list[torch.Tensor] = []
        self.claimed_bytes = 0
        self._limits = limits
        self._body_bytes = body_bytes
        self._nodes = 0

    def value(self, node: Any, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > self._limits.nodes:
            raise WireError(f"more than {self._limits.nodes} values")
        if depth > self._limits.depth:
            raise WireError(f"values nested deeper than {self._limits.depth}")
        match node:
            case list():
                return [self.value(item, depth + 1) for item in node]
            case str():
                return _text(node)
            case {"!t": str(code), "s": list(shape), **rest} if not rest:
                return self._tensor(code, shape)
            case {"!u": list(items), **rest} if not rest:
                return tuple(self.value(item, depth + 1) for item in items)
            case {"!m": list(pairs), **rest} if not rest:
                return self._dict(pairs, depth)
            case {"!f": "nan" | "inf" | "-inf" as literal, **rest} if not rest:
                return float(literal)
            case dict():
                raise WireError("an object that is no tensor, tuple, dict or float")
            case _:
                return node  # None, bool, int or float; `_parse` has checked their ranges

    def _dict(self, pairs: list[Any], depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for pair in pairs:
            if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
                raise WireError("an entry of a dict that is no pair of a name and a value")
            name = _text(pair[0])
            if name in result:
                raise WireError("a dict with the same key twice")
            result[name] = self.value(pair[1], depth + 1)
        return result

    def _tensor(self, code: str, shape: list[Any]) -> torch.Tensor:
        if code not in DTYPES:
            raise WireError("a tensor of an unknown dtype")
        if len(self.tensors) >= self._limits.tensors:
            raise WireError(f"more than {self._limits.tensors} tensors")
        if len(shape) > self._limits.dimensions:
            raise WireError(f"a tensor of more than {self._limits.dimensions} dimensions")
        # By exact type: JSON's true is an int to isinstance, and torch.empty takes it for 1.
        if not all(type(size) is int and size >= 0 for size in shape):
            raise WireError("a tensor with a size that is no natural number")
        if math.prod(max(size, 1) for size in shape) >= _ELEMENTS_BOUND:
            raise WireError("a tensor that is too large")
        dtype = DTYPES[code]
        self.claimed_bytes += math.prod(shape) * dtype.itemsize
        if self.claimed_bytes > self._body_bytes:
            raise WireError("tensors that do not fit into the body")
        self.tensors.append(torch.empty(shape, dtype=dtype, device="cpu"))
        return self.tensors[-1]


def _parse(header: bytes) -> Any:
    try:
        return json.loads(
            header.decode("utf-8"),
            parse_int=_integer,
            parse_float=_finite,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise WireError(f"a header that is not valid JSON: {type(error).__name__}") from None


def _integer(literal: str) -> int:
    # By length first: a million digits take minutes where the interpreter's own bound is off.
    number = int(literal) if len(literal) <= 20 else INT_BOUND
    if abs(number) >= INT_BOUND:
        raise WireError("an integer that does not fit into 64 bits")
    return number


def _finite(literal: str) -> float:
    number = float(literal)
    if not math.isfinite(number):  # 1e999 is inf to Python
        raise WireError("a number that does not fit into a float")
    return number


def _refuse_constant(literal: str) -> float:
    raise WireError(f"the literal {literal}, which is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise WireError("an object with the same key twice")
    return members


def _text(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise WireError("a string with a lone surrogate") from None
    return text
