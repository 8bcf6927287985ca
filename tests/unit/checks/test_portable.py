"""`autograder check` where nothing of Linux is to be had: no fork, no alarm, no /proc, no Unicode."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

#: Takes away what Windows and macOS lack, then runs the command as it is typed.
WITHOUT = """
import builtins, io, os, pathlib, signal, sys

for module, names in {
    os: ("fork", "forkpty", "register_at_fork", "geteuid", "getuid", "sched_getaffinity", "killpg", "setsid",
         "waitid", "memfd_create", "mkfifo", "pidfd_open"),
    signal: ("SIGALRM", "setitimer", "alarm", "ITIMER_REAL", "SIGKILL", "SIGHUP", "pthread_sigmask", "pthread_kill"),
}.items():
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
for name in ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty"):
    sys.modules[name] = None

def seldom(event, arguments):
    if event == "open" and str(arguments[0]).startswith("/proc"):
        raise AssertionError(f"{arguments[0]} was opened")
    if event in {"os.fork", "os.forkpty", "subprocess.Popen", "os.exec", "os.posix_spawn"}:
        raise AssertionError(f"{event} was called")

from autograder.__main__ import main
sys.addaudithook(seldom)
sys.argv = ["autograder", *sys.argv[1:]]
main()
"""
CHECKS = """
def check_\u03c3(s):
    assert s.\u03c3(0) == 0.5, "\u03c3(0) differs, \u2202\u03c3/\u2202z as well. Why?"

def check_g(s):
    assert s.g() == 1, "g differs."

TASKS = {"1": check_\u03c3, "2": check_g}
"""
WORK = """\
# \u03c3: the sigmoid
from layers.half import half

def \u03c3(z):
    return half(z)

def g():
    return 1
"""


def notebook(text):
    cells = [
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": text,
        }
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers" / "half.py").write_bytes(b"def half(z):\r\n    return z + 1.0\r\n")
    (tmp_path / "checks.py").write_bytes(CHECKS.replace("\n", "\r\n").encode())
    return tmp_path


def check(folder, *words):
    # The code page of a Western Windows, which has no Greek letters.
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, "check", *words], cwd=folder, capture_output=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252", "COLUMNS": "120"},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("form", ["script", "notebook", "folder"])
def test_checks_run_without_anything_of_linux_and_print_in_cp1252(folder, form):
    name = {"script": "hw.py", "notebook": "hw (1).ipynb", "folder": "hw.py"}[form]
    text = notebook(WORK) if name.endswith("ipynb") else WORK
    (folder / name).write_bytes(text.replace("\n", "\r\n").encode())
    done = check(folder, *([] if form == "folder" else [name]))
    assert done.stderr == b""
    told = done.stdout.decode("cp1252").splitlines()
    assert told == [
        "1 ?: differs",
        "    ?(0) differs, ??/?z as well. Why?",
        "2 g: passes",
        "",
        "1 of 2 public checks pass. Hidden tests check more.",
    ]
    assert done.returncode == 1
