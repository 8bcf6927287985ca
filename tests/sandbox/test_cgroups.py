"""Limits over all processes of a task together, where this machine has a place for control groups.

Where it has none, limits hold per process, and the run record says so: the same tests then show that.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.records import Outcome
from autograder.sandbox import cgroup_search
from autograder.sandbox.session import Session, SubmissionFault
from autograder.worker.request import SandboxLimits

LIMITS = SandboxLimits(memory_mb=256, cpu_time_s=20, processes=16, file_mb=4)

HOGS = """
import os, time

def hog(megabytes):
    taken = bytearray(megabytes << 20)
    for page in range(0, len(taken), 4096):
        taken[page] = 1
    return taken

def f():
    # Each within what one process may take, all together far above. The largest is the one that serves.
    children = []
    for _ in range(6):
        child = os.fork()
        if child == 0:
            time.sleep(0.5)
            theirs = hog(180)
            time.sleep(1.5)
            os._exit(0)
        children.append(child)
    mine = hog(230)
    return sum(os.waitpid(child, 0)[1] == 0 for child in children)
"""

LOOK = """
import glob, os

def f():
    found = []
    for folder in ("/sys/fs/cgroup", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids", "/proc/self"):
        for name in ("cgroup.procs", "memory.max", "memory.limit_in_bytes", "pids.max", "cgroup"):
            for how in ("r", "w"):
                try:
                    open(f"{folder}/{name}", how).close()
                    found.append(f"{how} {folder}/{name}")
                except OSError:
                    pass
    return found
"""


@pytest.fixture
def conversation(engine):
    live = Session(engine.spawner().spawn(LIMITS))
    yield live
    live.kill()
    live.usage()


def ask(session, source, time_s=15.0):
    flat = session.flatten({"work.py": source.encode()}, ["f"], time_s=10)
    session.load(flat, cell_time_s=5, time_s=10)
    return session.call("f", [], {}, seed=1, device="cpu", time_s=time_s).value


def groups_of(session):
    group = session._spawned._group
    return group._folders if group is not None else ()


def test_the_record_says_how_memory_is_bounded(engine):
    place = cgroup_search.find()
    assert engine.place == place
    assert engine.description.endswith(f"; {cgroup_search.describe(place)}")


def test_many_processes_together_get_no_more_than_one(engine, conversation):
    if engine.place is None:
        assert ask(conversation, HOGS) == 6
        return
    with pytest.raises(SubmissionFault) as caught:
        ask(conversation, HOGS)
    assert caught.value.outcome is Outcome.OUT_OF_MEMORY, caught.value.staff_message
    assert conversation.usage().out_of_memory


def test_the_limits_of_a_task_are_its_groups_own(engine, conversation):
    ask(conversation, "def f():\n    return 1\n")
    folders = groups_of(conversation)
    assert bool(folders) is (engine.place is not None)
    for folder in folders:
        assert (folder / "cgroup.procs").read_text().split(), "the task has not joined its group"
        assert folder.stat().st_uid == os.getuid(), "the limits are the submission's to change"
    if folders:
        assert (folders[-1] / "pids.max").read_text().strip() == str(LIMITS.processes)


def test_a_submission_sees_no_group_and_changes_no_limit(conversation):
    assert ask(conversation, LOOK) == []


def test_a_group_is_gone_with_its_task(engine):
    session = Session(engine.spawner().spawn(LIMITS))
    ask(session, "import os, time\ndef f():\n    os.fork() or time.sleep(60)\n    return 1\n")
    folders = groups_of(session)
    session.kill()
    session.usage()
    assert bool(folders) is (engine.place is not None)
    assert not [folder for folder in folders if folder.exists()]


def test_what_a_killed_command_leaves_is_swept_by_the_next():
    place = cgroup_search.find()
    program = (
        "import sys, time\nfrom autograder.sandbox import cgroup_search\n"
        "from autograder.worker.request import SandboxLimits\n"
        "place = cgroup_search.find()\n"
        "group = place.make(SandboxLimits()) if place else None\n"
        "print(*(group._folders if group else ()), flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as command:
        left = [Path(word) for word in command.stdout.readline().split()]
        assert bool(left) is (place is not None)
        if place is not None:
            place.sweep()
            assert all(folder.exists() for folder in left), "swept while its command was alive"
        command.send_signal(signal.SIGKILL)
    if place is not None:
        place.sweep()
    assert not [folder for folder in left if folder.exists()]
