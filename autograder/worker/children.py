"""The zygote's forks: how each engine confines one, kills it with all that it started, and learns that it is gone.

`NamespaceChildren` gives every fork user, mount, pid, network, IPC and UTS namespaces of its own, which takes two
forks: the outer half stays in the zygote's pid namespace and waits, the inner one is pid 1 of the new one.
`LandlockChildren` gives every fork a user id of its own and a Landlock rule set, for containers that may create no
namespace.
"""

import contextlib
import json
import os
import signal
import socket
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from resource import struct_rusage

from autograder.worker import child
from autograder.worker.request import SandboxLimits, ZygoteConfig


@dataclass(slots=True)
class Place:
    """What one fork was given before it was forked.

    Attributes:
        report_read: Pipe on which the outer half reports the inner half's pid (namespaces), else -1.
        report_write: Its other end.
        uid: The fork's own user id (landlock), else -1.
    """

    report_read: int = -1
    report_write: int = -1
    uid: int = -1


@dataclass(slots=True)
class Fork:
    """One live fork as the zygote sees it."""

    pid: int
    place: Place
    lifeline: socket.socket
    pulled: bool = False
    exit_report: bytes | None = None


class Children(ABC):
    """All live forks of one zygote."""

    def __init__(self, config: ZygoteConfig) -> None:
        self._config = config
        self._forks: list[Fork] = []  # not by pid: a pid is free again before all is gone

    def lifelines(self) -> list[socket.socket]:
        """Lifelines of the forks that are alive and have not been told to die."""
        return [f.lifeline for f in self._forks if f.exit_report is None and not f.pulled]

    def dying(self) -> bool:
        """True while something of a finished fork may still be alive."""
        return any(fork.exit_report is not None for fork in self._forks)

    def started(self, pid: int, place: Place, lifeline: socket.socket) -> None:
        """Takes note of a fork, in the zygote."""
        if place.report_write >= 0:
            os.close(place.report_write)
        self._forks.append(Fork(pid, place, lifeline))

    def kill(self, lifeline: socket.socket) -> None:
        """Kills the fork whose lifeline was pulled."""
        for fork in self._forks:
            if fork.lifeline is lifeline and fork.exit_report is None:
                fork.pulled = True
                self._kill(fork)

    def kill_all(self) -> None:
        """Kills every fork and waits until all is gone; the zygote is about to end."""
        for fork in self._forks:
            self._kill(fork)
        while self._forks:
            self.reap()
            time.sleep(0.005)

    def reap(self) -> None:
        """Collects what has ended and reports it on its lifeline."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            for (
                fork
            ) in self._forks:  # no match: an orphan of a submission, which only had to be buried
                if fork.pid == pid and fork.exit_report is None:
                    fork.exit_report = _report(status, usage)
        for fork in list(self._forks):
            if fork.exit_report is not None and self._is_gone(fork):
                self._forks.remove(fork)
                with contextlib.suppress(OSError):  # nobody listens any more: the grader has gone
                    fork.lifeline.send(fork.exit_report)
                fork.lifeline.close()
                if fork.place.report_read >= 0:
                    os.close(fork.place.report_read)

    @abstractmethod
    def prepare(self) -> Place:
        """What the next fork needs; called in the zygote before the fork."""

    @abstractmethod
    def run(self, place: Place, data: int, limits: SandboxLimits) -> int:
        """Confines and serves; called in the fork. Returns its exit status."""

    @abstractmethod
    def _kill(self, fork: Fork) -> None: ...

    @abstractmethod
    def _is_gone(self, fork: Fork) -> bool:
        """True when nothing that an ended fork started is alive any more."""


def _report(status: int, usage: struct_rusage) -> bytes:
    return json.dumps(
        {
            "exit_code": os.waitstatus_to_exitcode(status),
            "cpu_time_s": usage.ru_utime + usage.ru_stime,
            "peak_memory_mb": usage.ru_maxrss / 1024,
        }
    ).encode()


class NamespaceChildren(Children):
    """Forks with namespaces of their own, inside bubblewrap."""

    def prepare(self) -> Place:
        """A pipe for the inner half's pid."""
        read, write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        return Place(report_read=read, report_write=write)

    def run(self, place: Place, data: int, limits: SandboxLimits) -> int:
        """See `Children.run`."""
        return child.run_in_namespaces(data, place.report_write, self._config.scratch, limits)

    def _kill(self, fork: Fork) -> None:
        # The inner half is pid 1 of its namespace: its death is the death of all in it. A parent-death signal alone
        # does not do, since a submission can clear it. The outer half then reports and goes by itself; it is an
        # unreaped child of ours and the inner half an unreaped child of its, so neither pid can have been reused.
        try:
            reported = os.read(fork.place.report_read, 32)
        except BlockingIOError:
            reported = b""
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(reported) if reported else fork.pid, signal.SIGKILL)

    def _is_gone(self, fork: Fork) -> bool:
        return fork.exit_report is not None


class LandlockChildren(Children):
    """Forks with a user id of their own and a Landlock rule set, in a root container."""

    def __init__(self, config: ZygoteConfig) -> None:
        super().__init__(config)
        self._claim, self._uids = _claim_uids()
        child.adopt_orphans()

    def prepare(self) -> Place:
        """A user id that no live fork has."""
        taken = {fork.place.uid for fork in self._forks}
        return Place(uid=next(uid for uid in self._uids if uid not in taken))

    def run(self, place: Place, data: int, limits: SandboxLimits) -> int:
        """See `Children.run`."""
        return child.run_under_landlock(data, place.uid, self._config.readable, limits)

    def _kill(self, fork: Fork) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(fork.pid, signal.SIGKILL)

    def _is_gone(self, fork: Fork) -> bool:
        _kill_all_of(fork.place.uid)
        return not _is_alive(fork.place.uid)


def _kill_all_of(uid: int) -> None:
    """Kills every process of a user at once.

    Only a process of that very user can say "all of mine" to the kernel without a race against fork, so a fork takes
    the user id and sends the signal to -1, which spares the sender.
    """
    pid = os.fork()
    if pid == 0:
        try:
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def _is_alive(uid: int) -> bool:
    """True while a process of this user is more than a zombie: `kill(-1)` succeeds even when it reaches nobody."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended in between
                status = (folder / "status").read_text()
                if f"\nUid:\t{uid}\t" in status and "\nState:\tZ" not in status:
                    return True
    return False


def _claim_uids() -> tuple[socket.socket, range]:
    """A block of user ids that no other zygote on this machine uses.

    The claim is an abstract socket's name, which the kernel gives back when the zygote ends, however it ends.
    """
    size = 256
    for start in range(20_000, 60_000, size):
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0autograder-uids-{start}")
        except OSError:
            claim.close()
        else:
            return claim, range(start, start + size)
    message = "all blocks of user ids are taken by other graders on this machine"
    raise RuntimeError(message)


def for_engine(config: ZygoteConfig) -> Children:
    """The forks of the engine that `config` names.

    Raises:
        ValueError: For an unknown engine.
    """
    match config.engine:
        case "namespaces":
            return NamespaceChildren(config)
        case "landlock":
            return LandlockChildren(config)
        case _:
            message = f"unknown engine {config.engine!r}"
            raise ValueError(message)
