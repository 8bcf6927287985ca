"""The command line: what it loads, and the exit code that tells whose mistake it was."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import __version__
from autograder.cli.app import main
from autograder.errors import CourseError, GraderError, IsolationError
from autograder.running import batch
from autograder.sandbox import bubblewrap, gpus
from autograder.sandbox import engine as engines
from autograder.submission import stand_ins

CHECKS = """
def check_double(submission):
    assert submission.double(3) == 6, "double(3) differs."
TASKS = {"1": check_double}
"""


@pytest.fixture
def autograder(monkeypatch, capsys):
    """Runs a command in this process; returns exit code, output and errors, blanks made single."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main()
        output, errors = capsys.readouterr()
        return caught.value.code, " ".join(output.split()), " ".join(errors.split())

    return run


@pytest.fixture(autouse=True)
def restore(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    before = set(sys.modules)
    yield
    stand_ins.uninstall()
    for name in set(sys.modules) - before:
        if name.split(".")[0] == "submission":
            del sys.modules[name]


# Quick and light


def test_help_answers_at_once_and_loads_nothing_heavy():
    program = (
        "import sys\nfrom autograder.__main__ import main\nsys.argv = ['autograder', '--help']\n"
        "try:\n    main()\nexcept SystemExit as left:\n    code = left.code\n"
        "print(*sorted(sys.modules), file=sys.stderr)\nsys.exit(code)"
    )
    used = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        shown = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert shown.returncode == 0
    for command in (b"grade", b"check", b"doctor"):
        assert command in shown.stdout
    loaded = {name.split(".")[0] for name in shown.stderr.decode().split()}
    assert not loaded & {
        "torch",
        "numpy",
        "pytest",
        "IPython",
        "nbformat",
        "otter",
        "pydantic",
        "yaml",
    }
    # Seconds of a core: 0.25 here, and torch alone takes one. Wall time tells more of the machine's other guests.
    assert min(used) < 0.8


def test_the_version_is_the_packages(autograder):
    assert autograder("--version") == (0, f"autograder {__version__}", "")


def test_without_a_command_the_help_is_shown(autograder):
    code, output, errors = autograder()
    assert code == 2
    assert "grade" in output + errors


# `check`


@pytest.fixture
def work(tmp_path):
    (tmp_path / "checks.py").write_text(CHECKS)

    def write(body, name="hw.py"):
        (tmp_path / name).write_text(f"def double(x):\n    {body}\n")
        return tmp_path / name

    return write


def test_check_ends_with_0_where_all_pass(autograder, work):
    code, output, errors = autograder("check", work("return 2 * x"))
    assert (code, errors) == (0, "")
    assert "1 double: passes" in output
    assert "1 of 1 public checks pass. Hidden tests check more." in output


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return x", "double: differs double(3) differs."),
        ("raise NotImplementedError", "double: not implemented yet"),
        ("raise SystemExit(0)", "double: stopped with an exception"),
        ("return [x][9]", "double: stopped with an exception IndexError: list index out of range"),
        ("raise ValueError('[red]not markup[/]')", "ValueError: [red]not markup[/]"),
    ],
)
def test_check_ends_with_1_where_one_does_not_pass(autograder, work, body, words):
    code, output, _ = autograder("check", work(body))
    assert code == 1
    assert words in output
    assert "0 of 1 public checks pass" in output


def test_check_looks_at_the_folder_that_one_is_in(autograder, work, monkeypatch):
    monkeypatch.chdir(work("return 2 * x").parent)
    assert autograder("check")[0] == 0


def test_check_takes_checks_from_where_it_is_told(autograder, work, tmp_path):
    path = work("return 2 * x")
    (tmp_path / "checks.py").rename(tmp_path / "others.txt.py")
    assert autograder("check", path)[0] == 2
    assert autograder("check", path, "--checks", tmp_path / "others.txt.py")[0] == 0


@pytest.mark.parametrize("name", ["nowhere.py", "nowhere/at/all"])
def test_check_ends_with_2_where_there_is_nothing_to_check(autograder, work, name):
    folder = work("return 1").parent
    code, _, errors = autograder("check", folder / name)
    assert code == 2
    assert "there is no such file or folder" in errors
    assert errors.startswith("Cannot go on:")


# `grade`: the person's mistakes


