"""Known submissions with their heads, and the mistakes in them."""

import json

import pytest

from autograder.errors import CourseError
from autograder.proving.corpus import Kind, known_submissions
from autograder.proving.equivalent import load_equivalent
from autograder.proving.mutants import mutants
from autograder.settings.assignment import load_assignment

MASTER = '''\
# %% task="1"
def f(x):
    """Twice x."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


# %% task="2"
def g(x):
    """x."""
    # BEGIN SOLUTION
    return x
    # END SOLUTION
'''
SETTINGS = """\
title: Demo
version: "1.0"
tasks:
  "1": {title: Twice, entry_point: f}
  "2": {title: Same, entry_point: g}
"""
HEAD = "# id: G18\n# misconception: a sum\n# fails: 1 2\n# diagnosis: held back\ndef f(x): pass\n"


@pytest.fixture
def put(tmp_path):
    def write(**files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    write(**{"assignments/demo/assignment.yml": SETTINGS, "assignments/demo/demo.py": MASTER})
    return write


@pytest.fixture
def known(tmp_path):
    def read():
        return {k.name: k for k in known_submissions(tmp_path, load_assignment(tmp_path, "demo"))}

    return read


def test_master_and_stub_are_known_as_script_and_as_notebook(put, known):
    found = known()
    assert list(found) == ["master", "master notebook", "stub", "stub notebook"]
    assert found["stub"].fails == {"1", "2"}
    assert b"NotImplementedError" in found["stub notebook"].submission.files[0].content
    assert b"return 2 * x" in found["master notebook"].submission.files[0].content


def test_a_head_says_what_is_wrong_and_what_must_fail(put, known):
    put(**{"tests/hidden/demo/wrong/G18_sum.py": HEAD})
    found = known()["G18_sum"]
    assert (found.kind, found.id, found.misconception) == (Kind.WRONG, "G18", "a sum")
    assert found.fails == {"1", "2"}
    assert found.held_back


def test_the_head_of_a_notebook_is_in_its_first_code_cell(put, known):
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# fails: 9"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": HEAD.splitlines(True)},
    ]  # fmt: skip
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    put(**{"tests/hidden/demo/wrong/G18_sum.ipynb": notebook})
    assert known()["G18_sum"].fails == {"1", "2"}


def test_a_folder_is_one_submission_without_a_head(put, known):
    put(**{"tests/hidden/demo/right/V41/a.py": "", "tests/hidden/demo/right/V41/b.py": ""})
    assert [file.name for file in known()["V41"].submission.files] == ["a.py", "b.py"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("wrong/a.py", "# id: G18\n", "a: its head says not which tasks fail"),
        ("wrong/a.py", "# fails: 1 3\n", "does not have: 3"),
        ("right/a.py", "# fails: 1\n", "but it lies in right/"),
    ],
)
def test_a_wrong_head_is_told_with_its_place(put, known, name, text, words):
    put(**{f"tests/hidden/demo/{name}": text})
    with pytest.raises(CourseError, match=words):
        known()


def test_all_wrong_heads_are_told_at_once(put, known):
    put(**{"tests/hidden/demo/wrong/a.py": "", "tests/hidden/demo/wrong/b.py": ""})
    with pytest.raises(CourseError) as caught:
        known()
    assert len(str(caught.value).splitlines()) == 2


# Mutants that may survive

EXPLAINED = """\
equivalent:
  - before: "return 2 * x"
    after: "return x * 2"
    reason: a product is the same in either order
  - before: "return 3 * x"
    after: "return x"
    reason: the master was another one then
"""


def test_a_survivor_is_explained_by_its_two_lines(tmp_path, put):
    put(**{"mutants.yml": EXPLAINED})
    found = mutants(MASTER, tmp_path / "demo.py")
    explained = load_equivalent(tmp_path)
    assert not explained.reason(found[0]) or found[0].after == "return x * 2"
    assert explained.unused(found)[-1] == "return 3 * x"


def test_without_the_file_nothing_is_explained(tmp_path):
    assert load_equivalent(tmp_path).entries == ()


def test_a_misspelled_key_is_told_with_its_line(tmp_path, put):
    put(**{"mutants.yml": EXPLAINED.replace("reason:", "raeson:")})
    with pytest.raises(CourseError, match=r"raeson"):
        load_equivalent(tmp_path)
