"""The ground that both ends of the wire stand on: what a frame may hold, and how much of it.

Knows the dtypes, the limits and the error; does nothing itself. A frame is

    magic | u32 header length | u64 body length | JSON header | raw tensor bytes

and never a pickle, a class, a handle or code. In the header, lists, strings, finite numbers, true,
false and null stand for themselves; everything else is an object with a tag:

    {"!t": "f32", "s": [2, 3]}      a tensor; its bytes are the next ones of the body
    {"!u": [...]}                   a tuple
    {"!m": [[key, value], ...]}     a dict
    {"!f": "nan"}                   a float that JSON has no literal for
"""

import struct
from dataclasses import dataclass
from typing import Any, Final

import torch

MAGIC: Final = b"AGW1"
PREFIX: Final = struct.Struct("<4sIQ")
#: Integers of the header are smaller than this, whatever their sign.
INT_BOUND: Final = 1 << 63

DTYPES: Final = {
    "b": torch.bool,
    "u8": torch.uint8,
    "u16": torch.uint16,
    "u32": torch.uint32,
    "u64": torch.uint64,
    "i8": torch.int8,
    "i16": torch.int16,
    "i32": torch.int32,
    "i64": torch.int64,
    "f16": torch.float16,
    "bf16": torch.bfloat16,
    "f32": torch.float32,
    "f64": torch.float64,
    "c64": torch.complex64,
    "c128": torch.complex128,
}


class WireError(Exception):
    """A value that cannot be sent, or a frame that breaks the rules."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a receiver puts up with.

    Attributes:
        header_bytes: Length of the JSON.
        body_bytes: Length of all tensors together.
        tensors: Number of tensors.
        dimensions: Dimensions of one tensor.
        depth: Nesting of lists, tuples and dicts.
        nodes: Number of values, containers included.
    """

    header_bytes: int = 1 << 20
    body_bytes: int = 1 << 28
    tensors: int = 4096
    dimensions: int = 8
    depth: int = 12
    nodes: int = 200_000


def bytes_of(tensor: torch.Tensor) -> memoryview:
    """Return the bytes of a contiguous CPU tensor of any shape and dtype, sharing its memory."""
    if not tensor.numel():
        return memoryview(b"")
    # Not reshape: a contiguous tensor of one element may have any stride, and then has no view.
    array: Any = tensor.as_strided((tensor.numel(),), (1,)).view(torch.uint8).numpy()
    return memoryview(array)
