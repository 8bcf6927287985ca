"""How far values lie from the expected ones: errors, the bounds on them, and both in words.

Knows two tensors of one shape and a tolerance. Refuses to know which tolerance is fair.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from autograder.judging.conversion import is_whole

__all__ = ["Difference", "Measured", "Note", "Tolerance", "widened"]


@dataclass(frozen=True, slots=True)
class Measured:
    """One value that was compared.

    Attributes:
        place: Which of several returned values, with a colon at its end; empty where there is one.
        strain: The worst error in units of what was allowed: above 1 the value is wrong.
        got: The answer in the expected shape and its own dtype.
    """

    place: str
    strain: float
    rtol: float
    atol: float
    got: Tensor
    expected: Tensor


#: Is told of every value that was compared.
Note = Callable[[Measured], None]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a value may lie from the expected one."""

    rtol: float
    atol: float


def widened(values: Tensor) -> Tensor:
    """Returns the values in float64, or complex128 where they are complex."""
    return values.to(torch.complex128 if values.is_complex() else torch.float64)


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference of two tensors and the bounds on it; flat float64, in units of `scale`.

    Attributes:
        scale: A power of two near the greatest expected value. Dividing by it is exact; without it
            the norm of values of 1e200 would be infinite, and an infinite bound allows anything.
        size: Of each expected element, (n,).
        error: Of each element, (n,).
        allowed: Bound on each error, (n,).
        allowed_norm: Bound on the norm of all errors.
    """

    scale: float
    size: Tensor
    error: Tensor
    allowed: Tensor
    allowed_norm: float

    @classmethod
    def between(cls, got: Tensor, wanted: Tensor, tolerance: Tolerance) -> "Difference":
        """Measures `got` against `wanted`: of one shape, finite, not empty."""
        actual, expected = widened(got).reshape(-1), widened(wanted).reshape(-1)
        greatest = max(float(expected.abs().max()), tolerance.atol)
        scale = math.ldexp(1.0, math.frexp(greatest)[1] - 1) if greatest > 0 else 1.0
        size = (expected / scale).abs()
        error = (actual / scale - expected / scale).abs()
        if is_whole(got) and is_whole(wanted):  # float64 cannot tell 2**53 from 2**53 + 1
            same = got.reshape(-1).long() == wanted.reshape(-1).long()
            error = torch.where(same, 0.0, error.clamp(min=1.0 / scale))
        rms = float(size.norm()) / math.sqrt(size.numel())
        atol = tolerance.atol / scale
        allowed = tolerance.rtol * (size + rms) + atol
        allowed_norm = math.sqrt(size.numel()) * (tolerance.rtol * rms + atol)
        return cls(scale, size, error, allowed, allowed_norm)

    def is_allowed(self) -> bool:
        """True where every error and their norm are within bounds; in the form that NaN fails."""
        every = bool((self.error <= self.allowed).all())
        return every and float(self.error.norm()) <= self.allowed_norm

    def strain(self) -> float:
        """The worst error, or their norm, in units of what is allowed; infinite where nothing is."""
        errors = torch.cat([self.error, self.error.norm().reshape(1)])
        allowed = torch.cat([self.allowed, torch.tensor([self.allowed_norm], dtype=torch.float64)])
        return float(torch.where(errors > 0, errors / allowed, 0.0).max())

    def words(self) -> str:
        """Describes the difference to a student.

        In powers of ten only: someone who returns chosen numbers and reads how far off they are
        would otherwise learn an expected value digit by digit.
        """
        norm = float(self.size.norm())
        ratio = float(self.error.norm()) / norm if norm > 0 else math.inf
        percents = (1000.0, 100.0, 10.0, 1.0, 0.1)
        above = next((f"more than {p:g} %" for p in percents if 100 * ratio > p), "less than 0.1 %")
        if self.error.numel() == 1:
            return f"the value is off by {above}"
        # Where only the norm is out of bounds, count the errors above what it allows on average.
        average = self.allowed_norm / math.sqrt(self.error.numel())
        count = int((self.error > self.allowed).sum()) or int((self.error > average).sum())
        return f"{count} of {self.error.numel()} elements differ; the whole is off by {above}"

    def detail(self, got: Tensor, wanted: Tensor, tolerance: Tolerance) -> str:
        """Describes to staff the element furthest out of bounds, and the bounds."""
        worst = (self.error - self.allowed).argmax()
        index = tuple(int(i) for i in torch.unravel_index(worst, wanted.shape))
        return (
            f"Worst at index {index}: got {got[index].item():.9g}, "
            f"expected {wanted[index].item():.9g}, "
            f"difference {float(self.error[worst]) * self.scale:.3g}, "
            f"allowed {float(self.allowed[worst]) * self.scale:.3g}; "
            f"norm of the difference {float(self.error.norm()) * self.scale:.3g}, "
            f"allowed {self.allowed_norm * self.scale:.3g} "
            f"(rtol {tolerance.rtol:g}, atol {tolerance.atol:g}, {got.dtype})."
        )
