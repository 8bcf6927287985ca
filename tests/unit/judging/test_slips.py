"""What an author's slip in the text of a hidden suite is called."""

import pytest

from autograder.judging.slips import slips_in

GOOD = """\
import pytest
from pytest import mark


@pytest.fixture(params=[1, 2])
def size(request):
    return request.param


@mark.parametrize("n", [3])
@pytest.mark.task("1.1", points=1, after=None, hint="Why?")
def test_f(student, size, n):
    assert student.f(size) == n
"""


@pytest.fixture
def slips(tmp_path):
    def found(text, name="test_demo.py"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return [slip.removeprefix(f"{tmp_path}/") for slip in slips_in(tmp_path)]

    return found


def test_a_suite_without_slips_has_none(slips):
    assert slips(GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        (
            "pytest.mark.task", "pytest.mark.taks",
            'test_demo.py:11: no marker "taks". Did you mean "task"? Expected @pytest.mark.task(',
        ),
        (
            "@mark.parametrize", "@mark.parametrise",
            'test_demo.py:10: no marker "parametrise". Did you mean "parametrize"?',
        ),
        (
            "points=1", "point=1",
            'test_demo.py:11: marker task has no argument "point". Did you mean "points"? '
            "It takes task, points, after, hint, device.",
        ),
        ("student.f(size)", "student.f(size", "test_demo.py:13: not valid Python: '(' was never closed."),
        ("def size(request):", "def size(request)", "test_demo.py:6: not valid Python: expected ':'."),
        ("import pytest\n", "import pytest\0\n", "test_demo.py"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line_and_what_was_probably_meant(slips, right, wrong, words):
    assert GOOD.count(right) >= 1
    (slip,) = slips(GOOD.replace(right, wrong, 1))
    assert slip.startswith(words)


def test_every_slip_of_every_file_is_told_at_once(slips):
    slips("def f(:\n", "conftest.py")
    twice = GOOD + GOOD.replace("test_f", "test_g")
    found = slips(twice.replace("mark.task", "mark.tasks"))
    assert [slip.split(": ")[0] for slip in found] == [
        "conftest.py:1", "test_demo.py:11", "test_demo.py:24",
    ]  # fmt: skip
