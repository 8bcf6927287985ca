"""Points and statuses, and above all: a fault of ours is never points."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judging.score import TestResult, grade_submission, score_task
from autograder.records import Outcome, Status, Submission, TaskInfo, TaskResult

unhurried = settings(deadline=None, database=None, derandomize=True, max_examples=100)
SUBMISSION = Submission("ada", "ada.ipynb", (), "0" * 64, matched=False)
TEST_OUTCOMES = [outcome for outcome in Outcome if outcome is not Outcome.PARTIAL]
results = st.lists(
    st.builds(
        TestResult,
        task=st.just("1"),
        points=st.sampled_from([0.0, 0.1, 0.2, 0.7, 1.0, 2.5]),
        outcome=st.sampled_from(TEST_OUTCOMES),
    ),
    min_size=1,
    max_size=6,
)


def score(*tests: TestResult) -> TaskResult:
    return score_task(TaskInfo("1", "Task", math.fsum(test.points for test in tests)), tests)


def result(outcome: Outcome, points: float = 1.0, message: str = "", staff: str = "") -> TestResult:
    return TestResult("1", points, outcome, message, staff, time_s=0.5, student_time_s=0.25)


def task(outcome: Outcome, points: float | None, max_points: float = 2.0) -> TaskResult:
    return TaskResult("1", "Task", points, max_points, outcome, "")


def test_a_task_passes_only_if_all_its_tests_pass() -> None:
    scored = score(result(Outcome.PASSED, 0.1), result(Outcome.PASSED, 0.2))
    assert (scored.outcome, scored.points, scored.max_points) == (Outcome.PASSED, 0.3, 0.3)
    assert (scored.id, scored.title) == ("1", "Task")


@pytest.mark.parametrize(
    "other", [o for o in TEST_OUTCOMES if o not in (Outcome.PASSED, Outcome.GRADER_ERROR)]
)
def test_some_tests_passing_is_partial_with_their_points(other: Outcome) -> None:
    for tests in itertools.permutations([result(Outcome.PASSED, 0.5), result(other, 2.0)]):
        scored = score(*tests)
        assert (scored.outcome, scored.points, scored.max_points) == (Outcome.PARTIAL, 0.5, 2.5)


def test_none_passing_tells_the_first_failure_and_gives_zero() -> None:
    scored = score(result(Outcome.SKIPPED), result(Outcome.TIMED_OUT), result(Outcome.WRONG))
    assert (scored.outcome, scored.points) == (Outcome.TIMED_OUT, 0.0)
    scored = score(result(Outcome.SKIPPED), result(Outcome.SKIPPED))
    assert (scored.outcome, scored.points) == (Outcome.SKIPPED, 0.0)


def test_one_grader_error_leaves_the_task_without_points() -> None:
    for tests in itertools.permutations(
        [result(Outcome.PASSED), result(Outcome.WRONG, 1, "secret"), result(Outcome.GRADER_ERROR)]
    ):
        scored = score(*tests)
        assert (scored.outcome, scored.points) == (Outcome.GRADER_ERROR, None)
        assert "could not judge" in scored.message
        assert "secret" not in scored.message


def test_a_task_whose_results_are_incomplete_is_a_grader_error() -> None:
    info = TaskInfo("1", "Task", 3.0)
    for tests in ([], [result(Outcome.PASSED, 1.0)], [result(Outcome.WRONG, 4.0)]):
        scored = score_task(info, tests)
        assert (scored.outcome, scored.points) == (Outcome.GRADER_ERROR, None)
        assert "did not run to its end" in scored.staff_message


def test_a_result_that_cannot_be_is_a_grader_error() -> None:
    assert score(result(Outcome.PARTIAL)).outcome is Outcome.GRADER_ERROR
    stranger = TestResult("2", 1.0, Outcome.PASSED)
    assert score(stranger).outcome is Outcome.GRADER_ERROR


def test_messages_are_joined_once_each_in_order() -> None:
    scored = score(
        result(Outcome.WRONG, 1, "Shape.", "s1"),
        result(Outcome.PASSED, 1),
        result(Outcome.WRONG, 1, "Sign.", "s2"),
        result(Outcome.WRONG, 1, "Shape.", "s3"),
    )
    assert scored.message == "Shape.\nSign."
    assert scored.staff_message == "s1\ns2\ns3"
    assert (scored.time_s, scored.student_time_s) == (2.0, 1.0)


@unhurried
@given(results)
def test_points_lie_between_zero_and_the_maximum_and_only_a_fault_of_ours_has_none(
    tests: list[TestResult],
) -> None:
    scored = score(*tests)
    ours = any(test.outcome is Outcome.GRADER_ERROR for test in tests)
    assert (scored.points is None) == ours == (scored.outcome is Outcome.GRADER_ERROR)
    if scored.points is not None:
        assert 0 <= scored.points <= scored.max_points + 1e-9
        assert (scored.outcome is Outcome.PASSED) == all(
            test.outcome is Outcome.PASSED for test in tests
        )


@unhurried
@given(results, st.integers(0, 5))
def test_passing_one_test_more_never_lowers_the_points(tests: list[TestResult], index: int) -> None:
    before = score(*tests).points
    index %= len(tests)
    tests[index] = result(Outcome.PASSED, tests[index].points)
    after = score(*tests).points
    assert before is None or after is None or after >= before


def test_a_grade_sums_its_tasks_without_binary_noise() -> None:
    tasks = [task(Outcome.PASSED, 0.1, 0.1), task(Outcome.PARTIAL, 0.2, 0.7)]
    grade = grade_submission(
        SUBMISSION, "chain_rule", tasks, official=True, notes=("n",), advice=("a",), time_s=1.5
    )
    assert (grade.score, grade.max_score, grade.status) == (0.3, 0.8, Status.GRADED)
    assert (grade.student, grade.assignment, grade.source) == ("ada", "chain_rule", "ada.ipynb")
    assert (grade.submission_sha256, grade.matched, grade.official) == ("0" * 64, False, True)
    assert (grade.tasks, grade.notes, grade.advice) == (tuple(tasks), ("n",), ("a",))
    assert grade.time_s == 1.5


def test_a_grader_error_withholds_the_grade_whatever_else_is_true() -> None:
    tasks = [task(Outcome.PASSED, 2.0), task(Outcome.GRADER_ERROR, None)]
    for more in ({}, {"ungradable": "nothing loads"}, {"review": ("autograd",)}):
        grade = grade_submission(SUBMISSION, "a", tasks, official=True, **more)
        assert (grade.score, grade.max_score, grade.status) == (None, 4.0, Status.WITHHELD)


def test_a_grade_without_any_task_is_withheld() -> None:
    assert grade_submission(SUBMISSION, "a", [], official=True).status is Status.WITHHELD


def test_ungradable_has_no_score_and_says_why_first() -> None:
    tasks = [task(Outcome.MISSING, 0.0)]
    grade = grade_submission(
        SUBMISSION, "a", tasks, official=True, ungradable="No file.", notes=("n",), review=("r",)
    )
    assert (grade.score, grade.status) == (None, Status.UNGRADABLE)
    assert grade.notes == ("No file.", "n")


def test_a_reason_for_review_keeps_the_score_and_is_advice_to_staff() -> None:
    grade = grade_submission(
        SUBMISSION, "a", [task(Outcome.PASSED, 2.0)], official=False, review=("r",), advice=("a",)
    )
    assert (grade.score, grade.status, grade.official) == (2.0, Status.NEEDS_REVIEW, False)
    assert grade.advice == ("r", "a")
    assert grade.notes == ()
