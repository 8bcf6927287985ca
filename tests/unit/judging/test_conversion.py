"""What is taken from a returned value, whatever the numbers in it are."""

import time

import pytest
import torch

from autograder.judging.conversion import is_whole, stacked, take_one, take_several
from autograder.judging.mismatch import Mismatch


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        ([1, True], torch.int64),
        ([1, 2.5], torch.float64),
        ([1, 2j], torch.complex128),
        ([torch.tensor(1.0, dtype=torch.float16), 100_000], torch.float64),
    ],
)
def test_lists_become_the_widest_kind_of_number_in_them(value: object, dtype: torch.dtype) -> None:
    made = stacked(value, depth=1)
    assert made is not None
    assert made.dtype == dtype
    assert made.tolist() == [complex(v) if dtype.is_complex else v for v in value]


def test_lists_deeper_than_asked_for_make_no_tensor() -> None:
    assert stacked([[1.0]], depth=1) is None
    made = stacked([[1.0]], depth=2)
    assert made is not None
    assert made.shape == (1, 1)


def test_integers_beyond_64_bits_become_floats_or_infinity() -> None:
    made = stacked([2**63 - 1, -(2**63)], depth=1)
    assert made is not None
    assert made.tolist() == [2**63 - 1, -(2**63)]
    assert stacked(2**63, depth=0) == 2.0**63
    assert stacked(10**400, depth=0) == float("inf")


def test_a_tensor_keeps_its_dtype_and_takes_the_expected_shape() -> None:
    taken = take_one(torch.ones(3, dtype=torch.float16, requires_grad=True), torch.Size([1, 3]), "")
    assert taken.dtype == torch.float16
    assert taken.shape == (1, 3)
    assert not taken.requires_grad


def test_a_tuple_is_a_vector_where_it_fits_and_extra_returns_where_not() -> None:
    assert take_one((1.0, 2.0), torch.Size([2]), "").tolist() == [1.0, 2.0]
    assert take_one((1.0, 2.0), torch.Size([]), "").item() == 1.0
    with pytest.raises(Mismatch, match=r"Shape is \(2,\), expected \(3,\)"):
        take_one((1.0, 2.0), torch.Size([3]), "")


def test_a_list_is_never_cut_to_its_first_value() -> None:
    with pytest.raises(Mismatch, match="expected a single number"):
        take_one([1.0, 2.0], torch.Size([]), "")


def test_values_come_in_the_expected_order() -> None:
    assert take_several({"b": 2, "w": 1}, {"w": 0.0, "b": 0.0}, "") == [1, 2]
    assert take_several({"v": 2, "w": 1}, {"w": 0.0, "b": 0.0}, "") == [2, 1]
    assert take_several(5, (0.0,), "") == [5]


def test_a_matrix_is_not_several_values() -> None:
    with pytest.raises(Mismatch, match=r"At x: shape is \(2, 2\), expected 2 values"):
        take_several(torch.ones(2, 2), (torch.ones(2), torch.ones(2)), "at x: ")


def test_integers_and_bools_are_whole() -> None:
    assert is_whole(torch.tensor([True]))
    assert is_whole(torch.tensor([1], dtype=torch.uint8))
    assert not is_whole(torch.tensor([1.0]))
    assert not is_whole(torch.tensor([1j]))


def test_too_many_numbers_for_several_values_are_refused_before_they_are_taken_apart():
    started = time.perf_counter()
    with pytest.raises(Mismatch, match="Number of values is many, expected 3"):
        take_several(torch.ones(8_000_000), (1.0, 2.0, 3.0), "")
    assert time.perf_counter() - started < 2
