"""Says whether what a submission returned equals the expected values, and if not, in which words.

Knows numbers and tolerances. Refuses to know tests, points, students and where a value came from;
nothing that it says to a student holds an expected value or a tolerance. A right answer in another
style passes (`conversion`), but only if it is near both as a whole and at its worst element.
"""

import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from autograder.judging.conversion import Number, is_whole, stacked, take_one, take_several
from autograder.judging.mismatch import Mismatch, mismatch_at

__all__ = ["Mismatch", "close"]


@dataclass(frozen=True, slots=True)
class _Tolerance:
    """How far a value may lie from the expected one."""

    rtol: float
    atol: float


#: Sound float32 code lies within 2e-6 of the root mean square of its values, 5e-5 near an optimum,
#: where terms cancel (measured in tests/unit/judging/test_compare.py); a wrong factor or a dropped
#: term is seldom below 1e-3. Float64 and Python floats get the same as float32: a loss that went
#: through `.item()` is a Python float and no more exact than before.
_FLOAT: Final = _Tolerance(1e-4, 1e-6)

#: Where the *author* expects half precision: about ten units in the last place. A submission that
#: returns half precision unasked gets nothing for it, or `.bfloat16()` would excuse errors of 1 %.
_FLOAT16: Final = _Tolerance(1e-2, 1e-4)
_BFLOAT16: Final = _Tolerance(8e-2, 1e-3)

#: Whole numbers (counts, labels) are exact. Where they come back as floats the rounding of float32
#: is forgiven; an error of one in numbers below 500,000 is not.
_EXACT: Final = _Tolerance(0.0, 0.0)
_WHOLE: Final = _Tolerance(1e-6, 1e-6)


def close(
    actual: object, expected: object, *, rtol: float | None = None, atol: float | None = None
) -> None:
    """Returns if `actual` equals `expected` within tolerance, else raises `Mismatch`.

    With d the difference, e the expected values, n their number, rms(e) = norm(e) / sqrt(n), both
    must hold:

        norm(d) <= rtol * norm(e) + atol * sqrt(n)        as a whole
        |d_i|   <= rtol * (|e_i| + rms(e)) + atol         every element i

    The rms makes the second fair to rounding, which follows the size of the terms of a sum and not
    that of its result; without the second, one wrong element of many would hide in the norm. The
    order is type, structure, shape, kind of number, finite, values; the first that fails is told.

    Args:
        actual: What the submission returned: tensors of any dtype, numbers, or tuples, lists and
            dicts of those. For one number any shape with one element will do; a vector of N may
            come as (N,), (N, 1), (1, N) or a list; everything else must have exactly the expected
            shape. Integers and bools count as numbers; complex ones only where expected.
        expected: A tensor, a number, or a tuple, list or dict of those, all finite. A tuple or dict
            stands for several returned values: they are taken by position (by name where both are
            dicts and the names agree), and more values at the end are ignored, as after
            `return w, b, losses`; so are those after the first where one value is expected and a
            tuple or dict came. A list stands for a series: its length must be equal.
        rtol: Allowed difference relative to the expected size. Default: 1e-4; 1e-2 and 8e-2 where
            `expected` is float16 and bfloat16; 0 where whole numbers are expected and came. What
            amplifies rounding (softmax of logits in the thousands) and values after training need
            their own, for instance 1e-3.
        atol: Allowed absolute difference. Default: 1e-6; 1e-4 and 1e-3 for half precision; 0 for
            whole numbers. Give 0 where expected values are as small as that, or zeros would pass.

    Raises:
        Mismatch: The values differ.
        TypeError: `expected`, `rtol` or `atol` is not as described: the test's author's mistake.

    Source: peers.md section 6 (the rule), misconceptions.md section 3 (V01-V09, V30).
    """
    for name, value in (("rtol", rtol), ("atol", atol)):
        if value is not None and not 0 <= value < math.inf:
            msg = f"{name} is {value!r}; it must be a finite number, zero or more"
            raise TypeError(msg)
    _check_expected(expected)
    _compare(actual, expected, rtol, atol, place="")


def _check_expected(expected: object) -> None:
    """Refuses an `expected` that could judge no answer, before any answer is looked at."""
    if isinstance(expected, list | tuple | dict):
        items = list(expected.values()) if isinstance(expected, dict) else expected
        if not items:
            msg = "expected holds no values: nothing would be compared"
            raise TypeError(msg)
        for item in items:
            _check_expected(item)
        return
    if not isinstance(expected, Tensor | Number):
        msg = (
            "expected must be a tensor, a number, or a tuple, list or dict of those; "
            f"got {type(expected).__name__}"
        )
        raise TypeError(msg)
    values = _wanted(expected)
    if values.numel() == 0:
        msg = "expected has no elements: nothing would be compared"
        raise TypeError(msg)
    if not torch.isfinite(_widened(values)).all():
        msg = "expected holds NaN or infinity; only finite numbers can be compared"
        raise TypeError(msg)


def _compare(
    actual: object, expected: object, rtol: float | None, atol: float | None, place: str
) -> None:
    """Compares one value, or several by position; `place` is where in the returned value it is."""
    if not isinstance(expected, list | tuple | dict):
        wanted = _wanted(expected)
        _compare_tensors(take_one(actual, wanted.shape, place), wanted, rtol, atol, place)
        return
    items = list(expected.values()) if isinstance(expected, dict) else list(expected)
    values = take_several(actual, expected, place)
    for position, (value, item) in enumerate(zip(values, items, strict=True), start=1):
        _compare(value, item, rtol, atol, f"{place}value {position} of {len(items)}: ")


def _compare_tensors(
    got: Tensor, wanted: Tensor, rtol: float | None, atol: float | None, place: str
) -> None:
    """Compares two tensors of one shape."""
    if got.is_complex() and not wanted.is_complex():
        raise mismatch_at(place, "the values are complex numbers, expected real ones")
    count = got.numel()
    not_finite = count - int(torch.isfinite(_widened(got)).sum())
    if not_finite:
        some = f"{not_finite} of {count} elements are NaN or infinite"
        raise mismatch_at(place, some if count > 1 else "the value is NaN or infinite")
    default = _default_tolerance(got, wanted)
    tolerance = _Tolerance(
        default.rtol if rtol is None else rtol, default.atol if atol is None else atol
    )
    difference = _Difference.between(got, wanted, tolerance)
    if not difference.is_allowed():
        raise mismatch_at(place, difference.words(), difference.detail(got, wanted, tolerance))


def _default_tolerance(got: Tensor, wanted: Tensor) -> _Tolerance:
    if is_whole(wanted):
        return _EXACT if is_whole(got) else _WHOLE
    if wanted.dtype == torch.float16:
        return _FLOAT16
    return _BFLOAT16 if wanted.dtype == torch.bfloat16 else _FLOAT


def _wanted(expected: object) -> Tensor:
    tensor = stacked(expected, depth=0)
    assert tensor is not None, "_check_expected let only tensors and numbers through"
    return tensor.cpu()


def _widened(values: Tensor) -> Tensor:
    return values.to(torch.complex128 if values.is_complex() else torch.float64)


@dataclass(frozen=True, slots=True)
class _Difference:
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
    def between(cls, got: Tensor, wanted: Tensor, tolerance: _Tolerance) -> "_Difference":
        """Measures `got` against `wanted`: of one shape, finite, not empty."""
        actual, expected = _widened(got).reshape(-1), _widened(wanted).reshape(-1)
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

    def detail(self, got: Tensor, wanted: Tensor, tolerance: _Tolerance) -> str:
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