@pytest.fixture
def course(tmp_path, monkeypatch):
    files = {
        "grading.yml": "course: Demo\nisolation:\n  require: namespaces\n",
        "assignments/demo_one/assignment.yml": (
            'title: Demo\nversion: "1"\ntasks:\n  "1": {title: One, entry_point: f}\n'
        ),
        "reference/demo_one.py": "def f(): return 1\n",
        "tests/hidden/demo_one/test_demo_one.py": "",
        "handed_in/ada.py": "def f(): return 1\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def nothing_runs(monkeypatch):
    monkeypatch.setattr(engines, "start", lambda level: pytest.fail(f"{level} was started"))


@pytest.fixture
def grade(autograder, course):
    def run(assignment="demo_one", submissions="handed_in", *more):
        code, _, errors = autograder("grade", assignment, submissions, "--out", "out", *more)
        assert not (course / "out").exists()
        return code, errors

    return run


@pytest.mark.usefixtures("nothing_runs")
class TestAMistakeOfThePerson:
    """Exit code 2, a message that says what to do, and nothing written."""

    def test_an_unknown_assignment_with_the_one_that_was_meant(self, grade):
        code, errors = grade("demo_on")
        assert code == 2
        assert 'No assignment "demo_on"' in errors
        assert 'Did you mean "demo_one"?' in errors

    def test_a_name_that_leads_out_of_the_course(self, grade):
        code, errors = grade("../demo_one")
        assert code == 2
        assert "is no name of an assignment" in errors

    def test_submissions_that_are_not_there(self, grade):
        code, errors = grade("demo_one", "handed_inn")
        assert code == 2
        assert "handed_inn: there is no such file or folder" in errors

    def test_an_empty_folder_of_submissions(self, grade, course):
        (course / "empty").mkdir()
        code, errors = grade("demo_one", "empty")
        assert code == 2
        assert "it is empty" in errors

    def test_a_folder_that_is_no_course(self, grade):
        code, errors = grade("demo_one", "handed_in", "--course", "/")
        assert code == 2
        assert "grading.yml" in errors

    def test_a_wrong_setting_with_its_line_and_the_right_key(self, grade, course):
        (course / "grading.yml").write_text("course: Demo\nlimits:\n  memory_mbb: 7\n")
        code, errors = grade()
        assert code == 2
        assert "grading.yml:3" in errors
        assert "memory_mb" in errors

    def test_a_roster_without_students_column(self, grade, course):
        (course / "roster.csv").write_text("id,name\n1,Ada\n")
        code, errors = grade("demo_one", "handed_in", "--roster", "roster.csv")
        assert code == 2
        assert "no column `student`" in errors

    @pytest.mark.parametrize(
        "option", [("--device", "tpu"), ("--isolation", "jail"), ("--nosuch",)]
    )
    def test_an_option_that_does_not_exist(self, grade, option):
        assert grade("demo_one", "handed_in", *option)[0] == 2

    def test_a_device_that_is_not_there(self, grade, monkeypatch):
        monkeypatch.setattr(gpus, "find", lambda *_: ())
        code, errors = grade("demo_one", "handed_in", "--device", "cuda")
        assert code == 2
        assert "Use --device cpu" in errors

    def test_a_store_that_is_none(self, grade, course):
        (course / "store.txt").write_text("not a database, but text of some length " * 9)
        code, errors = grade("demo_one", "handed_in", "--store", "store.txt")
        assert code == 2
        assert "not a store of autograder" in errors


# `grade`: no isolation, and our own faults


def test_where_the_required_isolation_is_not_to_be_had_nothing_is_scored(
    grade, course, monkeypatch
):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda *_, **__: None)
    broken = dict.fromkeys(bubblewrap._WHEEL_SHA256, "0" * 64)
    monkeypatch.setattr(bubblewrap, "_WHEEL_SHA256", broken)
    code, errors = grade()
    assert code == 3
    assert errors.startswith("Not graded:")
    assert "bubblewrap" in errors


def test_a_typed_level_that_is_refused_is_not_replaced_by_another(grade, monkeypatch):
    asked = []

    def start(level, on):
        asked.append(level.value)
        raise IsolationError("not here; do this")

    monkeypatch.setattr(engines, "start", start)
    code, errors = grade("demo_one", "handed_in", "--isolation", "landlock")
    assert (code, asked) == (3, ["landlock"])
    assert "not here; do this" in errors


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (CourseError("the suite is wrong"), 2, "Cannot go on: the suite is wrong"),
        (IsolationError("the canary escaped"), 3, "Not graded: the canary escaped"),
        (GraderError("a grader died"), 3, "Not graded: a grader died"),
        (RuntimeError("a bug"), 3, "autograder itself failed: RuntimeError: a bug"),
        (KeyboardInterrupt(), 130, "What was finished is kept"),
    ],
)
def test_an_error_on_the_way_is_one_message_and_its_code(grade, monkeypatch, error, code, words):
    def fail(*_):
        raise error

    monkeypatch.setattr(batch, "open_workshop", fail)
    found, errors = grade()
    assert found == code
    assert words in errors
    assert "Traceback" not in errors


def test_debug_shows_where_an_error_came_from(grade, monkeypatch):
    def fail(*_):
        raise GraderError("a grader died")

    monkeypatch.setattr(batch, "open_workshop", fail)
    code, errors = grade("demo_one", "handed_in", "--debug")
    assert code == 3
    assert "Traceback" in errors


@pytest.mark.slow
def test_check_on_the_command_line_loads_nothing_that_grading_needs(work):
    path = work("return 2 * x")
    program = (
        "import sys\nfrom autograder.__main__ import main\n"
        f"sys.argv = ['autograder', 'check', {str(path)!r}]\n"
        "try:\n    main()\nexcept SystemExit as left:\n    assert left.code == 0\n"
        "import json\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, timeout=60,
        env={**os.environ, "PYTHONPATH": ""}, cwd=Path(path).parent,
    )  # fmt: skip
    loaded = set(json.loads(shown.stderr))
    ours = {name.split(".")[1] for name in loaded if name.startswith("autograder.")}
    assert ours == {"__main__", "cli", "checks", "errors", "records", "submission"}
    # typer itself takes pydantic where it is installed
    assert not {name.split(".")[0] for name in loaded} & {"pytest", "otter", "yaml", "sqlite3"}
