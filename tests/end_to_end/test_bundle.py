"""A bundle in Gradescope's folders: the same grades as at home, and a valid results.json whenever it is stopped.

The folders are a faithful copy of /autograder elsewhere (AUTOGRADER_ROOT); the Python is this one (AUTOGRADER_VENV), so
that setup.sh, which installs, is looked at and tried for its refusals only.
"""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import pytest

from autograder.store.database import Store

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(Path(__file__).with_name("gradescope_results.schema.json").read_text())
HIDDEN_CASES = ROOT / "tests" / "hidden" / "chain_rule"
MASTER = ROOT / "assignments" / "chain_rule" / "chain_rule.py"
METADATA = {
    "id": 123456,
    "created_at": "2026-11-27T14:22:32.365935-07:00",
    "assignment": {"id": 25828, "course_id": 1234, "title": "Chain rule", "total_points": "20.0"},
    "submission_method": "upload",
    "users": [{"email": "ada@example.edu", "id": 1234, "name": "Ada <b>Example</b>"}],
    "previous_submissions": [],
}
#: Reads what it must not, writes a result of its own, then answers nothing.
HOSTILE = """
import json, os, sys
for path in ("{root}/results/results.json", "results.json"):
    try:
        open(path, "w").write(json.dumps({{"score": 999, "tests": []}}))
    except OSError:
        pass
os._exit(0)
"""


