"""The points of tasks are read from the markers of a hidden suite, in a process of its own."""

import pytest

from autograder.errors import CourseError
from autograder.judging.points import points_of_suite

SUITE = """\
import pytest

print("a suite may print")


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.task("1.1", points=0.5)
def test_f(student, reference, n):
    raise RuntimeError("nothing of a suite is run")


@pytest.mark.task("2.1", points=4)
def test_g(student, mnist):
    raise RuntimeError("nothing of a suite is run")
"""


@pytest.fixture
def suite(tmp_path):
    def write(text):
        folder = tmp_path / "demo"
        folder.mkdir()
        (folder / "test_demo.py").write_text(text)
        return folder

    return write


@pytest.mark.slow
def test_points_add_up_by_task_in_the_order_of_the_assignment(suite, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    assert list(points_of_suite(suite(SUITE), ["2.1", "1.1"]).items()) == [
        ("2.1", 4.0),
        ("1.1", 1.5),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SUITE.replace('"2.1"', '"2.2"'), "task '2.2' is not in assignment.yml"),
        (SUITE.replace("points=4", "points=0"), "points above 0"),
        (SUITE.partition("\n\n\n@pytest.mark.task")[0], "no hidden test gives points for it"),
        ("import no_such_module\n", "no_such_module"),
    ],
    ids=["unknown task", "no points", "task without a test", "import"],
)
def test_a_suite_with_a_fault_is_the_courses_mistake(suite, text, words):
    folder = suite(text)
    with pytest.raises(CourseError, match=words) as caught:
        points_of_suite(folder, ["1.1", "2.1"])
    assert str(folder) in str(caught.value)


def test_a_suite_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(CourseError, match=r"there is no hidden suite; write test_demo\.py there"):
        points_of_suite(tmp_path / "demo", ["1.1"])
