"""Streams: known answers, independence, distributions."""

import hashlib
import hmac
import inspect
import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judging import draw as module
from autograder.judging.draw import Draw, Stream, derive

KEY = bytes(range(32))
unhurried = settings(deadline=None, database=None, derandomize=True, max_examples=60)
names = st.lists(st.one_of(st.text(max_size=6), st.integers(-9, 99)), min_size=1, max_size=3)


def stream(number: int = 0) -> Stream:
    return Stream(derive(KEY, number))


def test_a_key_is_hmac_sha256_of_the_names_with_type_and_length() -> None:
    message = b"s" + bytes(7) + b"\x02ab" + b"i" + bytes(7) + b"\x0212"
    assert derive(KEY, "ab", 12) == hmac.new(KEY, message, hashlib.sha256).digest()


@unhurried
@given(names, names)
def test_different_names_have_different_keys(one: list[str | int], two: list[str | int]) -> None:
    # bool is no name here; 1 and "1" differ by their type.
    same = [(type(n), n) for n in one] == [(type(n), n) for n in two]
    assert (derive(KEY, *one) == derive(KEY, *two)) == same


def test_keys_of_another_length_and_derivation_without_names_are_refused() -> None:
    with pytest.raises(ValueError, match="31 bytes"):
        derive(KEY[:31], "a")
    with pytest.raises(ValueError, match="33 bytes"):
        Stream(KEY + b"0")
    with pytest.raises(ValueError, match="name"):
        derive(KEY)


def test_words_are_shake256_of_key_and_counter_little_endian() -> None:
    first = hashlib.shake_256(KEY + bytes(8)).digest(16)
    second = hashlib.shake_256(KEY + bytes(7) + b"\x01").digest(8)
    ours = Stream(KEY)
    words = torch.cat([ours.integers(2, high=2**63), ours.integers(1, high=2**63)])
    expected = [int.from_bytes(b, "little") % 2**63 for b in (first[:8], first[8:], second)]
    assert words.tolist() == expected


def test_known_answers_stay_the_same_for_ever() -> None:
    """Grades of a published assignment rest on these: a change here is a new assignment version."""
    ours = Draw(KEY, "test_a.py::test_b").draw("inputs")
    assert ours.integers(5, low=-3, high=1000).tolist() == KNOWN["integers"]
    assert ours.permutation(6).tolist() == KNOWN["permutation"]
    assert ours.signs(6).tolist() == KNOWN["signs"]
    torch.testing.assert_close(ours.uniform(3), torch.tensor(KNOWN["uniform"]))
    torch.testing.assert_close(ours.normal(3), torch.tensor(KNOWN["normal"]))


KNOWN = {
    "integers": [898, 329, 231, 460, 263],
    "permutation": [5, 0, 4, 2, 1, 3],
    "signs": [1.0, -1.0, -1.0, -1.0, -1.0, -1.0],
    "uniform": [0.1980906, 0.5219809, 0.741595],
    "normal": [0.5752577, -1.4910733, -0.105286],
}


def test_one_purpose_goes_on_and_a_new_draw_begins_again() -> None:
    one, again = Draw(KEY, "t"), Draw(KEY, "t")
    first, second = one.draw("x").normal(4), one.draw("x").normal(4)
    assert one.draw("x") is one.draw("x")
    assert not torch.equal(first, second)
    assert torch.equal(again.draw("x").normal(4), first)
    assert torch.equal(again.draw("x").normal(4), second)


def test_tests_purposes_repeats_and_keys_share_no_number() -> None:
    other = bytes(reversed(KEY))
    draws = [
        Draw(key, test).draw(purpose, repeat).integers(500, high=2**63).tolist()
        for key, test, purpose, repeat in itertools.product(
            (KEY, other), ("a", "b"), ("x", "y", "x0"), (0, 1, 2)
        )
    ]
    drawn = [number for numbers in draws for number in numbers]
    assert len(set(drawn)) == len(drawn)


def test_the_order_in_which_streams_are_asked_for_does_not_matter() -> None:
    one, two = Draw(KEY, "t"), Draw(KEY, "t")
    x, y = one.draw("x").normal(3), one.draw("y").normal(3)
    assert torch.equal(two.draw("y").normal(3), y)
    assert torch.equal(two.draw("x").normal(3), x)


def test_torchs_generators_are_neither_used_nor_disturbed() -> None:
    before = torch.get_rng_state()
    ours = stream()
    ours.normal(10)
    ours.permutation(10)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(1)
    once = stream().normal(10)
    torch.manual_seed(2)
    assert torch.equal(stream().normal(10), once)
    assert "manual_seed" not in inspect.getsource(module)


