"""The sender's half of the wire: a plain value becomes JSON and the bytes of its tensors.

Runs in the student's process as much as in the grader's, so nothing rests on it: what it refuses is
refused early and with a helpful message, and the receiver (`decoding`) believes none of it.
"""

import json
import math
from typing import Any, Final

import numpy as np
import torch

from autograder.worker.frame import DTYPES, INT_BOUND, Limits, WireError, bytes_of

_CODES: Final = {dtype: code for code, dtype in DTYPES.items()}


def to_frame(value: Any, limits: Limits) -> tuple[bytes, list[memoryview]]:
    """Turn a value into JSON and the bytes of its tensors.

    Args:
        value: See `wire.encode`.
        limits: All but `body_bytes` are kept.

    Returns:
        The JSON, and the bytes of each tensor that is not empty, sharing memory with CPU tensors.

    Raises:
        WireError: If the value, or something in it, cannot be sent.
    """
    encoder = _Encoder(limits)
    tree = encoder.node(value, 0)
    header = json.dumps(tree, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
    if len(header) > limits.header_bytes:
        raise WireError(
            f"cannot send {len(header)} bytes of text and numbers, at most {limits.header_bytes}; "
            "send a tensor instead"
        )
    return header, encoder.buffers


class _Encoder:
    """Collects the JSON tree and the tensors' bytes of one value."""

    def __init__(self, limits: Limits) -> None:
        self.buffers: list[memoryview] = []
        self._limits = limits
        self._tensors = 0
        self._nodes = 0
        self._characters = 0

    def node(self, value: Any, depth: int) -> Any:
        self._nodes += 1
        if self._nodes > self._limits.nodes:
            raise WireError(f"cannot send more than {self._limits.nodes} values; send a tensor")
        if depth > self._limits.depth:
            raise WireError(f"cannot send values nested deeper than {self._limits.depth}")
        # Containers by what they are made of: a namedtuple is a tuple, an OrderedDict a dict. The base class's own
        # iterator is asked, since a subclass may lie about itself.
        if isinstance(value, list):
            return [self.node(item, depth + 1) for item in list.__iter__(value)]
        if isinstance(value, tuple):
            return {"!u": [self.node(item, depth + 1) for item in tuple.__iter__(value)]}
        if isinstance(value, dict):
            return {"!m": self._pairs(value, depth)}
        if isinstance(value, torch.Tensor):
            return self._tensor(value)
        if isinstance(value, np.ndarray):
            return self._tensor(_from_numpy(value))
        return self._scalar(value.item() if isinstance(value, np.generic) else value)

    def _pairs(self, mapping: dict[Any, Any], depth: int) -> list[list[Any]]:
        pairs: dict[str, Any] = {}
        for key, value in dict.items(mapping):
            if type(key) is not str:
                raise WireError(f"cannot send a dict with a key of type {type(key).__name__}")
            name = self._text(key)
            if name in pairs:
                raise WireError("cannot send a dict whose keys differ in lone surrogates only")
            pairs[name] = self.node(value, depth + 1)
        return [[name, node] for name, node in pairs.items()]

    def _scalar(self, value: Any) -> Any:
        kind = type(value)  # exact: an enum is not the text or number that it looks like
        if value is None or kind is bool:
            return value
        if kind is str:
            return self._text(value)
        if kind is int:
            if abs(value) >= INT_BOUND:
                raise WireError("cannot send an int that does not fit into 64 bits")
            return value
        if kind is float:
            return value if math.isfinite(value) else {"!f": repr(value)}
        raise WireError(f"cannot send {kind.__name__}")

    def _text(self, text: str) -> str:
        # Counted in all: a thousand references to one long string become a gigabyte of JSON.
        self._characters += len(text)
        if self._characters > self._limits.header_bytes:
            raise WireError(f"cannot send more than {self._limits.header_bytes} characters")
        # A lone surrogate has no UTF-8: the receiver refuses it, for whoever writes it to a file.
        return text if text.isascii() else text.encode("utf-8", errors="replace").decode("utf-8")

    def _tensor(self, value: torch.Tensor) -> dict[str, Any]:
        self._tensors += 1
        if self._tensors > self._limits.tensors:
            raise WireError(f"cannot send more than {self._limits.tensors} tensors")
        # A subclass's __torch_function__ may return anything at all: it must not see these calls.
        with torch._C.DisableTorchFunctionSubclass():  # noqa: SLF001  torch's documented switch
            try:
                plain = _plain(value)
                view = bytes_of(plain)
            except (RuntimeError, TypeError) as error:
                reason = str(error).partition("\n")[0]
                raise WireError(f"cannot send a tensor: {reason}") from error
            if plain.dim() > self._limits.dimensions:
                raise WireError(f"cannot send more than {self._limits.dimensions} dimensions")
            if view.nbytes:
                self.buffers.append(view)
            return {"!t": _CODES[plain.dtype], "s": list(plain.shape)}


def _plain(value: torch.Tensor) -> torch.Tensor:
    if value.layout != torch.strided:
        raise WireError(f"cannot send a tensor of layout {value.layout}; use to_dense()")
    if value.dtype not in _CODES:
        raise WireError(f"cannot send a tensor of dtype {value.dtype}")
    return value.detach().to("cpu").resolve_conj().resolve_neg().contiguous()


def _from_numpy(array: Any) -> torch.Tensor:
    try:
        # A copy with native byte order, positive strides and no subclass: torch takes nothing else.
        dtype = array.dtype.newbyteorder("=")
        return torch.from_numpy(np.array(array, dtype=dtype, order="C", subok=False))
    except (TypeError, ValueError) as error:
        raise WireError(f"cannot send a NumPy array of dtype {array.dtype}") from error
