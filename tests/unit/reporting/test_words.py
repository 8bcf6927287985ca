"""One wording for all reports, and no score where there is none."""

from dataclasses import replace

import pytest

from autograder.records import Outcome, Status
from autograder.reporting.words import (
    OUTCOME_WORDS,
    STATUS_WORDS,
    held_apart,
    number,
    shown_points,
    shown_score,
    so_far,
)


def test_every_outcome_and_status_has_words_of_its_own():
    assert list(OUTCOME_WORDS) == list(Outcome)
    assert list(STATUS_WORDS) == list(Status)
    assert len(set(OUTCOME_WORDS.values())) == len(Outcome)


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.UNGRADABLE])
def test_a_grade_without_score_shows_none_even_where_it_holds_a_number(grade, status):
    without = replace(grade, status=status, score=0.0)
    assert shown_score(without) is None
    assert shown_points(without, "1.2") is None


def test_a_graded_zero_is_a_zero(grade):
    assert shown_score(replace(grade, score=0.0)) == 0.0
    assert shown_points(grade, "1.3") == 0.0
    assert shown_points(grade, "9.9") is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7.0, "7"),
        (7.5, "7.5"),
        (6.666666, "6.67"),
        (-0.001, "0"),
        (100.0, "100"),
        (1e7, "10000000"),
    ],
)
def test_points_are_written_as_people_write_them(value, text):
    assert number(value) == text


def test_unmatched_grades_come_last_and_keep_their_order(grade):
    names = [("x", False), ("b", True), ("y", False), ("a", True)]
    mixed = [replace(grade, student=name, matched=matched) for name, matched in names]
    assert [each.student for each in held_apart(mixed)] == ["b", "a", "x", "y"]


def test_a_pending_grade_has_no_score_but_points_that_stand(grade):
    tasks = (*grade.tasks[:2], replace(grade.tasks[2], points=None, outcome=Outcome.PENDING))
    pending = replace(grade, status=Status.PENDING, score=2.5, tasks=tasks)
    assert shown_score(pending) is None
    assert [shown_points(pending, task) for task in ("1.1", "1.2", "1.3")] == [0.5, 2.0, None]
    assert so_far(pending) == (2.5, 1.0)
