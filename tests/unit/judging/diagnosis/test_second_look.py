"""Words are changed by a second look, and nothing else."""

import os
import time
from types import ModuleType

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging.diagnosis.aside import aside
from autograder.judging.diagnosis.explanation import MOST_WORDS, Named, Seen, explained
from autograder.judging.diagnosis.misconceptions import Catalogue, Misconception
from autograder.judging.diagnosis.raised import cause_of
from autograder.judging.diagnosis.second_look import JudgedTest, second_look
from autograder.judging.score import TestResult
from autograder.judging.trace import Event
from autograder.records import Outcome

REFERENCE = ModuleType("reference")
REFERENCE.f = lambda x: 3 * x
CATALOGUE = Catalogue(
    (Misconception("X1", "the factor 3 is lost", "Which factor?", "lecture 1", {"f": lambda x: x}),)
)
INPUTS = [torch.tensor([1.0, 2.0, -3.0]), torch.tensor([0.5, 4.0, 2.0])]


def judged(outcome, answer=None, *, test="test_a", task="1", staff="", hint="Why?"):
    events = tuple(Event("call", "f", None, (x,), {}, answer(x)) for x in INPUTS) if answer else ()
    message = "" if outcome is Outcome.PASSED else "It differs."
    return JudgedTest(test, TestResult(task, 2.0, outcome, message, staff, 0.1, 0.0), events, hint)


def look(*tests, catalogue=CATALOGUE, reference=REFERENCE):
    return second_look(tests, reference, catalogue)


def test_a_named_misconception_takes_the_place_of_the_hint():
    (found,) = look(judged(Outcome.WRONG, lambda x: x))
    assert found.diagnosis == "X1"
    assert found.result.message == (
        "It differs. The same numbers come out, at 2 independent points, when the factor 3 is lost. "
        "Which factor? To read: lecture 1."
    )


def test_without_a_finding_the_hint_stands():
    (found,) = look(judged(Outcome.WRONG, lambda x: torch.sin(90 * x)))
    assert (found.result.message, found.diagnosis) == ("It differs. Why?", "")


def test_a_passed_test_gets_no_words():
    (found,) = look(judged(Outcome.PASSED, lambda x: 3 * x))
    assert (found.result.message, found.diagnosis) == ("", "")


def test_what_was_told_once_in_a_task_is_not_told_again():
    first, second = look(
        judged(Outcome.WRONG, lambda x: x), judged(Outcome.WRONG, lambda x: x, test="test_b")
    )
    assert "factor 3" in first.result.message
    assert second.result.message == ""
    assert second.diagnosis == "X1"


def test_an_exception_of_torch_is_explained():
    text = "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn"
    (found,) = look(judged(Outcome.RAISED, staff=text))
    assert found.diagnosis == "L23"
    assert "leaves the graph" in found.result.message


def test_a_diagnosis_that_fails_costs_nothing():
    def dies(x):
        os._exit(3)

    catalogue = Catalogue((Misconception("X2", "a", "b?", "c", {"f": dies}),))
    (found,) = look(judged(Outcome.WRONG, lambda x: x), catalogue=catalogue)
    assert found.result.message == "It differs. Why?"


def test_what_a_variant_does_leaves_no_mark():
    def leaves_a_mark(x):
        REFERENCE.f = lambda x: 0
        return x

    right = REFERENCE.f
    look(
        judged(Outcome.WRONG, lambda x: x),
        catalogue=Catalogue((Misconception("X3", "a", "b?", "c", {"f": leaves_a_mark}),)),
    )
    assert REFERENCE.f is right


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=6), st.text(max_size=20))
def test_no_outcome_and_no_points_ever_change(outcomes, staff):
    tests = [judged(o, test=f"test_{n}", staff=staff) for n, o in enumerate(outcomes)]
    found = look(*tests)
    assert [(t.result.outcome, t.result.points, t.result.task) for t in found] == [
        (t.result.outcome, t.result.points, t.result.task) for t in tests
    ]


def test_a_wrong_answer_keeps_its_outcome_and_points_whatever_is_found():
    for answer in (lambda x: x, lambda x: -3 * x, lambda x: 6 * x, lambda x: "text"):
        (found,) = look(judged(Outcome.WRONG, answer))
        assert (found.result.outcome, found.result.points) == (Outcome.WRONG, 2.0)


