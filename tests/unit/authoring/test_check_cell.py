"""What a check cell tells, without otter's own words: see also tests/end_to_end/test_release.py."""

import importlib
import inspect
import sys
import types

import pytest

from autograder.authoring.check_cell import run_public_check

# Importing otter imports ipylab, whose traits are declared in a way that is deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:Traits should be given:DeprecationWarning")

CHECKS = """\
from dataclasses import dataclass


@dataclass
class Point:
    x: "float"


def check_f(submission):
    value = submission.f(Point(2.0))
    assert value == 4.0, f"f gave '{value}', expected '4.0'"


TASKS = {"1.2": check_f}
"""


@pytest.fixture
def message(tmp_path, monkeypatch):
    """Runs the check of task 1.2 on a notebook's code; returns what the student is told."""
    (tmp_path / "checks.py").write_text(CHECKS)
    monkeypatch.chdir(tmp_path)
    source = inspect.getsource(run_public_check).replace('"TASK_ID"', '"1.2"')
    released = types.ModuleType("released")
    exec(source, released.__dict__)

    def run(code):
        env = {}
        exec(compile(code, "<cell>", "exec"), env)
        try:
            released.run_public_check(env)
        except AssertionError as error:
            return str(error)
        return None

    return run


def test_a_right_answer_passes(message):
    assert message("def f(p): return 2 * p.x") is None


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("", "Task 1.2: f is missing.\nIs it spelled as in the handout, and did its cell run?\n"),
        ("f = 3", "Task 1.2: f is missing.\nIs it spelled as in the handout, and did its cell run?\n"),
        ("def f(p): return 5.0", "Task 1.2: f differs.\nf gave '5.0', expected '4.0'\n"),
        (
            "def f(p):\n    raise NotImplementedError('Task 1.2: f is not implemented yet.')",
            "Task 1.2: f is not implemented yet.\n",
        ),
        (
            "def f(p):\n    raise NotImplementedError('Task 1.1: g is not implemented yet.')",
            "Task 1.2: f cannot be checked yet.\nTask 1.1: g is not implemented yet.\n",
        ),
        (
            "def g(p):\n    return 1 / 0\n\ndef f(p):\n    return g(p)",
            "Task 1.2: f stopped with an exception.\n"
            "ZeroDivisionError: division by zero (in g, line 2 of its cell)\n",
        ),
        (
            "def f(p):\n    exit(0)",
            "Task 1.2: f stopped with an exception.\nSystemExit: 0 (in f, line 2 of its cell)\n",
        ),
    ],
)  # fmt: skip
def test_what_is_not_right_is_told_with_its_task(message, code, told):
    assert message(code) == told


def test_a_missing_file_of_checks_is_told_with_its_place(message, tmp_path):
    (tmp_path / "checks.py").unlink()
    assert message("") == (
        f"Task 1.2: there is no checks.py in {tmp_path}. Put it beside the notebook."
    )


def test_checks_find_the_module_beside_them_and_the_path_stays_as_it_was(message, tmp_path):
    before = list(sys.path)
    checks = tmp_path / "checks.py"
    checks.write_text(
        "from beside_checks import expected\n" + CHECKS.replace("== 4.0", "== expected")
    )
    assert message("") == (
        f"Task 1.2: there is no beside_checks.py in {tmp_path}. Put it beside the notebook."
    )
    (tmp_path / "beside_checks.py").write_text("expected = 4.0\n")
    importlib.invalidate_caches()
    assert message("def f(p): return 2 * p.x") is None
    assert sys.path == before


def test_nothing_of_this_package_is_needed():
    assert "autograder" not in inspect.getsource(run_public_check)
