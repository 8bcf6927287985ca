"""Malformed masters, and files beside them that do not agree: each message says where, what and what to do.

All of them in one place to read: tests/mistakes.txt.
"""

import copy
import re

import pytest

from autograder.authoring import notebook
from autograder.authoring.release import make_release
from autograder.errors import CourseError
from autograder.settings.assignment import load_assignment

HEAD = '# %% task="1.1"\ndef double(x):\n    """Doubles x."""\n'
BEGIN, END = "    # BEGIN SOLUTION\n", "    # END SOLUTION\n"
RETURN = "    return x + x * 1.0 + 0.0\n"
SOLUTION = BEGIN + RETURN + END
COURSE = {
    "assignment.yml": 'title: Demo\nversion: "1.0"\ntasks:\n  "1.1": {title: Twice, entry_point: double}\n',
    "demo.py": HEAD + SOLUTION,
    "checks.py": 'def check_double(submission):\n    assert submission.double(2)\n\n\nTASKS = {"1.1": check_double}\n',
    "README.md": "# Demo\n\n<!-- points -->\n",
    "../../reference/demo.py": "def double(x):\n    return 2 * x\n",
}

MASTERS = {
    "a region is not closed": HEAD + BEGIN + RETURN,
    "a region is closed and was never opened": HEAD + RETURN + END,
    "a region stands in a region": HEAD + BEGIN + SOLUTION + END,
    "a marker is misspelt": HEAD + "    # BEGIN SOLUTOIN\n" + RETURN + "    # END SOLUTOIN\n" + SOLUTION,
    "a marker is in other words": HEAD + "    # START SOLUTION\n" + RETURN + END,
    "a marker stands behind code": HEAD + "    return 2 * x  # BEGIN SOLUTION\n",
    "a marker stands in a text": HEAD + '    text = """\n' + BEGIN + '    """\n' + RETURN,
    "a region goes on into the next cell": HEAD + BEGIN + RETURN + "\n# %%\n" + END,
    "a region holds no code": HEAD + BEGIN + "    # think first\n" + END + RETURN,
    "a region is half a statement": HEAD + "    y = (\n" + BEGIN + "    2 * x\n" + END + "    )\n    return y\n",
    "a region is not in a function": '# %% task="1.1"\n# BEGIN SOLUTION\ndouble = abs\n# END SOLUTION\n',
    "a region is a whole function": '# %% task="1.1"\n# BEGIN SOLUTION\ndef double(x):\n' + RETURN + "# END SOLUTION\n",
    "there is no region": HEAD + RETURN,
    "there is nothing at all": "",
    "there is no cell": "def double(x):\n" + SOLUTION,
    "a cell names no task": "# %%\ndef double(x):\n" + SOLUTION,
    "a cell names its task without quotes": HEAD.replace('"1.1"', "1.1") + SOLUTION,
    "a task is not in assignment.yml": HEAD.replace("1.1", "1.7") + SOLUTION,
    "the function has another name than the entry point": HEAD.replace("double(", "dubble(") + SOLUTION,
    "the master is not Python": HEAD + BEGIN + "    return 2 * (x\n" + END,
    "tabs and blanks are mixed": HEAD + "\t# BEGIN SOLUTION\n\treturn 2 * x\n\t# END SOLUTION\n",
    "a magic is no comment": "# %%\n%matplotlib inline\n\n" + HEAD + SOLUTION,
    "prose is no comment": "# %% [markdown]\nDouble a number.\n\n" + HEAD + SOLUTION,
    "the master is a notebook": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n',
    "the master is not in UTF-8": ("# %%\n# größer\n\n" + HEAD + SOLUTION).encode("latin-1"),
    "a comment is an order to otter": "# %%\nseed = 3  # SEED\n\n" + HEAD + SOLUTION,
    "a line to ignore is an order to otter": "# %%\nx = 3  # IGNORE\n\n" + HEAD + SOLUTION,
    "a heading is an order to otter": "# %% [markdown]\n# # BEGIN TESTS\n\n" + HEAD + SOLUTION,
    "a raw cell is an order to otter": "# %% [raw]\n# # ASSIGNMENT CONFIG\n\n" + HEAD + SOLUTION,
    "a line of the solution stands in the text": "# %% [markdown]\n# return x + x * 1.0 + 0.0\n\n" + HEAD + SOLUTION,
}  # fmt: skip

