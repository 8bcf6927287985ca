"""Which lines and numbers of a file are confidential, and which are not."""

from pathlib import Path

import pytest

from autograder.authoring.confidential import code_lines, solutions_of, squeeze, whole_file
from autograder.errors import CourseError

OWNER = Path("tests/hidden/demo/test_demo.py")

SUITE = '''\
"""Hidden suite."""

import pytest
from torch import Tensor

THRESHOLD = 0.935
N_FEATURES = 784


def spread(draw, *shape, margin=0.02):
    """Values far from zero."""
    return 1 + margin * draw("x").normal(*shape)  # never near zero


@pytest.mark.task("1.1", points=1)
def test_f_holds(student, reference, draw, close):
    close(student.f(2), reference.f(2), rtol=1e-3)
'''

MASTER = '''\
# %% task="1.1"
def f(x):
    """Doubles x."""
    # BEGIN SOLUTION
    # twice
    return 2 * x  # by hand
    # END SOLUTION
'''


def texts(source):
    return [line.text for line in source.lines]


def test_imports_and_signatures_of_helpers_are_no_secret_but_tests_are():
    found = texts(whole_file(SUITE, OWNER, "a hidden test"))
    assert not [text for text in found if "import" in text or text.startswith("def spread")]
    assert "def test_f_holds(student, reference, draw, close):" in found
    assert "close(student.f(2), reference.f(2), rtol=1e-3)" in found


def test_a_comment_is_not_part_of_its_lines_code():
    (line,) = [x for x in whole_file(SUITE, OWNER, "a").lines if x.text.startswith("return")]
    assert line.code == 'return1+margin*draw("x").normal(*shape)'
    assert not line.prose


def test_lines_of_docstrings_and_comments_are_prose():
    prose = [line.text for line in whole_file(SUITE, OWNER, "a").lines if line.prose]
    assert prose == ['"""Hidden suite."""', '"""Values far from zero."""']


def test_numbers_that_decide_are_found_with_their_names_and_others_are_not():
    found = whole_file(SUITE, OWNER, "a hidden test").constants
    assert {(c.number, c.name, c.value, c.assigned) for c in found} == {
        (6, "THRESHOLD", "0.935", True),
        (10, "margin", "0.02", False),
        (17, "rtol", "1e-3", False),
    }


@pytest.mark.parametrize(("seed", "kept"), [("0", False), ("42", False), ("20250101", True)])
def test_a_seed_counts_from_three_digits_on(seed, kept):
    found = whole_file(f"SEED = {seed}\n", OWNER, "a hidden test").constants
    assert bool(found) == kept


def test_a_file_that_is_not_python_is_named_with_its_line():
    with pytest.raises(CourseError, match=r"test_demo\.py:2: a hidden test is not valid Python"):
        whole_file("x = 1\ny = (\n", OWNER, "a hidden test")


def test_of_a_master_only_the_regions_are_confidential():
    source = solutions_of(MASTER, Path("demo.py"))
    assert [(line.number, line.code) for line in source.lines] == [(5, "#twice"), (6, "return2*x")]


def test_code_lines_are_lines_without_comments_and_blanks():
    assert code_lines("x = 1  # one\n\nif x:\n    y = [\n    ]\n") == {"x=1", "ifx:", "y=[", "]"}


def test_a_squeezed_text_has_no_blanks():
    assert squeeze(" a\tb\n  c\n") == "abc"
