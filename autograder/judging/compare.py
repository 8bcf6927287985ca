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
from autograder.judging.difference import Difference, Measured, Note, Tolerance, widened
from autograder.judging.mismatch import Mismatch, mismatch_at

__all__ = ["Measured", "Mismatch", "Note", "close", "rtol_after"]


#: Sound float32 code lies within 2e-6 of the root mean square of its values, 5e-5 near an optimum,
#: where terms cancel (measured in tests/unit/judging/test_compare.py); a wrong factor or a dropped
#: term is seldom below 1e-3. Float64 and Python floats get the same as float32: a loss that went
#: through `.item()` is a Python float and no more exact than before.
_FLOAT: Final = Tolerance(1e-4, 1e-6)

#: Where the *author* expects half precision: about ten units in the last place. A submission that
#: returns half precision unasked gets nothing for it, or `.bfloat16()` would excuse errors of 1 %.
_FLOAT16: Final = Tolerance(1e-2, 1e-4)
_BFLOAT16: Final = Tolerance(8e-2, 1e-3)

#: Whole numbers (counts, labels) are exact. Where they come back as floats the rounding of float32
#: is forgiven; an error of one in numbers below 500,000 is not.
_EXACT: Final = Tolerance(0.0, 0.0)
_WHOLE: Final = Tolerance(1e-6, 1e-6)


def close(
    actual: object,
    expected: object,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    operations: int | None = None,
    note: Note | None = None,
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
        operations: Instead of `rtol`: how many roundings lie between the input and a value, such
            as N * D for a sum over a table; see `rtol_after`.
        note: Told of every value that was compared, right or wrong.

    Raises:
        Mismatch: The values differ.
        TypeError: `expected`, `rtol`, `atol` or `operations` is not as described: the test's
            author's mistake.

    Source: peers.md section 6 (the rule), misconceptions.md section 3 (V01-V09, V30).
    """
    for name, value in (("rtol", rtol), ("atol", atol)):
        if value is not None and not 0 <= value < math.inf:
            msg = f"{name} is {value!r}; it must be a finite number, zero or more"
            raise TypeError(msg)
    if operations is not None:
        if rtol is not None or operations < 1:
            msg = f"operations is {operations!r}; it must be 1 or more, and stands in the place of rtol"
            raise TypeError(msg)
        rtol = rtol_after(operations)
    _check_expected(expected)
    _compare(actual, expected, _Asked(rtol, atol, note), place="")


def rtol_after(operations: int) -> float:
    """Returns the relative tolerance that is fair after so many roundings in float32.

    Roundings are as good as random, so that their sum grows with the square root of their number:
    64 eps sqrt(n), and never below 1e-6. Measured in tests/unit/judging/test_compare.py: sums, dot
    products and chains of products of up to 100,000 terms stay below a tenth of it.

    Source: Higham (2002), Accuracy and Stability of Numerical Algorithms, section 2.8.
    """
    return max(1e-6, 64 * torch.finfo(torch.float32).eps * math.sqrt(operations))


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
    if not torch.isfinite(widened(values)).all():
        msg = "expected holds NaN or infinity; only finite numbers can be compared"
        raise TypeError(msg)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the test's author asked for; None where the default is fair."""

    rtol: float | None
    atol: float | None
    note: Note | None


def _compare(actual: object, expected: object, asked: _Asked, place: str) -> None:
    """Compares one value, or several by position; `place` is where in the returned value it is."""
    if not isinstance(expected, list | tuple | dict):
        wanted = _wanted(expected)
        _compare_tensors(take_one(actual, wanted.shape, place), wanted, asked, place)
        return
    items = list(expected.values()) if isinstance(expected, dict) else list(expected)
    values = take_several(actual, expected, place)
    for position, (value, item) in enumerate(zip(values, items, strict=True), start=1):
        _compare(value, item, asked, f"{place}value {position} of {len(items)}: ")


def _compare_tensors(got: Tensor, wanted: Tensor, asked: _Asked, place: str) -> None:
    """Compares two tensors of one shape."""
    if got.is_complex() and not wanted.is_complex():
        raise mismatch_at(place, "the values are complex numbers, expected real ones")
    count = got.numel()
    not_finite = count - int(torch.isfinite(widened(got)).sum())
    if not_finite:
        some = f"{not_finite} of {count} elements are NaN or infinite"
        raise mismatch_at(place, some if count > 1 else "the value is NaN or infinite")
    default = _default_tolerance(got, wanted)
    tolerance = Tolerance(
        default.rtol if asked.rtol is None else asked.rtol,
        default.atol if asked.atol is None else asked.atol,
    )
    difference = Difference.between(got, wanted, tolerance)
    if asked.note is not None:
        asked.note(
            Measured(place, difference.strain(), tolerance.rtol, tolerance.atol, got, wanted)
        )
    if not difference.is_allowed():
        raise mismatch_at(place, difference.words(), difference.detail(got, wanted, tolerance))


def _default_tolerance(got: Tensor, wanted: Tensor) -> Tolerance:
    if is_whole(wanted):
        return _EXACT if is_whole(got) else _WHOLE
    if wanted.dtype == torch.float16:
        return _FLOAT16
    return _BFLOAT16 if wanted.dtype == torch.bfloat16 else _FLOAT


def _wanted(expected: object) -> Tensor:
    tensor = stacked(expected, depth=0)
    assert tensor is not None, "_check_expected let only tensors and numbers through"
    return tensor.cpu()
