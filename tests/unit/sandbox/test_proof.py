"""The canary's program without a sandbox: it shows what is possible here, and harms nothing, even where it hangs."""

import contextlib
import time
from pathlib import Path

import pytest

from autograder.sandbox import canary, decoys, proof
from autograder.worker.request import SandboxLimits

LIMITS = SandboxLimits(memory_mb=64, cpu_time_s=5, processes=4, file_mb=1)
HERE = Path(proof.__file__).parent
PROGRAM = "".join((HERE / f"canary_{name}.py").read_text() for name in ("program", "neighbours"))
#: One that does nothing.
IDLE = """
import os, time
def leave(name, folders, shmget): pass
def attempt(targets): return {"idle": [True, ""]}
def find(name, folders, shmget): return {}
def clear(name, folders, shmget, shmctl): pass
def linger(lifeline, time_s): pass
"""


def found(program):
    with decoys.set_up(LIMITS) as targets, proof.started(program, targets) as it:
        return it.victim, *it.found()


def gone(pid):
    """True when neither the process nor any of its group is more than a zombie, within a second."""
    for _ in range(100):
        alive = set()
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):  # it has ended in between
                    state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
                    if state != "Z":
                        alive |= {int(folder.name), int(group)}
        if pid not in alive:
            return True
        time.sleep(0.01)
    return False


def shared_memory():
    with contextlib.suppress(FileNotFoundError):  # a kernel without System V IPC
        return Path("/proc/sysvipc/shm").read_text()
    return ""


def test_it_reports_on_every_probe_and_leaves_nothing_behind():
    memory = shared_memory().count("\n")
    pid, probes, why = found(PROGRAM)
    assert why == ""
    assert set(probes) == set(canary.PROBES)
    assert gone(pid)
    assert shared_memory().count("\n") <= memory


def test_what_anybody_may_do_is_shown_to_be_possible():
    _, probes, _ = found(PROGRAM)
    for name in (
        "read_decoy",
        "write_course",
        "see_processes",
        "exec",
        "kill",
        "mailbox",
        "survive",
    ):
        assert probes[name][0], f"{name}: {probes[name][1]}"


def test_the_decoys_are_gone_with_it_and_nothing_else_was_written():
    with decoys.set_up(LIMITS) as targets:
        before = {path.name for path in Path(targets["folder"]).iterdir()}
        with proof.started(PROGRAM, targets) as it:
            it.found()
        assert {path.name for path in Path(targets["folder"]).iterdir()} == before
    assert not Path(targets["folder"]).exists()


def test_a_hung_proof_ends_in_time_and_with_all_that_it_started(monkeypatch):
    monkeypatch.setattr(proof, "_TIME_S", 0.3)
    hung = IDLE.replace('return {"idle"', 'os.fork(); time.sleep(60); return {"idle"')
    started = time.monotonic()
    pid, probes, why = found(hung)
    assert time.monotonic() - started < 5
    assert (probes, why) == ({}, "the proof was not done within 0.3 s")
    assert gone(pid)


@pytest.mark.parametrize(
    "end", ["raise SystemExit", "os._exit(1)", "os.kill(os.getpid(), 9)", "1 +"]
)
def test_a_proof_that_dies_proves_nothing(end):
    pid, probes, why = found(f"import os\n{end}\n")
    assert (probes, why) == ({}, "the proof ended without an answer")
    assert gone(pid)


def test_its_daemons_end_with_it(tmp_path):
    note = tmp_path / "pid"
    daemon = f"""
def linger(lifeline, time_s):
    if os.fork() == 0:
        os.setsid()
        with open({str(note)!r}, "w") as file:
            file.write(str(os.getpid()))
        os.read(lifeline, 1)
        os._exit(0)
    while not os.path.exists({str(note)!r}):
        time.sleep(0.01)
"""
    _, probes, _ = found(IDLE + daemon)
    assert probes["survive"] == (True, "")
    assert gone(int(note.read_text()))
