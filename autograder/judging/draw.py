"""Secret streams of numbers: every input, label and starting point of a hidden test is drawn here.

Knows a key and names. Refuses to know the clock, the student and torch's generators: on the CPU the
Mersenne twister behind torch.Generator takes 32 bits of its seed, so that a student who saw one
test's inputs could try all seeds and then compute every other draw. Here a stream is SHAKE-256 of a
key of 256 bits, and keys follow from the course's secret by HMAC-SHA-256: no stream tells anything
of another, and the same names give the same numbers on every machine.
"""

import hashlib
import math
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from autograder.judging.seeds import KEY_BYTES, check_key, derive

__all__ = ["KEY_BYTES", "Draw", "Stream", "derive"]

#: Bytes taken from one counter value, so that no single hash output grows with the request.
_BLOCK_BYTES: Final = 1 << 20


class Stream:
    """Numbers that only the holder of the key can tell; each call goes on where the last one ended.

    All shapes are given as integers: `stream.normal(7, 3)`. No arguments give a tensor of shape ().
    """

    def __init__(self, key: bytes) -> None:
        check_key(key)
        self._key = key
        self._counter = 0

    def normal(
        self,
        *shape: int,
        dtype: torch.dtype = torch.float32,
        mean: float = 0.0,
        std: float = 1.0,
    ) -> Tensor:
        """Returns independent normal numbers of the given shape.

        Computed in float64 and rounded once to `dtype`, which all but hides that processors differ
        in the last bit of log and cos.

        Source: Box and Muller (1958), A note on the generation of random normal deviates.
        """
        count = math.prod(shape)
        pairs = (count + 1) // 2
        uniform = self._uniform(2 * pairs)
        positive = 1.0 - uniform[:pairs]  # in (0, 1]: its logarithm is finite
        radius = torch.sqrt(-2.0 * torch.log(positive))
        angle = 2.0 * math.pi * uniform[pairs:]
        values = torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)], dim=1)
        return (mean + std * values.reshape(-1)[:count]).to(dtype).reshape(shape)

    def uniform(
        self,
        *shape: int,
        low: float = 0.0,
        high: float = 1.0,
        dtype: torch.dtype = torch.float32,
    ) -> Tensor:
        """Returns independent uniform numbers from `low` up to `high`, which only rounding reaches.

        Raises:
            ValueError: `high` is not above `low`.
        """
        if not low < high:
            msg = f"low is {low} and high is {high}; low must be below high"
            raise ValueError(msg)
        return (low + (high - low) * self._uniform(math.prod(shape))).to(dtype).reshape(shape)

    def integers(
        self, *shape: int, low: int = 0, high: int, dtype: torch.dtype = torch.int64
    ) -> Tensor:
        """Returns independent integers, each of low, ..., high - 1 equally likely.

        Raises:
            ValueError: `high` is not above `low`, or the two span more than 2**63 numbers.
        """
        span = high - low
        if not 0 < span <= 2**63 or not -(2**63) <= low < high <= 2**63:
            msg = f"low is {low} and high is {high}; low must be below high, both within 64 bits"
            raise ValueError(msg)
        count = math.prod(shape)
        # The remainder of words above the last multiple of span would favour small numbers.
        last = np.uint64(2**64 - 2**64 % span - 1)
        kept = np.empty(0, dtype=np.uint64)
        while kept.size < count:
            words = self._words(count - kept.size)
            kept = np.concatenate([kept, words[words <= last]])
        offsets = torch.from_numpy((kept % np.uint64(span)).astype(np.int64))
        return (offsets + low).to(dtype).reshape(shape)

    def permutation(self, n: int, *, dtype: torch.dtype = torch.int64) -> Tensor:
        """Returns 0, ..., n - 1 in random order, every order equally likely; shape (n,)."""
        words = self._words(n)
        while np.unique(words).size < n:  # the order of equal words would not be random
            words = self._words(n)
        return torch.from_numpy(np.argsort(words, kind="stable").astype(np.int64)).to(dtype)

    def signs(self, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
        """Returns independent numbers, each -1 or +1 with equal probability."""
        return (2 * self.integers(*shape, low=0, high=2) - 1).to(dtype)

    def _uniform(self, count: int) -> Tensor:
        """The next `count` numbers k / 2**53 in [0, 1), float64."""
        whole = (self._words(count) >> np.uint64(11)).astype(np.float64)
        return torch.from_numpy(whole * 2.0**-53)

    def _words(self, count: int) -> NDArray[np.uint64]:
        """The next `count` words of 64 bits, little-endian on every machine."""
        missing = 8 * count
        blocks = []
        while missing > 0:
            size = min(missing, _BLOCK_BYTES)
            # The key has a fixed length, so key and counter cannot be mistaken for another pair.
            block = hashlib.shake_256(self._key + self._counter.to_bytes(8, "big"))
            blocks.append(block.digest(size))
            self._counter += 1
            missing -= size
        return np.frombuffer(b"".join(blocks), dtype="<u8").astype(np.uint64)


class Draw:
    """The streams of one test, one for each purpose.

    Args:
        key: Key of the assignment version, 32 bytes.
        test_id: Name of the test: tests share no stream.
    """

    def __init__(self, key: bytes, test_id: str) -> None:
        self._key = derive(key, test_id)
        self._streams: dict[tuple[str, int], Stream] = {}

    def draw(self, purpose: str, repeat: int = 0) -> Stream:
        """Returns the stream for `purpose`; asked again, the same one, which goes on.

        Args:
            purpose: What the numbers are for: "inputs", "labels", "start"; none tells of another.
            repeat: Tells rounds of one purpose apart.
        """
        name = (purpose, repeat)
        if name not in self._streams:
            self._streams[name] = Stream(derive(self._key, purpose, repeat))
        return self._streams[name]
