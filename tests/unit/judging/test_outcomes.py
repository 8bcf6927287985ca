"""Whose doing an exception in a hidden test is."""

import pytest

from autograder.errors import CourseError, GraderError
from autograder.judging.mismatch import Mismatch
from autograder.judging.outcomes import outcome_of
from autograder.records import Outcome
from autograder.sandbox.session import GraderStalled, SubmissionFault, SubmissionUnreadable


def test_what_a_submission_did_is_told_in_its_own_words():
    fault = SubmissionFault(Outcome.TIMED_OUT, "for the student", "for staff")
    assert outcome_of(fault) == (Outcome.TIMED_OUT, "for the student", "for staff")
    unreadable = SubmissionUnreadable(Outcome.CRASHED, "for the student")
    assert outcome_of(unreadable) == (Outcome.CRASHED, "for the student", "")


def test_a_value_that_differs_is_wrong():
    assert outcome_of(Mismatch("differs", "differs by 2")) == (
        Outcome.WRONG,
        "differs",
        "differs by 2",
    )


def test_a_bare_assertion_is_wrong_and_what_it_shows_is_for_staff():
    outcome, message, staff = outcome_of(AssertionError("assert 3.14 == 2.71"))
    assert outcome is Outcome.WRONG
    assert "3.14" not in message
    assert "3.14" in staff


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("x"), ZeroDivisionError(), KeyError("k"), GraderError("x"), GraderStalled("x"),
        CourseError("x"), MemoryError(), RecursionError(), SystemExit(0), NotImplementedError(),
        TimeoutError(), pytest.skip.Exception("x"), pytest.xfail.Exception("x"),
        pytest.fail.Exception("x"),
    ],
)  # fmt: skip
def test_anything_else_is_our_fault_and_scores_nothing(error):
    outcome, message, staff = outcome_of(error)
    assert outcome is Outcome.GRADER_ERROR
    assert "not your fault" in message
    assert staff.startswith(type(error).__name__)
