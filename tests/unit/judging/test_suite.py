"""The suite process: what it refuses to judge by, and what never reaches its pytest."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.judging.messages import ANSWER, ORDER, Ready, Refusal, SuiteOrder, receive_line
from autograder.judging.suite import load_reference
from autograder.records import Isolation, TaskInfo

SUITE = (
    "import pytest\n"
    '@pytest.mark.task("1", points=2)\ndef test_f(student, reference): '
    "assert student.f() == reference.f()\n"
)
REFERENCE = "def f():\n    return 1\n"


# The reference


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_reference_is_imported_by_its_path_and_is_on_no_search_path(tmp_path):
    before = list(sys.path)
    module = load_reference(write(tmp_path / "demo.py", REFERENCE))
    assert module.f() == 1
    assert "demo" not in sys.modules
    assert sys.path == before


def test_a_reference_may_define_dataclasses(tmp_path):
    text = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Run:\n    n: int\n"
    )
    assert load_reference(write(tmp_path / "demo.py", text)).Run(3).n == 3


def test_a_reference_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(CourseError, match=r"demo\.py: there is no reference; write one"):
        load_reference(tmp_path / "demo.py")
    (tmp_path / "demo.py").mkdir()
    with pytest.raises(CourseError, match="there is no reference"):
        load_reference(tmp_path / "demo.py")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def f(:", r"(?s)demo\.py.*line 1.*SyntaxError"),
        ("raise RuntimeError('no data')", "RuntimeError: no data"),
    ],
)
def test_a_reference_that_cannot_be_imported_is_the_courses_mistake(tmp_path, text, words):
    path = write(tmp_path / "demo.py", text)
    with pytest.raises(CourseError, match=words) as caught:
        load_reference(path)
    assert str(caught.value).startswith(f"{path}: the reference cannot be imported")
    assert caught.value.exit_code == 2


# The process


@pytest.fixture
def course(tmp_path):
    write(tmp_path / "grading.yml", "course: Demo\n")
    write(tmp_path / "reference" / "demo.py", REFERENCE)
    write(tmp_path / "tests" / "hidden" / "demo" / "test_demo.py", SUITE)
    return tmp_path


def answer_of(course, *, cwd=None, env=None):
    """What a suite process, started as the command starts it, says of this course."""
    order = SuiteOrder(
        assignment="demo",
        suite=str(course / "tests" / "hidden" / "demo"),
        reference=str(course / "reference" / "demo.py"),
        tasks=(TaskInfo("1", "One", 0.0),),
        entry_points=("f",),
        by_hand=(),
        data={},
        review_code_kb=None,
        key="00" * 32,
        device="cpu",
        official=False,
        level=Isolation.PROCESS,
        required=Isolation.LANDLOCK,
        engine="none",
        zygote=False,
        canary_target=str(course / "grading.yml"),
        limits={},
        times=dict.fromkeys(
            ("call_s", "cell_s", "load_s", "intake_s", "task_s", "submission_s"), 1
        ),
    )
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "autograder.judging.suite", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=cwd,
            env=env,
        )
    with ours:
        ours.sendall(ORDER.dump_json(order) + b"\n")
        ours.settimeout(60)
        line = receive_line(ours)
    assert process.wait(60) == 0
    return ANSWER.validate_json(line)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import no_such_module\n" + SUITE, "no_such_module"),
        ("raise SystemExit(0)\n" + SUITE, "cannot be collected"),
        (
            "import pytest\npytest.skip('all', allow_module_level=True)\n",
            "no hidden test gives points",
        ),
        (SUITE.replace("reference.f()", "2"), "the reference does not pass its own hidden suite"),
    ],
    ids=["import", "exit", "skip", "oracle"],
)
def test_a_suite_that_cannot_judge_is_refused_as_the_courses_mistake(course, text, words):
    write(course / "tests" / "hidden" / "demo" / "test_demo.py", text)
    answer = answer_of(course)
    assert isinstance(answer, Refusal)
    assert answer.fault == "CourseError"
    assert words in answer.message
    assert str(course / "tests" / "hidden" / "demo") in answer.message


@pytest.mark.slow
def test_a_broken_reference_is_refused_as_the_courses_mistake(course):
    write(course / "reference" / "demo.py", "import no_such_module")
    answer = answer_of(course)
    assert (type(answer), answer.fault) == (Refusal, "CourseError")
    assert "no_such_module" in answer.message


@pytest.mark.slow
def test_an_entry_point_that_the_reference_lacks_is_a_typo_of_the_course(course):
    write(course / "reference" / "demo.py", "def ff():\n    return 1\n")
    about = write(
        course / "assignments" / "demo" / "assignment.yml",
        'title: Demo\nversion: "1"\ntasks:\n  "1": {title: One, entry_point: f}\n',
    )
    answer = answer_of(course)
    assert (type(answer), answer.fault) == (Refusal, "CourseError")
    assert f'{about}:4: entry point "f" of task 1 is not defined in' in answer.message
    assert 'Did you mean "ff"?' in answer.message


@pytest.mark.slow
def test_no_file_of_a_submission_or_of_other_tests_reaches_the_suites_pytest(course, tmp_path):
    reached = tmp_path / "reached"
    reached.mkdir()
    mark = f"import os\nopen(os.path.join({str(reached)!r}, __name__), 'w').close()\n"
    hostile_python = mark + "def pytest_collection_modifyitems(items): items.clear()\n"
    hostile_options = "--no-such-option --collect-only -p evil"
    submissions = course / "submissions"
    for folder in (
        submissions,
        submissions / "ada",
        course,
        course / "tests",
        course / "tests" / "hidden",
    ):
        for name in (
            "conftest.py", "sitecustomize.py", "usercustomize.py", "evil.py", "pytest.py", "torch.py",
            "numpy.py", "json.py", "pytest_evil.py", "autograder/__init__.py", "_pytest/__init__.py",
        ):  # fmt: skip
            write(folder / name, hostile_python)
        write(folder / "pytest.ini", f"[pytest]\naddopts = {hostile_options}\n")
        write(folder / ".pytest.ini", f"[pytest]\naddopts = {hostile_options}\n")
        write(folder / "tox.ini", f"[pytest]\naddopts = {hostile_options}\n")
        write(folder / "setup.cfg", f"[tool:pytest]\naddopts = {hostile_options}\n")
        options = json.dumps(hostile_options)
        write(folder / "pyproject.toml", f"[tool.pytest.ini_options]\naddopts = {options}\n")
        entry = "[pytest11]\nevil = pytest_evil\n"
        write(folder / "evil-1.0.dist-info" / "entry_points.txt", entry)
        write(folder / "evil-1.0.dist-info" / "METADATA", "Name: evil\nVersion: 1.0\n")
    before = sorted(path for path in course.rglob("*"))
    environment = {
        **os.environ,
        "PYTHONPATH": f"{submissions}:{course}",
        "PYTHONSTARTUP": str(submissions / "evil.py"),
        "PYTHONUSERBASE": str(submissions),
        "PYTEST_ADDOPTS": hostile_options,
        "PYTEST_PLUGINS": "evil",
        "PYTEST_THEME": "no-such-theme",
    }
    control = [sys.executable, "-B", "-c", "pass"]  # a plain Python does run into them
    subprocess.run(control, cwd=submissions, env=environment, check=True, timeout=60)
    (reached / "sitecustomize").unlink()
    answer = answer_of(course, cwd=submissions, env=environment)
    assert isinstance(answer, Ready), answer
    assert [(task.id, task.max_points) for task in answer.tasks] == [("1", 2.0)]
    assert list(reached.iterdir()) == []
    assert sorted(path for path in course.rglob("*")) == before  # no cache, no bytecode
