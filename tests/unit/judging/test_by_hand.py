"""What people decide is joined to what the hidden tests found; a part is never taken for the whole."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging.by_hand import concern, latest, with_manual_tasks
from autograder.records import Annotation, Grade, Outcome, Status, TaskInfo, TaskResult

GRADE = Grade(
    student="ada", assignment="demo", score=2.0, max_score=3.0, status=Status.GRADED, official=True,
    tasks=(TaskResult("1", "One", 2.0, 3.0, Outcome.PARTIAL, ""),), submission_sha256="s",
)  # fmt: skip
ESSAY, PLOT = TaskInfo("2", "Essay", 4.0), TaskInfo("3", "Plot", 1.0)


def given_points(points, task="2", most=4.0, student="ada", sha256="s"):
    return Annotation(
        "demo", "1.0", student, task, points, most, "Eva", "Clear.", "2027-01-01T00:00:00+00:00", sha256
    )  # fmt: skip


def by_id(grade):
    return {task.id: task for task in grade.tasks}


def test_without_manual_tasks_a_grade_stays_as_it_is():
    assert with_manual_tasks(GRADE, [], [given_points(4.0)]) is GRADE


def test_what_nobody_has_graded_is_pending_and_so_is_the_grade():
    found = with_manual_tasks(GRADE, [ESSAY, PLOT], [given_points(4.0)])
    assert (found.status, found.score, found.max_score) == (Status.PENDING, None, 8.0)
    plot = by_id(found)["3"]
    assert (plot.outcome, plot.points, plot.max_points) == (Outcome.PENDING, None, 1.0)


def test_when_all_is_graded_the_score_is_whole():
    given = [given_points(2.5), given_points(1.0, "3", 1.0)]
    found = with_manual_tasks(GRADE, [ESSAY, PLOT], given)
    assert (found.status, found.score, found.max_score) == (Status.GRADED, 5.5, 8.0)
    assert [task.outcome for task in found.tasks] == [
        Outcome.PARTIAL,
        Outcome.PARTIAL,
        Outcome.PASSED,
    ]
    essay = by_id(found)["2"]
    assert essay.message == "Graded by hand: Clear."
    assert "Eva" not in essay.message
    assert "2.5 of 4 points by Eva" in essay.staff_message


def test_a_later_annotation_supersedes_and_others_students_do_not_count():
    given = [given_points(1.0), given_points(0.0), given_points(4.0, student="bob")]
    found = with_manual_tasks(GRADE, [ESSAY], given)
    assert (found.score, by_id(found)["2"].outcome) == (2.0, Outcome.WRONG)
    assert latest(given)["ada", "2"] is given[1]


def test_an_annotation_of_an_earlier_submission_counts_and_staff_are_told():
    found = with_manual_tasks(GRADE, [ESSAY], [given_points(3.0, sha256="older")])
    assert (found.status, found.score) == (Status.GRADED, 5.0)
    assert found.advice == ("Task 2, graded by hand: made for an earlier submission.",)
    assert "earlier" not in by_id(found)["2"].message


def test_points_above_what_the_task_is_worth_by_now_do_not_count():
    found = with_manual_tasks(GRADE, [TaskInfo("2", "Essay", 2.0)], [given_points(3.0)])
    assert (found.status, found.score) == (Status.PENDING, None)
    assert "it is worth 2 by now" in found.advice[0]
    assert concern(given_points(3.0), 4.0, "s") == ""


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.UNGRADABLE])
@pytest.mark.parametrize("given", [[], [given_points(4.0)]])
def test_no_annotation_makes_a_score_where_there_is_none(status, given):
    found = with_manual_tasks(replace(GRADE, status=status, score=None), [ESSAY], given)
    assert (found.status, found.score) == (status, None)


def test_review_waits_until_all_is_graded():
    review = replace(GRADE, status=Status.NEEDS_REVIEW, advice=("look",))
    waiting = with_manual_tasks(review, [ESSAY], [])
    assert (waiting.status, waiting.score, waiting.advice) == (Status.PENDING, None, ("look",))
    assert with_manual_tasks(review, [ESSAY], [given_points(1.0)]).status is Status.NEEDS_REVIEW


POINTS = st.floats(0, 50).map(lambda value: round(value, 2))
MANUAL = st.lists(
    st.tuples(st.integers(1, 50), st.lists(POINTS, max_size=3)), min_size=1, max_size=5
)


@given(MANUAL, st.sampled_from(Status), POINTS)
def test_a_score_is_the_sum_of_all_tasks_or_there_is_none(manual, status, machine):
    with_score = status in (Status.GRADED, Status.NEEDS_REVIEW)
    task = replace(GRADE.tasks[0], points=machine, max_points=50.0)
    base = replace(
        GRADE, status=status, score=machine if with_score else None, max_score=50.0, tasks=(task,)
    )
    infos = [TaskInfo(f"m{n}", "T", float(most)) for n, (most, _) in enumerate(manual)]
    given = [
        given_points(min(points, most), f"m{n}", float(most))
        for n, (most, every) in enumerate(manual)
        for points in every
    ]
    found = with_manual_tasks(base, infos, given)
    waiting = [one.outcome is Outcome.PENDING for one in found.tasks]
    assert waiting == [False, *(not every for _, every in manual)]
    assert found.max_score == sum(one.max_points for one in found.tasks)
    assert found.tasks[0] == task
    assert all((one.points is None) == (one.outcome is Outcome.PENDING) for one in found.tasks)
    if with_score and not any(waiting):
        assert found.status is status
        assert found.score == pytest.approx(sum(one.points for one in found.tasks))
    else:
        assert found.score is None
        assert found.status is (Status.PENDING if with_score else status)