@dataclass(frozen=True)
class Platform:
    """A copy of Gradescope's /autograder."""

    root: Path

    @classmethod
    def build(cls, folder, bundle):
        """Unpacks a bundle as Gradescope does."""
        (folder / "submission").mkdir(parents=True)
        (folder / "results").mkdir()
        with zipfile.ZipFile(bundle) as archive:
            archive.extractall(folder / "source")
        shutil.copy(folder / "source" / "run_autograder", folder / "run_autograder")
        (folder / "run_autograder").chmod(0o755)
        (folder / "submission_metadata.json").write_text(json.dumps(METADATA))
        return cls(folder)

    def start(self):
        """Starts run_autograder, with what it prints in results/stdout."""
        environment = {
            "PATH": os.environ["PATH"],
            "AUTOGRADER_ROOT": str(self.root),
            "AUTOGRADER_VENV": sys.prefix,
        }
        with (self.root / "results" / "stdout").open("wb") as stdout:
            return subprocess.Popen(
                [self.root / "run_autograder"], cwd=self.root, env=environment,
                stdout=stdout, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def grade(self, *files):
        """Hands in files and runs; returns the exit code."""
        for file in files:
            shutil.copy(file, self.root / "submission")
        return self.start().wait(120)

    def stdout(self):
        return (self.root / "results" / "stdout").read_text()

    def results(self):
        """results.json, valid."""
        found = json.loads((self.root / "results" / "results.json").read_bytes())
        jsonschema.validate(found, SCHEMA)
        return found

    def scored(self):
        """results.json, valid and with a score."""
        found = self.results()
        jsonschema.validate(found, {**SCHEMA["$defs"]["scored"], "$defs": SCHEMA["$defs"]})
        return found


def without_a_number(results):
    """True where nothing could be taken for a score."""
    return "score" not in results and not any("score" in test for test in results["tests"])


def visible(results):
    """All that a student can read."""
    shown = [test for test in results["tests"] if test.get("visibility") != "hidden"]
    return json.dumps([results["output"], shown])


def for_staff(results):
    return "\n".join(
        test["output"] for test in results["tests"] if test.get("visibility") == "hidden"
    )


def make(course, out, *more):
    return subprocess.run(
        [sys.executable, "-m", "autograder", "bundle", "chain_rule", "--out", str(out),
         "--course", str(course.root), "--store", str(course.store), *more],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def course(chain_rule):
    made = chain_rule()
    suite = made.root / "tests" / "hidden" / "chain_rule"
    for name in ("calibration.json", "misconceptions.py"):
        shutil.copy(HIDDEN_CASES / name, suite)
    for name in ("right", "wrong"):
        (suite / name).mkdir()
        shutil.copy(next((HIDDEN_CASES / name).glob("*.py")), suite / name)
    return made


@pytest.fixture(scope="module")
def bundle(course, tmp_path_factory):
    out = tmp_path_factory.mktemp("bundle") / "chain_rule.zip"
    done = make(course, out)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def platform(bundle, tmp_path):
    return Platform.build(tmp_path / "autograder", bundle)


def test_a_bundle_holds_what_judges_and_nothing_else(bundle, course):
    with zipfile.ZipFile(bundle) as archive:
        names = set(archive.namelist())
        modes = {name: archive.getinfo(name).external_attr >> 16 for name in names}
    assert {"setup.sh", "run_autograder"} <= names
    assert modes["setup.sh"] & 0o111
    assert modes["run_autograder"] & 0o111
    inside = {name.removeprefix("course/") for name in names if name.startswith("course/")}
    assert inside == {
        "grading.yml",
        "assignments/chain_rule/assignment.yml",
        "reference/chain_rule.py",
        "tests/hidden/chain_rule/test_chain_rule.py",
        "tests/hidden/chain_rule/calibration.json",
        "tests/hidden/chain_rule/misconceptions.py",
    }
    rest = {name.split("/")[0] for name in names}
    assert rest == {
        "setup.sh",
        "run_autograder",
        "requirements.txt",
        "version.key",
        "wheels",
        "course",
    }


def test_a_bundle_has_the_key_of_its_version_and_not_the_secret(bundle, course):
    with Store.open(course.store) as store:
        secret = store.secret(lambda: pytest.fail("bundling must have made the secret"))
    with zipfile.ZipFile(bundle) as archive:
        contents = [archive.read(name) for name in archive.namelist()]
        (wheel,) = (name for name in archive.namelist() if name.endswith(".whl"))
        with zipfile.ZipFile(io.BytesIO(archive.read(wheel))) as inner:
            contents += [inner.read(name) for name in inner.namelist()]
        key = bytes.fromhex(archive.read("version.key").decode())
    assert len(key) == 32
    assert key != secret
    everything = b"\0".join(contents)
    assert secret not in everything
    assert secret.hex().encode() not in everything


def test_the_same_course_gives_the_same_bytes(bundle, course, tmp_path):
    assert make(course, tmp_path / "again.zip").returncode == 0
    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_a_course_that_holds_its_secret_in_a_file_is_not_bundled(chain_rule, tmp_path):
    course = chain_rule()
    with Store.open(course.store) as store:
        secret = store.secret(lambda: bytes(range(32)))
    leaking = course.root / "tests" / "hidden" / "chain_rule" / "notes.txt"
    leaking.write_text(f"SECRET = {secret.hex()}\n")
    done = make(course, tmp_path / "leak.zip")
    assert done.returncode == 2
    assert "course's secret" in done.stderr
    assert "notes.txt" in done.stderr
    assert secret.hex() not in done.stderr
    assert not (tmp_path / "leak.zip").exists()


@pytest.mark.slow
def test_a_bundle_gives_the_grades_that_grade_gives(course, bundle, isolation, tmp_path):
    cases = {
        "master": MASTER,
        "wrong": HIDDEN_CASES / "wrong" / "G18_batch_sum.py",
        "notebook": HIDDEN_CASES / "right" / "P02_defined_twice.ipynb",
    }
    for name, file in cases.items():
        shutil.copy(file, course.handed_in / f"{name}{file.suffix}")
    assert course.grade("chain_rule").returncode == 0
    at_home = course.grades()
    run_at_home = course.report()["run"]
    for name, file in cases.items():
        platform = Platform.build(tmp_path / name, bundle)
        assert platform.grade(file) == 0, platform.stdout()
        results = platform.scored()
        home = at_home[name]
        assert results["score"] == home["score"]
        tests = {test["number"]: test for test in results["tests"] if "number" in test}
        assert list(tests) == [task["id"] for task in home["tasks"]]
        for task in home["tasks"]:
            there = tests[task["id"]]
            assert (there["score"], there["max_score"]) == (task["points"], task["max_points"])
            assert (there["status"] == "passed") == (task["outcome"] == "passed")
            assert task["message"] in there["output"]
        assert results["extra_data"]["assignment_sha256"] == run_at_home["assignment_sha256"]
    assert at_home["wrong"]["score"] < at_home["master"]["score"]


@pytest.mark.slow
def test_staff_sees_more_than_students(platform, isolation):
    assert platform.grade(HIDDEN_CASES / "wrong" / "G18_batch_sum.py") == 0
    results = platform.scored()
    assert "expected" in for_staff(results)
    assert f"isolation: {isolation}" in for_staff(results)
    assert "ada@example.edu" in for_staff(results)
    assert results["stdout_visibility"] == "hidden"
    for told in ("rtol", "isolation", "ada@example.edu", "<b>", str(platform.root)):
        assert told not in visible(results)


@pytest.mark.slow
def test_a_hostile_submission_cannot_write_its_own_results(platform, isolation, tmp_path):
    hostile = tmp_path / "chain_rule.py"
    hostile.write_text(HOSTILE.format(root=platform.root))
    assert platform.grade(hostile) == 0
    results = platform.scored()
    assert results["score"] == 0
    assert all(test["status"] == "failed" for test in results["tests"] if "status" in test)


@pytest.mark.slow
def test_an_empty_submission_has_no_score_and_is_told_so(platform, isolation):
    assert platform.grade() == 0
    results = platform.results()
    assert without_a_number(results)
    assert "Not graded: nothing in the file could be loaded" in results["output"]


@pytest.mark.slow
def test_results_are_valid_whenever_it_is_killed(platform, isolation):
    shutil.copy(MASTER, platform.root / "submission")
    for moment in ("at once", "while it prepares", "when it judges"):
        (platform.root / "results" / "results.json").unlink(missing_ok=True)
        process = platform.start()
        try:
            wait_for(platform, process, moment)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        results = platform.results()
        assert without_a_number(results), moment
        assert "stopped before it was done" in results["output"]


def wait_for(platform, process, moment):
    """Returns when the run has come so far."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        there = (platform.root / "results" / "results.json").exists()
        if there and moment == "at once":
            return
        if there and moment == "while it prepares" and children_of(process.pid):
            return
        if "judging" in platform.stdout():
            return
        assert process.poll() is None, platform.stdout()
        time.sleep(0.01)
    pytest.fail(f"it never came so far: {moment}")


def children_of(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.mark.slow
def test_a_run_gives_up_before_the_platform_scores_0(platform, isolation):
    with (platform.root / "source" / "course" / "grading.yml").open("a") as settings:
        settings.write("gradescope: {time_s: 21}\n")
    assert platform.grade(MASTER) == 3
    results = platform.results()
    assert without_a_number(results)
    assert "Given up after 1 s" in for_staff(results)
    assert "Given up" not in visible(results)


def test_without_the_platforms_word_nobody_is_graded(platform):
    (platform.root / "submission_metadata.json").unlink()
    assert platform.grade(MASTER) == 3
    results = platform.results()
    assert without_a_number(results)
    assert "who handed in" in for_staff(results)
    assert "not the fault of your submission" in visible(results)


def test_a_broken_image_leaves_a_valid_result(platform):
    environment = {
        "PATH": os.environ["PATH"],
        "AUTOGRADER_ROOT": str(platform.root),
        "AUTOGRADER_VENV": "/nonexistent",
    }
    done = subprocess.run([platform.root / "run_autograder"], env=environment, check=False,
                          capture_output=True)  # fmt: skip
    assert done.returncode != 0
    assert without_a_number(platform.results())


def test_setup_without_a_python_fails_loudly(platform, tmp_path):
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "env"):
        (tools / name).symlink_to(shutil.which(name))
    done = subprocess.run(
        [tools / "bash", platform.root / "source" / "setup.sh"],
        env={"PATH": str(tools), "AUTOGRADER_ROOT": str(platform.root),
             "AUTOGRADER_VENV": str(tmp_path / "venv")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "no Python 3.11 or newer" in done.stderr
    assert not (tmp_path / "venv").exists()
