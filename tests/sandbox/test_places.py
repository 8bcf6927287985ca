"""Whole runs where people grade: in a plain container as root, with and without Landlock, and as an ordinary user.

The container is simulated, see `plain_container`; the ordinary user is real.
"""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTAINER = [sys.executable, str(Path(__file__).with_name("plain_container.py"))]
SETTINGS = "course: places\nisolation: {{require: {require}}}\nlimits: {{memory_mb: 1024}}\n"
AS_SOMEBODY = 61_111

LOOK = """
import ctypes, json, os
from autograder.worker import kernel, landlock
from autograder.worker.kernel import CloneFlag

def attempt(function):
    try:
        function()
    except OSError as error:
        return error.errno
    return 0

status = open("/proc/self/status").read()
print(json.dumps({
    "user": os.getuid(),
    "capabilities": status.split("CapEff:\\t")[1].split()[0],
    "bounding": status.split("CapBnd:\\t")[1].split()[0],
    "user namespace": attempt(lambda: kernel.unshare(CloneFlag.NEWUSER)),
    "mount namespace": attempt(lambda: kernel.unshare(CloneFlag.NEWNS)),
    "mount": attempt(lambda: kernel.mount("tmpfs", "/mnt", "tmpfs", 0)),
    "clone": attempt(lambda: kernel.call("syscall", "clone", 56 if os.uname().machine == "x86_64" else 220,
                                         CloneFlag.NEWPID | 17, 0, 0, 0, 0)),
    "control groups": os.listdir("/sys/fs/cgroup"),
    "landlock": landlock.abi() > 0,
}))
"""


@pytest.fixture
def root():
    """Only root can be root in a container; CI is, so that nothing hides there."""
    if os.getuid() != 0:
        if os.environ.get("CI"):
            pytest.fail("CI must run these tests as root")
        pytest.skip("only root can be root in a container")


@pytest.fixture
def course():
    """Makes a course with one right submission, at a place that any user may enter."""
    top = Path(tempfile.mkdtemp(prefix="places-"))
    top.chmod(0o755)

    def make(require):
        for place in ("assignments/chain_rule/assignment.yml", "reference/chain_rule.py",
                      "tests/hidden/chain_rule/test_chain_rule.py"):  # fmt: skip
            (top / place).parent.mkdir(parents=True)
            shutil.copy(ROOT / place, top / place)
        (top / "grading.yml").write_text(SETTINGS.format(require=require))
        (top / "handed_in").mkdir()
        shutil.copy(ROOT / "assignments/chain_rule/chain_rule.py", top / "handed_in" / "ada.py")
        return top

    yield make
    shutil.rmtree(top)


def grade(course, prefix=(), **options):
    """Returns the command's exit code, what it said, and grades.json where there is one."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "autograder", "grade", "chain_rule", str(course / "handed_in"),
         "--out", str(course / "out"), "--course", str(course), "--store", str(course / "store.sqlite")],
        capture_output=True, text=True, check=False, timeout=120, cwd=ROOT,
        env=os.environ | {"COLUMNS": "200", "OMP_NUM_THREADS": "1"}, **options,
    )  # fmt: skip
    results = course / "out" / "grades.json"
    report = json.loads(results.read_text()) if results.is_file() else None
    return done.returncode, done.stdout + done.stderr, report


def proven(result, level):
    """True words about a run that counts."""
    code, said, report = result
    assert code == 0, said
    run = report["run"]
    assert (run["isolation"]["level"], run["official"]) == (level, True), run
    (ada,) = report["grades"]
    assert (ada["status"], ada["score"]) == ("graded", ada["max_score"]), ada
    return run["isolation"]["engine"]


@pytest.mark.parametrize("without", [(), ("--without-landlock",)], ids=["landlock", "without"])
def test_the_simulated_container_refuses_what_a_real_one_does(root, without):
    done = subprocess.run(
        [*CONTAINER, *without, sys.executable, "-c", LOOK],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert json.loads(done.stdout) == {
        "user": 0,
        "capabilities": "00000000a80425fb",
        "bounding": "00000000a80425fb",
        "user namespace": errno.EPERM,
        "mount namespace": errno.EPERM,
        "mount": errno.EPERM,
        "clone": errno.EPERM,
        "control groups": [],
        "landlock": not without,
    }


def test_in_a_plain_container_root_grades_officially_with_landlock(root, course):
    engine = proven(grade(course("landlock"), CONTAINER), "landlock")
    assert engine.endswith("memory: per process")


def test_without_landlock_the_engine_of_user_ids_counts_where_it_is_required(root, course):
    engine = proven(grade(course("uid"), [*CONTAINER, "--without-landlock"]), "uid")
    assert engine.startswith("user ids, root ")


def test_where_landlock_is_required_and_missing_no_score_is_written(root, course):
    code, said, report = grade(course("landlock"), [*CONTAINER, "--without-landlock"])
    assert (code, report) == (3, None), said
    assert "this kernel has no Landlock" in " ".join(said.split())


def test_an_ordinary_user_grades_officially_in_namespaces(course):
    top = course("namespaces")
    options = {}
    if os.getuid() == 0:
        os.chown(top, AS_SOMEBODY, AS_SOMEBODY)
        options = {"user": AS_SOMEBODY, "group": AS_SOMEBODY, "extra_groups": []}
    proven(grade(top, **options), "namespaces")
