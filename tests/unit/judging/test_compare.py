"""What `close` accepts, rejects, and says; rates are measured on fixed seeds."""

import math
from collections import namedtuple
from collections.abc import Callable, Iterator

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from autograder.judging.compare import Mismatch, close

unhurried = settings(deadline=None, database=None, derandomize=True, max_examples=60)
SCALES = [1e-3, 1e-2, 1.0, 1e2, 1e3]


def differ(actual: object, expected: object, **tolerance: float) -> Mismatch:
    with pytest.raises(Mismatch) as caught:
        close(actual, expected, **tolerance)
    return caught.value


def passes(actual: object, expected: object) -> bool:
    try:
        close(actual, expected)
    except Mismatch:
        return False
    return True


def normal(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


# --- values -----------------------------------------------------------------------------------


def formulas(seed: int, scale: float) -> Iterator[tuple[str, Callable[..., Tensor], list[Tensor]]]:
    """Formulas of the lectures on random data, as (name, formula, arguments)."""
    x, w, y = normal(seed, 64, 100) * scale, normal(seed + 1, 100), normal(seed + 2, 64) * scale
    matrix = normal(seed + 3, 100, 10) / 10 / scale
    label = torch.arange(64) % 10
    hot = F.one_hot(label, 10)
    yield "product", lambda x, m: x @ m, [x, matrix]
    yield "mse", lambda x, w, y: ((x @ w - y) ** 2).mean(), [x, w, y]
    yield "mse gradient", lambda x, w, y: 2 / 64 * x.T @ (x @ w - y), [x, w, y]
    yield "softmax", lambda x, m: torch.softmax(x @ m, 1), [x, matrix]
    yield "cross entropy", lambda x, m: F.cross_entropy(x @ m, label), [x, matrix]
    yield "its gradient", lambda x, m: x.T @ (torch.softmax(x @ m, 1) - hot) / 64, [x, matrix]
    yield "batch norm", lambda x: (x - x.mean(0)) / x.std(0), [x + 10 * scale]
    yield "variance", lambda x: (x * x).mean(0) - x.mean(0) ** 2, [x + 3 * scale]
    yield "sigmoid", lambda x: 1 / (1 + torch.exp(-x / scale)), [x]
    best = torch.linalg.lstsq(x[:, :8], y[:, None]).solution[:, 0] * 1.01
    yield "near optimum", lambda x, w, y: 2 / 64 * x.T @ (x @ w - y), [x[:, :8], best, y]


@pytest.mark.parametrize("scale", SCALES)
def test_sound_float32_code_passes_at_every_scale_with_room_to_spare(scale: float) -> None:
    for seed in range(0, 100, 10):
        for name, formula, arguments in formulas(seed, scale):
            single = [argument.float() for argument in arguments]
            exact = formula(*[argument.double() for argument in single])
            # A tenth of the default would still do; only where terms cancel is half of it needed.
            rtol = 1e-4 / (2 if name == "near optimum" else 10)
            close(formula(*single), exact, rtol=rtol)


@pytest.mark.parametrize("size", [2, 7, 40, 200])
@pytest.mark.parametrize("scale", SCALES)
def test_one_zeroed_or_flipped_element_fails_at_every_scale_and_size(
    scale: float, size: int
) -> None:
    """An element counts as wrong when it is not itself lost in rounding: 0.2 % of them may be."""
    accepted, tries = 0, 500
    for seed in range(tries):
        expected = normal(seed, size) * scale
        for factor in (0.0, -1.0):
            actual = expected.float()
            actual[seed % size] *= factor
            accepted += passes(actual, expected)
    assert accepted <= 0.002 * 2 * tries


@pytest.mark.parametrize("scale", SCALES)
def test_wrong_factors_and_zeros_always_fail(scale: float) -> None:
    for seed in range(100):
        expected = normal(seed, 8) * scale
        wrong = [1.01 * expected, 16 * expected, expected / 2, 0 * expected, -expected]
        assert not any(passes(actual, expected) for actual in wrong)


def test_one_wrong_element_of_ten_thousand_cannot_hide_in_the_norm() -> None:
    expected = torch.ones(10_000)
    actual = expected.clone()
    actual[77] = 1.005
    assert (actual - expected).norm() < 1e-4 * expected.norm()
    assert "1 of 10000 elements differ" in differ(actual, expected).message


def test_many_slightly_wrong_elements_fail_by_the_norm_alone() -> None:
    expected = torch.ones(1000, dtype=torch.float64)
    assert "1000 of 1000 elements differ" in differ(expected * 1.00015, expected).message


values = st.floats(-1e300, 1e300, allow_nan=False)


@unhurried
@given(st.lists(values, min_size=1, max_size=20), st.data())
def test_nan_and_infinity_never_pass(numbers: list[float], data: st.DataObject) -> None:
    expected = torch.tensor(numbers, dtype=torch.float64)
    actual = expected.clone()
    position = data.draw(st.integers(0, len(numbers) - 1))
    actual[position] = data.draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    assert "infinite" in differ(actual, expected).message
    assert "infinite" in differ(actual.tolist(), expected, rtol=1e9, atol=1e9).message


@unhurried
@given(st.lists(values, min_size=1, max_size=20))
def test_every_value_equals_itself_even_without_tolerance(numbers: list[float]) -> None:
    expected = torch.tensor(numbers, dtype=torch.float64)
    close(expected, expected, rtol=0.0, atol=0.0)
    close(numbers, expected, rtol=0.0, atol=0.0)


@pytest.mark.parametrize("expected", [1e200, 1e-200, 1.7e308])
def test_sizes_whose_squares_overflow_are_still_told_apart(expected: float) -> None:
    close(expected * (1 + 1e-6), expected, atol=0.0)
    differ(expected * 1.01, expected, atol=0.0)
    pair = torch.tensor([expected, expected], dtype=torch.float64)
    differ([expected, -expected], pair, atol=0.0)
    differ(1e308, expected / 1e4, atol=0.0)


def test_half_precision_returned_unasked_earns_no_looser_tolerance() -> None:
    expected = normal(1, 50)
    differ(expected.bfloat16(), expected)
    differ((1.01 * expected).bfloat16(), expected)
    close(expected.bfloat16() * 1.01, expected.bfloat16())
    close(expected.half() * 1.001, expected.half())
    differ(expected.half() * 1.1, expected.half())


def test_a_float64_that_was_float32_once_passes() -> None:
    expected = normal(2, 20)
    close(expected.float().double(), expected)
    close(expected.float().sum().item(), expected.sum())


def test_whole_numbers_are_exact_unless_they_come_as_floats() -> None:
    close(torch.tensor([3, 60_000]), torch.tensor([3, 60_000]))
    close(torch.tensor([3.0000005, 60_000.0]), torch.tensor([3, 60_000]))
    differ(torch.tensor([3.0, 59_999.0]), torch.tensor([3, 60_000]))
    differ(torch.tensor([3, 59_999]), torch.tensor([3, 60_000]))
    differ(2**53 + 1, 2**53)
    differ(True, 0)


def test_given_tolerances_take_the_place_of_the_defaults() -> None:
    close(1.05, 1.0, rtol=0.1)
    close(0.05, 0.0, atol=0.1)
    differ(torch.zeros(3), torch.full((3,), 1e-7), atol=0.0)
    close(4, 5, atol=1.0)


# --- fair styles -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "actual",
    [2.0, 2, torch.tensor(2), torch.tensor([2.0]), torch.tensor([[2.0]]), [2.0], (2.0,), [[2.0]],
     torch.tensor(2.0, requires_grad=True), torch.tensor(2.0, dtype=torch.float64),
     (2.0, 7.0), (torch.tensor(2.0), [1.0, 2.0]), {"loss": 2.0, "accuracy": 0.5}],
)  # fmt: skip
@pytest.mark.parametrize("expected", [2.0, 2, torch.tensor(2.0), torch.tensor([[2.0]])])
def test_one_number_may_come_in_many_styles(actual: object, expected: object) -> None:
    close(actual, expected)


