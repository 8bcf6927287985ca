"""Facts of probability, against simulations and known values."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.proving.statistics import (
    false_fail_probability,
    rounded_down,
    runs_needed,
    upper_bound,
)


def test_141_right_runs_make_two_misses_rarer_than_one_in_ten_thousand():
    assert false_fail_probability(141) == pytest.approx(2 / (142 * 143))
    assert runs_needed(1e-4) == 141 - 1 or false_fail_probability(140) >= 1e-4
    assert (
        false_fail_probability(runs_needed(1e-4))
        < 1e-4
        <= false_fail_probability(runs_needed(1e-4) - 1)
    )


@pytest.mark.parametrize("draw", [random.gauss, lambda *_: random.paretovariate(0.5)])
def test_the_probability_holds_for_any_distribution(draw):
    random.seed(4)
    runs, trials = 5, 20_000
    missed = 0
    for _ in range(trials):
        threshold = min(draw(0, 1) for _ in range(runs))
        missed += draw(0, 1) < threshold and draw(0, 1) < threshold
    assert missed / trials == pytest.approx(false_fail_probability(runs), rel=0.15)


@given(st.integers(1, 10_000), st.integers(1, 4))
def test_more_runs_and_more_tries_fail_less(runs, tries):
    assert 0 < false_fail_probability(runs + 1, tries) < false_fail_probability(runs, tries) < 1
    assert false_fail_probability(runs, tries + 1) < false_fail_probability(runs, tries)


def test_no_event_in_n_trials_is_the_rule_of_three():
    assert upper_bound(0, 100) == pytest.approx(1 - 0.05 ** (1 / 100))
    assert upper_bound(0, 1000) == pytest.approx(3 / 1000, rel=0.01)
    assert upper_bound(5, 5) == 1.0


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_bound_lies_above_the_share(events, more):
    trials = events + more
    assert events / trials < upper_bound(events, trials) <= 1


@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_a_threshold_is_never_rounded_up(value, digits):
    found = rounded_down(value, digits)
    assert found <= value
    assert value - found < 2 * 10.0**-digits
