"""When a watch checks: pure, with looks that are given; then once for real."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from itertools import islice

import pytest

from autograder.cli.watch import look, saves

A, B, C = (frozenset({("hw.py", time_ns, 9)}) for time_ns in (1, 2, 3))
AWAY = frozenset()


def checked(*looks):
    """What is checked when these are seen one after the other, until Ctrl-C."""
    seen, found = [*reversed(looks)], []

    def pause():
        if not seen:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        found.extend(iter(saves(seen.pop, pause)))
    return found


def test_it_checks_at_first_and_not_again_while_nothing_changes():
    assert checked(A, A, A, A) == [A]


def test_it_checks_after_a_save_once_the_file_rests():
    assert checked(A, A, B, C, C, C) == [A, C]


def test_a_save_by_renaming_is_one_save():
    assert checked(A, A, AWAY, B, B, B) == [A, B]


def test_a_file_that_comes_back_as_it_was_is_not_checked_again():
    assert checked(A, A, AWAY, AWAY, A, A) == [A]


def test_it_pauses_between_two_looks():
    pauses = []
    list(islice(saves(lambda: A, lambda: pauses.append(1)), 1))
    assert len(pauses) == 1


def test_a_save_a_helper_and_new_checks_are_seen_and_an_output_is_not(tmp_path):
    work, checks = tmp_path / "hw.py", tmp_path / "checks.py"
    work.write_text("a")
    checks.write_text("b")
    before = look(work, checks)
    (tmp_path / "plot.png").write_text("c")
    assert look(work, checks) == before
    for name in ("hw.py", "checks.py", "helper.py"):
        (tmp_path / name).write_text("longer")
        now = look(work, checks)
        assert now != before
        before = now
    work.unlink()
    assert look(work, checks) == AWAY


CHECKS = "def check_f(s):\n    assert s.f() == 1, 'f() differs. Why?'\nTASKS = {'1': check_f}\n"


def words_until(process, end):
    """What it prints, up to a line that matches."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if re.search(end, line):
            return "".join(lines)
    raise AssertionError("".join(lines))


def save_by_renaming(path, text):
    new = path.with_name("hw.py~tmp")
    new.write_text(text)
    new.replace(path)


@pytest.mark.slow
def test_a_watch_sees_a_rename_stops_an_endless_loop_and_ends_with_0(tmp_path):
    (tmp_path / "checks.py").write_text(CHECKS)
    work = tmp_path / "hw.py"
    work.write_text("def f():\n    return 2\n")
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "autograder", "check", "hw.py", "--watch"], cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert "f() differs. Why?" in words_until(process, "0 of 1 public checks")
        save_by_renaming(work, "print('round', flush=True)\ndef f():\n    while True: pass\n")
        words_until(process, "round")
        save_by_renaming(work, "def f():\n    return 1\n")
        assert "Saved again" in words_until(process, "1 of 1 public checks pass")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        assert words_until(process, "Ended") == "\nEnded.\n"
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_an_endless_loop_ends_with_ctrl_c_and_its_line(tmp_path):
    (tmp_path / "checks.py").write_text(CHECKS)
    (tmp_path / "hw.py").write_text(
        "def f():\n    print('round', flush=True)\n    while True: pass\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", "check", "hw.py"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    words_until(process, "round")
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    assert "Stopped by Ctrl-C during the check of task 1 (in f, line 3 of hw.py)." in " ".join(
        rest.split()
    )
    assert "Traceback" not in rest
    assert process.returncode == 130


@pytest.mark.slow
def test_an_endless_loop_outside_of_functions_ends_with_ctrl_c_too(tmp_path):
    (tmp_path / "checks.py").write_text(CHECKS)
    (tmp_path / "hw.py").write_text("print('round', flush=True)\nwhile True:\n    pass\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "autograder", "check", "hw.py"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    words_until(process, "round")
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    assert re.search(r"Stopped by Ctrl-C while your file was run \(line [23] of hw.py\)", rest)
    assert process.returncode == 130