VECTOR = torch.tensor([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "actual",
    [VECTOR, VECTOR[:, None], VECTOR[None], VECTOR.int(), VECTOR.double(), [1.0, 2, 3.0],
     (1, 2, 3), [[1.0], [2.0], [3.0]], list(VECTOR), tuple(VECTOR), (VECTOR, 0.5), {"w": VECTOR}],
)  # fmt: skip
@pytest.mark.parametrize("expected", [VECTOR, VECTOR[:, None], VECTOR[None], VECTOR.long()])
def test_a_vector_may_come_in_many_styles(actual: object, expected: Tensor) -> None:
    close(actual, expected)


Pair = namedtuple("Pair", "w b")


@pytest.mark.parametrize(
    "actual",
    [(VECTOR, 0.5), [VECTOR, 0.5], {"x": VECTOR, "y": 0.5}, Pair(VECTOR, 0.5),
     (VECTOR, 0.5, [9.0, 8.0]), [VECTOR, 0.5, None], (VECTOR[:, None], torch.tensor([0.5]), "x")],
)  # fmt: skip
@pytest.mark.parametrize(
    "expected", [(VECTOR, 0.5), Pair(VECTOR, 0.5), {"w": VECTOR, "b": torch.tensor(0.5)}]
)
def test_two_values_may_come_in_many_styles(actual: object, expected: object) -> None:
    close(actual, expected)


def test_names_count_before_order_where_all_agree() -> None:
    close({"b": 2.0, "w": 1.0, "extra": 3.0}, {"w": 1.0, "b": 2.0})
    close({"b": 1.0, "a": 2.0}, {"w": 1.0, "b": 2.0})


def test_several_numbers_may_come_as_one_vector_of_exactly_so_many() -> None:
    close(VECTOR, (1.0, 2.0, 3.0))
    close(VECTOR[:, None], [1.0, 2.0, torch.tensor([3.0])])
    assert differ(VECTOR, (1.0, 2.0)).message == "Number of values is 3, expected 2."


def test_a_series_must_have_its_length_where_returned_values_may_be_more() -> None:
    assert differ([1.0, 2.0], [1.0]).message == "Number of values is 2, expected 1."
    assert differ((1.0,), (1.0, 2.0)).message == "Number of values is 1, expected 2."
    close((1.0, 2.0), (1.0,))


def test_complex_values_are_compared_as_they_are() -> None:
    expected = torch.tensor([1 + 2j, 3 - 1j])
    close([1 + 2j, 3 - 1j], expected)
    close(expected.to(torch.complex128), expected)
    differ(expected.conj(), expected)
    assert "complex" in differ(expected, expected.real).message


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "shape", "words"),
    [
        (torch.zeros(3, 7), (7, 3), "Shape is (3, 7), expected (7, 3): transposed."),
        (torch.zeros(7), (7, 3), "Shape is (7,), expected (7, 3)."),
        (torch.zeros(1, 3), (7, 3), "Shape is (1, 3), expected (7, 3)."),
        (torch.zeros(7, 7), (7, 1), "Shape is (7, 7), expected (7, 1)."),
        (torch.zeros(1), (7,), "Shape is (1,), expected (7,)."),
        (torch.zeros(1, 7, 1), (7,), "Shape is (1, 7, 1), expected (7,)."),
        (torch.zeros(6), (2, 3), "Shape is (6,), expected (2, 3)."),
        (torch.zeros(0), (2,), "Shape is (0,), expected (2,)."),
        (torch.zeros(2), (), "Shape is (2,), expected a single number."),
        (0.0, (2, 3), "Shape is a single number, expected (2, 3)."),
        (None, (), "Nothing was returned (None), expected a single number."),
        ("<script>", (2,), "Text was returned, expected (2,)."),
        (object(), (2,), "Some other object was returned, expected (2,)."),
        ([[0.0, 0.0], []], (2, 2), "2 values were returned that make no tensor, expected (2, 2)."),
        ([], (2,), "0 values were returned that make no tensor, expected (2,)."),
    ],
)  # fmt: skip
def test_nothing_broadcasts_and_the_message_names_both_shapes(
    actual: object, shape: tuple[int, ...], words: str
) -> None:
    assert differ(actual, torch.zeros(shape)).message == words