# In a child of its own


def test_the_result_of_a_child_comes_back():
    assert aside(lambda: b"found", 5) == b"found"


@pytest.mark.parametrize(
    "ends",
    [
        lambda: os._exit(0),
        lambda: os.kill(os.getpid(), 9),
        lambda: 1 / 0,
        lambda: b"x" * (3 << 20),
    ],
)
def test_a_child_that_ends_otherwise_has_said_nothing(ends, capfd):
    assert aside(ends, 5) is None


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    fork, children = os.fork, []
    monkeypatch.setattr(os, "fork", lambda: children.append(fork()) or children[-1])
    started = time.monotonic()
    assert aside(lambda: time.sleep(60) or b"", 0.2) is None
    assert time.monotonic() - started < 5
    with pytest.raises(ProcessLookupError):
        os.kill(children[0], 0)


# Words


def test_a_message_tells_what_is_right_first_and_holds_no_solution():
    named = Named("L09", 3, "the factor is lost", "Which factor?", "lecture 2", "x = 1", "2", "1")
    text = explained(named, passed=1, tests=3, mismatch="It differs.", hint="unused")
    assert text == (
        "1 of the 3 tests of this task passes. It differs. The same numbers come out, at 3 independent points, when "
        "the factor is lost. For x = 1, the right answer is 2; with that slip it is 1. Which factor? "
        "To read: lecture 2."
    )
    assert len(text.split()) <= MOST_WORDS


def test_what_is_only_seen_ends_in_the_authors_question():
    seen = Seen("sign", "Value 1 of 2 is as expected.", "Every number has the wrong sign.")
    text = explained(seen, passed=0, tests=2, mismatch="It differs.", hint="Up or down?")
    assert (
        text
        == "It differs. Value 1 of 2 is as expected. Every number has the wrong sign. Up or down?"
    )


# Exceptions, with the very texts of the installed torch


def raised(function):
    try:
        function()
    except Exception as error:  # noqa: BLE001  # its text is what is asked for
        return f"{type(error).__name__}: {error}"
    raise AssertionError("it raised nothing")


def grad(*values):
    return torch.tensor(values, requires_grad=True)


def twice():
    loss = (grad(1.0, 2.0) ** 2).sum()
    loss.backward()
    loss.backward()


def in_place():
    w = grad(1.0)
    w -= 0.1


def lost_gradient():
    w = grad(1.0)
    (w**2).sum().backward()
    w = w - 0.1 * w.grad
    w - 0.1 * w.grad


class NoInit(torch.nn.Module):
    def __init__(self):
        self.layer = torch.nn.Linear(1, 1)


@pytest.mark.parametrize(
    ("id_", "function"),
    [
        ("L04", in_place),
        ("L03", lost_gradient),
        ("L23", lambda: torch.tensor(1.0).backward()),
        ("L24", lambda: torch.tensor([1, 2], requires_grad=True)),
        ("L29", twice),
        ("B02", lambda: torch.nn.functional.binary_cross_entropy(torch.tensor([2.0]), torch.ones(1))),
        ("M07", NoInit),
        ("M09", lambda: torch.nn.Module()(1)),
        ("M20", lambda: torch.nn.Linear(2, 2)(torch.nn.ReLU())),
        ("M29", lambda: torch.nn.functional.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 7]))),
        ("M29", lambda: torch.nn.functional.cross_entropy(torch.zeros(2, 3), torch.zeros(2, 1).long())),
        ("A08", lambda: max(0, torch.zeros(3))),
        ("A09", lambda: float(torch.zeros(3))),
        ("L15", lambda: torch.zeros(2, 3) @ torch.zeros(2, 3)),
        ("L15", lambda: torch.zeros(2) + torch.zeros(3)),
        ("V02", lambda: torch.zeros(2, 2) @ torch.zeros(2, 2).double()),
        ("V07", lambda: grad(1.0).numpy()),
        ("P01", lambda: undefined_name),  # noqa: F821
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:The .grad attribute")
def test_the_usual_cause_of_an_exception_is_known(id_, function):
    text = raised(function)
    cause = cause_of(text)
    assert cause is not None, text
    assert cause.id == id_, text
    assert "?" in cause.question


def test_an_unknown_exception_has_no_cause():
    assert cause_of("ValueError: the submission's own words") is None
