"""Flat submissions and files as values that the wire takes: contents become tensors of bytes.

Shared by both sides. What arrives from the sandbox is rebuilt with `FlatSubmission.from_plain`, which trusts nothing.
"""

from collections.abc import Mapping
from typing import Any

import torch

from autograder.submission.flatten import FlatSubmission


def to_tensor(content: bytes) -> torch.Tensor:
    """The bytes as uint8, shape (n,)."""
    if not content:
        return torch.empty(0, dtype=torch.uint8)
    return torch.frombuffer(bytearray(content), dtype=torch.uint8)


def from_tensor(tensor: torch.Tensor) -> bytes:
    """What `to_tensor` was given."""
    return tensor.numpy().tobytes()


def flat_to_wire(flat: FlatSubmission) -> dict[str, Any]:
    """A flat submission as a value for the wire."""
    files = [[name, to_tensor(content)] for name, content in flat.data_files]
    return {**flat.to_plain(), "data_files": files}


def flat_from_wire(value: Mapping[str, Any]) -> FlatSubmission:
    """Rebuilds what `flat_to_wire` made.

    Raises:
        ValueError: Or TypeError, KeyError, AttributeError: the value has not that form.
    """
    files = [[name, from_tensor(content)] for name, content in value["data_files"]]
    return FlatSubmission.from_plain({**value, "data_files": files})