@unhurried
@given(st.lists(st.integers(1, 4), max_size=3), st.lists(st.integers(1, 4), max_size=3))
def test_equal_numbers_pass_only_in_a_fair_shape(found: list[int], wanted: list[int]) -> None:
    same_size = math.prod(found) == math.prod(wanted)
    ones = [[size for size in shape if size > 1] for shape in (found, wanted)]
    flat = max(len(found), len(wanted)) <= 2 and max(len(ones[0]), len(ones[1])) <= 1
    fair = found == wanted or (same_size and (flat or math.prod(wanted) == 1))
    assert passes(torch.ones(found), torch.ones(wanted)) == fair


def test_the_item_is_named_by_its_position() -> None:
    wrong = differ((VECTOR, (1.0, VECTOR[:2])), (VECTOR, (1.0, VECTOR)))
    assert wrong.message == "Value 2 of 2: value 2 of 2: shape is (2,), expected (3,)."
    wrong = differ(1.0, (1.0, 2.0))
    assert wrong.message == "A single number was returned, expected 2 values."


def test_values_of_any_size_or_depth_are_a_mismatch_and_not_a_crash() -> None:
    deep: object = 1.0
    for _ in range(5000):
        deep = (deep,)
    for actual in (10**400, -(10**400), deep, [10**400, 1.0], {}, (), [[]], [None], {"a": {}}):
        differ(actual, torch.ones(2))
        differ(actual, 3.0)
        differ(actual, (3.0, 1.0))