def test_normal_numbers_have_the_mean_variance_and_tails_of_a_normal() -> None:
    x = stream().normal(200_000, dtype=torch.float64)
    assert abs(x.mean()) < 5 / 200_000**0.5
    assert abs(x.var() - 1) < 5 * (2 / 200_000) ** 0.5
    for bound, share in ((1.0, 0.31731), (2.0, 0.04550), (3.0, 0.00270)):
        found = (x.abs() > bound).double().mean()
        assert abs(found - share) < 5 * (share / 200_000) ** 0.5
    neighbours = torch.corrcoef(torch.stack([x[:-1], x[1:]]))[0, 1]
    assert abs(neighbours) < 5 / 200_000**0.5


def test_normal_takes_mean_std_dtype_and_odd_shapes() -> None:
    x = stream().normal(51, 301, mean=5.0, std=0.5, dtype=torch.float64)
    assert x.shape == (51, 301)
    assert x.dtype == torch.float64
    assert abs(x.mean() - 5) < 0.02
    assert abs(x.std() - 0.5) < 0.02
    assert stream().normal(2).dtype == torch.float32
    assert stream().normal().shape == ()
    assert stream().normal(0, 3).shape == (0, 3)


def test_streams_of_different_keys_are_uncorrelated() -> None:
    x = torch.stack([stream(k).normal(10_000) for k in range(8)])
    off_diagonal = torch.corrcoef(x) - torch.eye(8)
    assert off_diagonal.abs().max() < 5 / 10_000**0.5


def test_uniform_numbers_fill_their_interval_evenly() -> None:
    x = stream().uniform(100_000, low=-2.0, high=6.0, dtype=torch.float64)
    assert x.min() >= -2
    assert x.max() < 6
    counts = torch.histc(x, bins=16, min=-2, max=6)
    assert ((counts - 6250) ** 2 / 6250).sum() < 45  # chi square, 15 degrees: p = 8e-5
    with pytest.raises(ValueError, match="below"):
        stream().uniform(2, low=1.0, high=1.0)


@unhurried
@given(st.integers(-(2**63), 2**63 - 1), st.integers(1, 2**63), st.integers(0, 50))
def test_integers_stay_in_their_range(low: int, span: int, count: int) -> None:
    high = min(low + span, 2**63)
    drawn = stream().integers(count, low=low, high=high)
    assert drawn.shape == (count,)
    assert all(low <= number < high for number in drawn.tolist())


def test_integers_have_no_modulo_bias() -> None:
    """2**64 words modulo 3 * 2**61 would give the first two thirds half as often again."""
    span = 3 * 2**61
    drawn = stream().integers(30_000, high=span)
    counts = torch.bincount(drawn // 2**61, minlength=3).double()
    assert ((counts - 10_000) ** 2 / 10_000).sum() < 20  # chi square, 2 degrees: p = 5e-5
    with pytest.raises(ValueError, match="below"):
        stream().integers(2, low=3, high=3)
    with pytest.raises(ValueError, match="64 bits"):
        stream().integers(2, low=-1, high=2**63)


def test_every_order_is_equally_likely() -> None:
    ours = stream()
    counts = dict.fromkeys(itertools.permutations(range(3)), 0)
    for _ in range(6000):
        counts[tuple(ours.permutation(3).tolist())] += 1
    assert sum((count - 1000) ** 2 / 1000 for count in counts.values()) < 26  # 5 degrees: 9e-5
    assert sorted(ours.permutation(1000).tolist()) == list(range(1000))
    assert ours.permutation(0).tolist() == []


def test_signs_are_balanced() -> None:
    drawn = stream().signs(100, 100)
    assert drawn.dtype == torch.float32
    assert set(drawn.unique().tolist()) == {-1.0, 1.0}
    assert abs(drawn.mean()) < 5 / 100


def test_a_large_request_spans_blocks_without_repeating() -> None:
    words = stream().integers(300_000, high=2**63)
    assert words.unique().numel() == 300_000


def test_every_method_takes_a_dtype() -> None:
    ours = stream()
    assert ours.integers(2, high=5, dtype=torch.int32).dtype == torch.int32
    assert ours.permutation(2, dtype=torch.int32).dtype == torch.int32
    assert ours.signs(2, dtype=torch.float64).dtype == torch.float64
    assert ours.uniform(2, dtype=torch.float64).dtype == torch.float64
