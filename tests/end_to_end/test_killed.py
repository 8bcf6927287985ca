"""A command that is killed at random moments loses nothing, leaves nothing running, and goes on."""

import contextlib
import ctypes
import os
import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SUITE = """
import pytest

@pytest.mark.task("1", points=1)
def test_f(student, reference):
    assert student.f() == reference.f()
"""
SUBMISSION = "import time\ntime.sleep({pause})\ndef f():\n    return {value}\n"
STUDENTS = 30
_PR_SET_CHILD_SUBREAPER = 36


def _children():
    """Every live process by its parent; what is dead and only not yet buried does not count."""
    children = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended in between
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                if state not in "ZX":
                    children.setdefault(int(parent), []).append(int(folder.name))
    return children


def _descendants(pid):
    children = _children()
    found, waiting = set(), [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting.extend(below)
    return found


@pytest.fixture
def adopted():
    """Makes this process the parent of all orphans below it, so that none can hide from the count."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    before = _descendants(os.getpid())
    yield lambda: _descendants(os.getpid()) - before
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _bury(pids):
    for pid in pids:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def _wait_for_an_attempt(course, process, count):
    """Waits until the store holds more than `count` attempts."""
    deadline = time.monotonic() + 60
    while len(course.attempts()) <= count:
        assert process.poll() is None, "the command ended before it was killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_ten_kills_lose_nothing_and_the_last_run_does_only_what_is_missing(
    demo, isolation, adopted
):
    course = demo(SUITE)
    for number in range(STUDENTS):
        value = 1 if number % 3 else 2
        path = course.handed_in / f"s{number:02}.py"
        path.write_text(SUBMISSION.format(pause=0.15, value=value))
    moments = random.Random(20260102)
    # Six of the kills fall into the start (engine, collection, canary), four into the judging.
    plan = [(False, moments.uniform(0.05, 2.0)) for _ in range(6)]
    plan += [(True, moments.uniform(0.0, 0.3)) for _ in range(4)]
    moments.shuffle(plan)
    kept = []
    for judging, delay_s in plan:
        process = subprocess.Popen(
            course.command("demo"), cwd=course.root, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        if judging:
            _wait_for_an_attempt(course, process, len(kept))
        time.sleep(delay_s)
        seen = course.attempts()
        started = adopted()
        process.send_signal(signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
        process.stderr.close()

        deadline = time.monotonic() + 2
        while (left := adopted()) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert left == set(), f"processes outlived their command: {left}"
        _bury(started)

        attempts = course.attempts()
        assert attempts[: len(seen)] == seen, "what the store had acknowledged is gone"
        assert seen[: len(kept)] == kept
        kept = attempts
    assert 4 <= len(kept) < STUDENTS  # each kill while judging came after a grade was saved

    last = course.grade("demo")
    assert last.returncode == 0, last.stderr
    assert f"{len(kept)} of {STUDENTS} already graded" in last.stderr
    attempts = course.attempts()
    assert attempts[: len(kept)] == kept
    assert Counter(student for _, student, _ in attempts) == Counter(
        f"s{number:02}" for number in range(STUDENTS)
    )
    scores = {student: row["score"] for student, row in course.rows().items()}
    assert scores == {f"s{n:02}": "1" if n % 3 else "0" for n in range(STUDENTS)}
    assert adopted() == set()
