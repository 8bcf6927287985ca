"""Public checks on one's own work: each state, what is noted, and what is never imported."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.checks.run import run_checks
from autograder.errors import CourseError
from autograder.submission import stand_ins

ROOT = Path(__file__).parents[3]
CHECKS = """
def check_double(submission):
    value = submission.double(3)
    assert value == 6, f"double(3) is {value}. What is twice three?"

def check_half(submission):
    assert submission.half(3) == 1.5, "half(3) differs."

TASKS = {"1": check_double, "2": check_half}
"""
RIGHT = "def double(x):\n    return 2 * x\n\ndef half(x):\n    return x / 2\n"


@pytest.fixture(autouse=True)
def restore(monkeypatch):
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    before = set(sys.modules)
    yield
    stand_ins.uninstall()
    for name in set(sys.modules) - before:
        if name.split(".")[0].lstrip("_") in {"submission", "helper"}:
            del sys.modules[name]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "checks.py").write_text(CHECKS)
    return tmp_path


def report_of(folder, source, name="hw.py"):
    (folder / name).write_text(source)
    return run_checks(folder / name, folder / "checks.py")


def states(report):
    return {result.entry_point: result.state for result in report.results}


def notebook(*sources):
    cells = [
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


# States


def test_right_work_is_done(folder):
    report = report_of(folder, RIGHT)
    assert states(report) == {"double": "done", "half": "done"}
    assert report.all_done
    assert report.notes == ()


def test_a_task_is_named_with_its_entry_point(folder):
    assert [(r.task, r.entry_point) for r in report_of(folder, RIGHT).results] == [
        ("1", "double"),
        ("2", "half"),
    ]


@pytest.mark.parametrize(
    ("body", "state", "words"),
    [
        ("return x", "differs", "double(3) is 3. What is twice three?"),
        ("raise NotImplementedError('Task 1: not yet.')", "not_implemented", "Task 1: not yet."),
        ("raise NotImplementedError", "not_implemented", "Not implemented yet."),
        (
            "return x / 0",
            "raised",
            "ZeroDivisionError: division by zero (in double, line 2 of hw.py)",
        ),
        (
            "return undefined",
            "raised",
            "NameError: name 'undefined' is not defined (in double, line 2 of hw.py)",
        ),
        ("raise SystemExit(0)", "raised", "SystemExit: 0 (in double, line 2 of hw.py)"),
        ("return None", "differs", "double(3) is None. What is twice three?"),
    ],
)
def test_a_task_that_is_not_done_says_why_and_the_next_is_checked(folder, body, state, words):
    report = report_of(folder, RIGHT.replace("return 2 * x", body))
    assert states(report) == {"double": state, "half": "done"}
    assert report.results[0].message == words
    assert not report.all_done


@pytest.mark.parametrize("source", ["", "double = 6\n", "def duoble(x): return 2 * x\n"])
def test_a_function_that_is_not_there_is_missing(folder, source):
    report = report_of(folder, source + "def half(x):\n    return x / 2\n")
    assert states(report) == {"double": "missing", "half": "done"}
    assert "There is no double" in report.results[0].message


# Loading, as the grader does


def test_a_cell_that_fails_is_noted_and_does_not_stop_the_others(folder):
    report = report_of(folder, notebook("1 / 0", "%matplotlib inline\n" + RIGHT), name="hw.ipynb")
    assert report.all_done
    assert report.notes == (
        "cell 1 stopped (ZeroDivisionError: division by zero); the rest was run.",
    )


def test_a_function_defined_twice_is_noted_and_the_last_one_counts(folder):
    report = report_of(folder, "def double(x):\n    return 0\n" + RIGHT)
    assert report.all_done
    assert any("double is defined 2 times" in note for note in report.notes)


def test_a_notebook_finds_the_helper_beside_it(folder):
    (folder / "helper.py").write_text("def twice(x):\n    return 2 * x\n")
    source = notebook("from helper import twice", RIGHT.replace("2 * x", "twice(x)"))
    assert report_of(folder, source, name="hw.ipynb").all_done


def test_a_folder_is_checked_by_what_lies_in_it(folder):
    (folder / "hw.py").write_text(RIGHT)
    (folder / "notes.txt").write_text("not code")
    assert run_checks(folder, folder / "checks.py").all_done


def test_the_checks_themselves_are_no_part_of_the_work(folder):
    with pytest.raises(CourseError, match=r"no notebook and no \.py file in this folder"):
        run_checks(folder, folder / "checks.py")


def test_the_stub_and_the_master_of_the_course_are_checked_as_they_should_be(tmp_path):
    from autograder.authoring.master import stub_script

    assignment = ROOT / "assignments" / "chain_rule"
    master = (assignment / "chain_rule.py").read_text()
    (tmp_path / "stub.py").write_text(stub_script(master, Path("chain_rule.py")))
    (tmp_path / "done.py").write_text(master)
    stub = run_checks(tmp_path / "stub.py", assignment / "checks.py")
    assert {result.state for result in stub.results} == {"not_implemented"}
    assert [result.task for result in stub.results] == ["1.1", "2.1", "3.1", "3.2", "4.1"]
    assert run_checks(tmp_path / "done.py", assignment / "checks.py").all_done


# What cannot be checked


def test_work_that_is_not_there_is_said_so(folder):
    with pytest.raises(CourseError, match=r"nowhere\.py: there is no such file or folder"):
        run_checks(folder / "nowhere.py", folder / "checks.py")


def test_checks_that_are_not_there_are_said_so(tmp_path):
    (tmp_path / "hw.py").write_text(RIGHT)
    with pytest.raises(CourseError, match=r"there are no public checks.*name it with --checks"):
        run_checks(tmp_path / "hw.py", tmp_path / "checks.py")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import no_such_module", "cannot be loaded: ModuleNotFoundError"),
        ("def f(:", "cannot be loaded: SyntaxError"),
        ("", "expected TASKS = .* found NoneType"),
        ("TASKS = []", "found list"),
        ("TASKS = {}", "found dict"),
    ],
)
def test_checks_that_are_none_are_said_so(folder, text, words):
    (folder / "checks.py").write_text(text)
    with pytest.raises(CourseError, match=words):
        report_of(folder, RIGHT)


@pytest.mark.parametrize("content", [b"{", b"\x00\xff\xfe", b'{"cells": 3}'])
def test_a_notebook_that_cannot_be_read_is_said_so(folder, content):
    (folder / "hw.ipynb").write_bytes(content)
    with pytest.raises(CourseError, match=r"hw\.ipynb"):
        run_checks(folder / "hw.ipynb", folder / "checks.py")


# Imports


def test_a_students_check_needs_nothing_that_grading_needs(folder):
    (folder / "hw.py").write_text(RIGHT)
    program = (
        "import sys\nfrom pathlib import Path\nfrom autograder.checks.run import run_checks\n"
        f"assert run_checks(Path({str(folder)!r}), Path({str(folder / 'checks.py')!r})).all_done\n"
        "print(*sorted(sys.modules), sep='\\n')"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(shown.stdout.split())
    ours = {name.split(".")[1] for name in loaded if name.startswith("autograder.")}
    assert ours == {"checks", "errors", "submission"}
    unwanted = {"pytest", "_pytest", "otter", "pydantic", "yaml", "sqlite3", "torch", "typer"}
    assert not unwanted & {name.split(".")[0] for name in loaded}
