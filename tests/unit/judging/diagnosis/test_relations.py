"""What is seen of a wrong answer that no known misconception explains."""

import math

import pytest
import torch

from autograder.judging.diagnosis.relations import relation_between
from autograder.judging.trace import Event

RIGHT = torch.tensor([0.5213, -1.7391, 2.3177])
N = 7


def event(*args, answer=None):
    return Event("call", "f", None, args or (torch.zeros(N, 3),), {}, answer)


def seen(theirs, right=RIGHT, earlier=(), **options):
    return relation_between(theirs, right, event(), earlier, **options)


@pytest.mark.parametrize(
    ("theirs", "id_", "words"),
    [
        (-RIGHT, "sign", "wrong sign"),
        (2 * RIGHT, "factor", "twice the right one"),
        (RIGHT / 2, "factor", "half of the right one"),
        (-RIGHT / 2, "factor", "half of the right one, with the wrong sign as well"),
        (N * RIGHT, "factor", "times the number of samples"),
        (RIGHT / N, "factor", "over the number of samples"),
        (RIGHT / math.log(2), "factor", "divided by ln 2"),
        (RIGHT * math.log(10), "factor", "times ln 10"),
        (100 * RIGHT, "factor", "a hundred times"),
        (1.2345 * RIGHT, "ratio", "one and the same factor"),
        ((RIGHT * 100).round() / 100, "rounded", "rounded to 2 digits"),
        ((RIGHT * 1000).round() / 1000, "rounded", "rounded to 3 digits"),
        (RIGHT.sum(), "reduced", "the sum of those"),
        (RIGHT.mean(), "reduced", "the mean of those"),
    ],
)
def test_a_relation_that_holds_for_every_number_is_told(theirs, id_, words):
    found = seen(theirs)
    assert words in found.observation
    assert found.id == {"ratio": "factor"}.get(id_, id_)


def test_a_table_of_n_times_n_is_a_broadcast():
    assert seen(torch.zeros(N, N), torch.tensor(3.0)).id == "broadcast"


def test_one_value_for_each_sample_was_not_summed():
    table = torch.randn(N, 3, generator=torch.Generator().manual_seed(1))
    assert "their sum" in seen(table, table.sum(dim=0)).observation
    assert "their mean" in seen(table, table.mean(dim=0)).observation


def test_rows_and_columns_exchanged():
    right = torch.arange(6.0).reshape(2, 3) + 1
    assert seen(right.T, right).id == "transposed"
    square = torch.arange(9.0).reshape(3, 3)
    assert seen(square.T, square).id == "transposed"


def test_values_in_another_order():
    weight, bias = torch.tensor([1.0, 2.0]), torch.tensor(5.0)
    assert seen((bias, weight), (weight, bias)).id == "order"


def test_what_is_right_is_told_beside_what_is_not():
    found = seen((RIGHT, torch.tensor(-4.0)), (RIGHT, torch.tensor(4.0)))
    assert found.right == "Value 1 of 2 is as expected."
    assert "wrong sign" in found.observation


def test_what_is_right_is_told_also_where_the_rest_is_a_riddle():
    found = seen((RIGHT, torch.tensor(9.9)), (RIGHT, torch.tensor(4.0)))
    assert (found.id, found.right, found.observation) == (
        "partly",
        "Value 1 of 2 is as expected.",
        "",
    )


def test_an_answer_of_an_earlier_call_is_stale():
    before = event(answer=RIGHT * 3)
    assert seen(RIGHT * 3, earlier=[before]).id == "stale"
    assert seen(RIGHT * 3, earlier=[event(answer=RIGHT)]).id != "stale"


def test_equal_right_answers_are_not_stale():
    assert seen(RIGHT, earlier=[event(answer=RIGHT)]) is None


def test_writing_into_the_input_is_told_first():
    assert "writes into its input" in seen(-RIGHT, wrote=True).observation


@pytest.mark.parametrize(
    "theirs",
    [
        None,
        "text",
        torch.tensor([math.nan] * 3),
        torch.zeros(3),
        {},
        [],
        (),
        torch.zeros(0),
        [[1.0], []],
        10**400,
    ],
)
def test_nonsense_says_nothing_and_raises_nothing(theirs):
    found = seen(theirs)
    assert found is None or found.observation


def test_a_single_number_is_no_multiple_of_a_size_by_chance():
    assert seen(torch.tensor(7.0), torch.tensor(1.0)) is None
