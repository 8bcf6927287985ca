"""User ids that nobody else has, alive: claimed, owned by nobody, and emptied of processes."""

import contextlib
import os
import signal
import time
import types
from pathlib import Path

import pytest

from autograder.worker import user_ids

SOMEBODY = 60_777


def status(pid):
    return Path(f"/proc/{pid}/status").read_text()


def bury(pid):
    """Ends a process of ours; one that is buried already is left."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@pytest.fixture
def sleeper():
    """Starts a process of another user."""
    started = []

    def start(uid):
        pid = os.fork()
        if pid == 0:
            os.setresuid(uid, uid, uid)
            time.sleep(60)
            os._exit(0)
        started.append(pid)
        while f"\nUid:\t{uid}\t" not in status(pid):
            time.sleep(0.001)
        return pid

    yield start
    for pid in started:
        bury(pid)


def test_two_claims_never_share_an_id():
    first, block = user_ids.claim()
    second, other = user_ids.claim()
    with first, second:
        assert set(block).isdisjoint(other)
        assert len(block) == len(other) == 256
        assert min(*block, *other) >= 20_000


def test_the_ids_of_users_are_not_taken(monkeypatch):
    # One of each block.
    users = [types.SimpleNamespace(pw_uid=uid) for uid in range(20_000, 60_256, 256)]
    monkeypatch.setattr(user_ids.pwd, "getpwall", lambda: users)
    with pytest.raises(RuntimeError, match="taken, by users or by other graders"):
        user_ids.claim()


def test_the_ids_of_running_processes_are_not_taken(monkeypatch, sleeper):
    """Of a user whom only a directory on the network knows, for instance."""
    uid = 30_001
    pid = sleeper(uid)
    start = 20_000 + 39 * 256
    assert start <= uid < start + 256
    monkeypatch.setattr(user_ids, "_FIRST", start)
    monkeypatch.setattr(
        user_ids, "_LAST", start + 256
    )  # one block is left, and the process is in it
    with pytest.raises(RuntimeError, match="taken"):
        user_ids.claim()
    bury(pid)
    claim, block = user_ids.claim()
    with claim:
        assert uid in block


def test_all_of_a_user_are_killed_and_nobody_else(sleeper):
    pids, other = [sleeper(SOMEBODY), sleeper(SOMEBODY)], sleeper(SOMEBODY + 1)
    assert user_ids.is_alive(SOMEBODY)
    user_ids.kill_all_of(SOMEBODY)
    deadline = time.monotonic() + 5
    while user_ids.is_alive(SOMEBODY):
        assert time.monotonic() < deadline
    assert all("State:\tZ" in status(pid) for pid in pids), "a zombie does not count as alive"
    assert user_ids.is_alive(SOMEBODY + 1)
    assert os.waitpid(other, os.WNOHANG) == (0, 0)
