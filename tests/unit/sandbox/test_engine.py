"""Engines that are not to be had: refused with the reason and what to do, never weakened."""

import io
import socket
import subprocess
import sys

import pytest

from autograder.errors import IsolationError
from autograder.records import Isolation
from autograder.sandbox import bubblewrap, host
from autograder.sandbox import engine as engines
from autograder.sandbox.engine import Engine
from autograder.sandbox.spawn import ColdSpawner, WarmSpawner
from autograder.worker import landlock

NAMESPACES, LANDLOCK, UID, PROCESS = Isolation


@pytest.fixture
def nothing_starts(monkeypatch):
    monkeypatch.setattr(
        engines.subprocess, "Popen", lambda *_, **__: pytest.fail("a process was started")
    )


@pytest.mark.parametrize("level", [NAMESPACES, LANDLOCK, UID])
def test_off_linux_there_is_no_isolation_and_the_way_out_is_named(
    monkeypatch, nothing_starts, level
):
    monkeypatch.setattr(host.sys, "platform", "darwin")
    with pytest.raises(IsolationError, match=r"needs Linux; this is darwin.*--isolation process"):
        engines.start(level)


def test_without_bubblewrap_there_are_no_namespaces(monkeypatch, nothing_starts):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr(bubblewrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(IsolationError, match=r"bubblewrap is not installed.*apt-get install"):
        engines.start(NAMESPACES)


@pytest.mark.parametrize("level", [LANDLOCK, UID])
def test_user_ids_need_root(monkeypatch, nothing_starts, level):
    monkeypatch.setattr(host.os, "getuid", lambda: 1000)
    with pytest.raises(IsolationError, match=f"`{level}` gives .* only root can: run as root"):
        engines.start(level)


@pytest.mark.parametrize("level", [LANDLOCK, UID])
def test_user_ids_need_the_capabilities_of_a_usual_root(monkeypatch, nothing_starts, level):
    monkeypatch.setattr(host.os, "getuid", lambda: 0)
    monkeypatch.setattr(host, "missing_capabilities", lambda *_: ["CAP_SETUID"])
    with pytest.raises(IsolationError, match=f"`{level}` needs CAP_SETUID"):
        engines.start(level)


def test_the_order_of_the_levels_is_from_strong_to_weak():
    assert [UID.satisfies(required) for required in Isolation] == [False, False, True, True]


def test_landlock_needs_a_kernel_that_has_it(monkeypatch, nothing_starts):
    monkeypatch.setattr(host, "require_root", lambda *_: None)
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    with pytest.raises(IsolationError, match="this kernel has no Landlock"):
        engines.start(LANDLOCK)


def test_landlock_needs_a_python_that_others_may_read(monkeypatch, nothing_starts, tmp_path):
    closed = tmp_path / "home"
    (closed / "python" / "lib").mkdir(parents=True)
    closed.chmod(0o700)
    monkeypatch.setattr(host, "require_root", lambda *_: None)
    monkeypatch.setattr(landlock, "abi", lambda: 6)
    monkeypatch.setattr(bubblewrap, "readable", lambda: (closed / "python" / "lib",))
    with pytest.raises(
        IsolationError, match=f"other users may not enter {closed}.*chmod o"
    ) as caught:
        engines.start(LANDLOCK)
    assert "Use a Python under /usr or /opt" in str(caught.value)


def test_a_plain_process_needs_posix(monkeypatch):
    monkeypatch.setattr(engines.os, "name", "nt")
    with pytest.raises(IsolationError, match="use WSL2"):
        engines.start(PROCESS)


def test_a_plain_process_is_started_cold_and_says_that_it_is_no_isolation():
    engine = engines.start(PROCESS)
    engines.await_ready(engine)
    assert engine.level is PROCESS
    assert "no isolation" in engine.description
    assert isinstance(engine.spawner(), ColdSpawner)
    engine.close()


# Of several


def test_the_first_that_is_to_be_had_is_taken(monkeypatch):
    asked = []

    def start(level, on):
        asked.append(level)
        if level is NAMESPACES:
            raise IsolationError("no namespaces")
        return Engine(level, "fake")

    monkeypatch.setattr(engines, "start", start)
    assert engines.strongest([NAMESPACES, LANDLOCK, PROCESS]).level is LANDLOCK
    assert asked == [NAMESPACES, LANDLOCK]


def test_one_that_starts_and_does_not_get_ready_is_not_taken(monkeypatch):
    def await_ready(engine):
        if engine.level is NAMESPACES:
            raise IsolationError("died at once")

    monkeypatch.setattr(engines, "start", lambda level, on: Engine(level, "fake"))
    monkeypatch.setattr(engines, "await_ready", await_ready)
    assert engines.strongest([NAMESPACES, LANDLOCK]).level is LANDLOCK


def test_where_none_is_to_be_had_each_reason_is_told_and_nothing_weaker_is_tried(monkeypatch):
    asked = []

    def start(level, on):
        asked.append(level)
        raise IsolationError(f"because of {level.value}")

    monkeypatch.setattr(engines, "start", start)
    with pytest.raises(IsolationError) as caught:
        engines.strongest([NAMESPACES, LANDLOCK])
    assert str(caught.value) == ("namespaces: because of namespaces\nlandlock: because of landlock")
    assert asked == [NAMESPACES, LANDLOCK]


# Waiting for a zygote


def engine_that(says, words=""):
    """An engine whose program writes `words` to standard error, `says` a greeting, and ends."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        if says is not None:
            theirs.send(says)
    process = subprocess.Popen([sys.executable, "-S", "-c", "pass"])
    return Engine(NAMESPACES, "fake", ours, None, (), process, io.BytesIO(words.encode()))


def test_a_warm_zygote_of_one_thread_is_ready():
    engine = engine_that(b'{"ready": true, "threads": 1, "pid": 2}')
    engines.await_ready(engine)
    assert isinstance(engine.spawner(), WarmSpawner)
    assert engine.control.gettimeout() is None
    engine.close()


def test_a_zygote_of_two_threads_may_not_fork():
    with pytest.raises(IsolationError, match="more than one thread"):
        engines.await_ready(engine_that(b'{"ready": true, "threads": 2, "pid": 2}'))


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        ("bwrap: setting up uid map: Permission denied", "apparmor_restrict_unprivileged_userns=0"),
        ("bwrap: No permissions to create new namespace", "run as root for `landlock`"),
        ("bwrap: Creating new namespace failed: Operation not permitted", "In a container"),
        ("bwrap: something else", "`autograder doctor` shows"),
        ("", "no word from it"),
    ],
)
def test_an_engine_that_ends_at_once_is_quoted_with_a_remedy(monkeypatch, words, remedy):
    monkeypatch.setattr(host, "obstacles", list)  # whatever this machine forbids
    engine = engine_that(None, words)
    with pytest.raises(IsolationError) as caught:
        engines.await_ready(engine)
    assert "engine `namespaces` did not start" in str(caught.value)
    assert words in str(caught.value)
    assert remedy in str(caught.value)
    assert engine._process.returncode is not None  # closed: no process is left behind


def test_a_host_that_forbids_namespaces_is_named_in_place_of_a_guess(monkeypatch):
    monkeypatch.setattr(host, "obstacles", lambda: ["max_user_namespaces = 0: set it."])
    with pytest.raises(IsolationError, match="max_user_namespaces = 0: set it"):
        engines.await_ready(engine_that(None, "bwrap: no"))


def test_an_engine_that_says_nothing_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(engines, "_START_TIME_S", 0.1)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs, pytest.raises(IsolationError, match="did not start"):
        engines.await_ready(Engine(NAMESPACES, "fake", ours))