TABLE = "| Task | Points |\n|---|---|\n| 1.1 | 3 |\n"
OTHERS = {
    "the handout has no place for the table of points": {"README.md": "# Demo\n"},
    "the handout has two places for it": {"README.md": "<!-- points -->\n\n<!-- points -->\n"},
    "the handout has a table of points written by hand": {"README.md": f"# Demo\n\n{TABLE}\n<!-- points -->\n"},
    "the handout marks the end of a table": {"README.md": "<!-- points -->\n<!-- /points -->\n"},
    "an entry point is misspelt": {"assignment.yml": COURSE["assignment.yml"].replace("double", "duoble")},
    "an entry point is not in the reference": {"../../reference/demo.py": "def twice(x):\n    return 2 * x\n"},
    "the reference is not Python": {"../../reference/demo.py": "def double(x)\n    return 2 * x\n"},
    "a task has no public check": {"checks.py": "TASKS = {}\n"},
    "a public check is of another function": {"checks.py": COURSE["checks.py"].replace("check_double", "check_twice")},
    "the public checks list no tasks": {"checks.py": "def check_double(submission):\n    pass\n"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def without_otter(monkeypatch):
    """Otter and the collecting of a hidden suite take seconds; none of these mistakes is found by them."""

    def assign(master, folder, name):
        made = copy.deepcopy(master)
        made.cells = [cell for cell in made.cells if cell.cell_type != "raw"]
        return made, {"tests/1.1.py": ""}

    monkeypatch.setattr(notebook, "_assign", assign)
    monkeypatch.setattr(
        "autograder.authoring.release.points_of_suite", lambda suite, tasks: {"1.1": 3.0}
    )


@pytest.fixture
def release(tmp_path):
    """Releases the little course with these files in the place of its own."""

    def make(changed):
        folder = tmp_path / "assignments" / "demo"
        for name, content in {**COURSE, **changed}.items():
            path = (folder / name).resolve()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return make_release(tmp_path, load_assignment(tmp_path, "demo"))

    return make


@pytest.fixture
def told(release, tmp_path):
    """Returns what the author reads, paths relative to the course."""

    def tell(changed):
        with pytest.raises(CourseError) as caught:
            release(changed)
        assert caught.value.exit_code == 2
        return str(caught.value).replace(f"{tmp_path}/", "")

    return tell


def test_without_a_mistake_the_course_is_released(release):
    made = release({})
    assert b"raise NotImplementedError" in made.files["demo.py"]
    assert b"| 1.1 | Twice | `double` | 3 |" in made.files["README.md"]


def test_each_mistake_in_a_master_is_told_as_on_the_page(told, as_on_the_page):
    messages = {mistake: told({"demo.py": text}) for mistake, text in MASTERS.items()}
    as_on_the_page("Malformed masters", messages)
    for mistake, message in messages.items():
        assert re.search(
            r"assignments/demo/(demo\.py|assignment\.yml)(:[1-9]\d*)?: |demo\.py, line ", message
        ), mistake


def test_each_file_that_does_not_agree_is_told_as_on_the_page(told, as_on_the_page):
    as_on_the_page(
        "Files that do not agree", {mistake: told(changed) for mistake, changed in OTHERS.items()}
    )


@pytest.mark.parametrize(
    "master",
    [
        ("\ufeff" + HEAD + SOLUTION).replace("\n", "\r\n"),
        '# %% task="1.1"\ndef double(x):\n\t# BEGIN SOLUTION\n\treturn 2 * x\n\t# END SOLUTION\n',
        "# %% [markdown]\n# Quotes: ' \" ''' \"\"\" and \\ and {% raw %} {{ x }} and %s.\n\n" + HEAD + SOLUTION,
        HEAD.replace("Doubles x.", "Say \\\"why\\\" and '''how'''.") + SOLUTION,
        "# %% [markdown]\n# Start solving at the end. The solution begins with x.\n\n" + HEAD + SOLUTION,
    ],
    ids=["Windows", "tabs", "quotes in prose", "quotes in a docstring", "prose about solutions"],
)  # fmt: skip
def test_what_only_looks_like_a_mistake_is_released(release, master):
    made = release({"demo.py": master})
    assert made.files["demo.py"].count(b"raise NotImplementedError") == 1
    assert b"SOLUTION" not in made.files["demo.py"] + made.files["demo.ipynb"]