def test_students_read_no_expected_value_and_staff_read_everything() -> None:
    wrong = differ(torch.tensor([[1.0, 2.0], [3.0, 0.0]]), torch.tensor([[1.0, 2.0], [3.0, 4.75]]))
    assert wrong.message == "1 of 4 elements differ; the whole is off by more than 10 %."
    assert str(wrong) == wrong.message
    assert wrong.staff_message.startswith(wrong.message)
    for detail in ("index (1, 1)", "got 0", "expected 4.75", "difference 4.75", "rtol 0.0001"):
        assert detail in wrong.staff_message


def test_near_misses_read_the_same_so_that_no_digit_of_an_answer_leaks() -> None:
    guesses = [0.1 * k for k in range(60) if abs(0.1 * k - 3.14159) > 1e-3]
    assert len({differ(guess, 3.14159).message for guess in guesses}) <= 4


@pytest.mark.parametrize(
    ("actual", "words"),
    [(30.0, "1000 %"), (2.5, "100 %"), (1.5, "10 %"), (1.05, "1 %"), (1.005, "0.1 %")],
)
def test_sizes_are_told_in_powers_of_ten(actual: float, words: str) -> None:
    assert differ(actual, 1.0).message == f"The value is off by more than {words}."
    assert differ(1.0002, 1.0).message == "The value is off by less than 0.1 %."


@pytest.mark.parametrize(
    "expected",
    [None, "text", [], (), {}, [1.0, None], torch.zeros(0), math.nan, math.inf, 10**400,
     torch.tensor([1.0, math.nan]), (1.0, {"a": torch.tensor(math.inf)}), object()],
)  # fmt: skip
def test_an_expected_value_that_can_judge_nothing_is_the_authors_mistake(expected: object) -> None:
    with pytest.raises(TypeError, match="expected"):
        close(1.0, expected)


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_a_tolerance_that_allows_anything_or_nothing_is_the_authors_mistake(bad: float) -> None:
    with pytest.raises(TypeError, match="rtol"):
        close(1.0, 1.0, rtol=bad)
    with pytest.raises(TypeError, match="atol"):
        close(1.0, 1.0, atol=bad)
