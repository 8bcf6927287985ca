"""The idx format of MNIST's files: a header with the shape, then the bytes.

Knows unsigned bytes only, the one type that MNIST has. Refuses to know what the numbers mean.
"""

import math
import struct
from dataclasses import dataclass
from typing import Final

from autograder.datasets.originals import Buffer

__all__ = ["Header", "encode", "read_header"]

#: The third byte of an idx file: its elements are unsigned bytes.
_UNSIGNED_BYTE: Final = 0x08


@dataclass(frozen=True, slots=True)
class Header:
    """What an idx file says of itself.

    Attributes:
        shape: Length of each dimension, the slowest first.
        size: Bytes of the header: where the elements begin.
    """

    shape: tuple[int, ...]
    size: int


def read_header(content: Buffer) -> Header:
    """Returns the header of a whole idx file of unsigned bytes.

    Raises:
        ValueError: It is no such file, or longer or shorter than its header says.

    Source: The idx file format, on the page of the MNIST database.
    """
    start = bytes(content[:4])
    if len(start) < 4 or start[:2] != b"\0\0":
        msg = f"expected an idx file, which begins with two zero bytes, got {start!r}"
        raise ValueError(msg)
    kind, dimensions = start[2], start[3]
    if kind != _UNSIGNED_BYTE:
        msg = f"expected an idx file of unsigned bytes (type 0x08), got type {kind:#04x}"
        raise ValueError(msg)
    size = 4 + 4 * dimensions
    if len(content) < size:
        msg = f"expected a header of {size} bytes, got {len(content)}"
        raise ValueError(msg)
    shape = struct.unpack(f">{dimensions}I", bytes(content[4:size]))
    expected = size + math.prod(shape)
    if len(content) != expected:
        msg = f"expected {expected:,} bytes for the shape {shape}, got {len(content):,}"
        raise ValueError(msg)
    return Header(shape, size)


def encode(shape: tuple[int, ...], elements: bytes) -> bytes:
    """Returns the idx file of unsigned bytes with this shape and these elements."""
    header = struct.pack(f">4B{len(shape)}I", 0, 0, _UNSIGNED_BYTE, len(shape), *shape)
    return header + elements
