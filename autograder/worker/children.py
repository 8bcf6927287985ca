"""The zygote's forks: how each engine confines one, kills it with all that it started, and learns that it is gone.

`NamespaceChildren` gives every fork user, mount, pid, network, IPC and UTS namespaces of its own.
`LandlockChildren` gives every fork a user id of its own and a Landlock rule set, for containers that may create no
namespace; `UidChildren` a user id and another root, for those whose kernel has no Landlock.
"""

import contextlib
import json
import os
import signal
import socket
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from resource import struct_rusage

from autograder.worker import child, jail, user_ids
from autograder.worker.namespaces import PidNamespaces
from autograder.worker.request import SandboxLimits, ZygoteConfig


@dataclass(slots=True)
class Fork:
    """One live fork as the zygote sees it.

    Attributes:
        uid: The user id that it runs as; under `landlock` and `uid` no other live fork has it.
        pulled: Its lifeline was pulled, and it was told to die.
        exit_report: What will be said on its lifeline when all that it started is gone; None while it is alive.
    """

    pid: int
    uid: int
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

    def started(self, pid: int, uid: int, lifeline: socket.socket) -> None:
        """Takes note of a fork, in the zygote."""
        self._forks.append(Fork(pid, uid, lifeline))

    def kill(self, lifeline: socket.socket) -> None:
        """Kills the fork whose lifeline was pulled."""
        for fork in self._forks:
            if fork.lifeline is lifeline and fork.exit_report is None:
                fork.pulled = True
                os.kill(fork.pid, signal.SIGKILL)  # it is unreaped: its pid cannot have been reused

    def kill_all(self) -> None:
        """Kills every fork and waits until all is gone; the zygote is about to end."""
        for fork in self._forks:
            if fork.exit_report is None:
                os.kill(fork.pid, signal.SIGKILL)
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

    @abstractmethod
    def next_uid(self) -> int:
        """The user id that the next fork runs as."""

    def fork(self) -> int:
        """As `os.fork`.

        Raises:
            OSError: The system has no room for one more process.
        """
        return os.fork()

    @abstractmethod
    def run(self, uid: int, data: int, limits: SandboxLimits) -> int:
        """Confines and serves; called in the fork. Returns its exit status."""

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
    """Forks with namespaces of their own, inside bubblewrap.

    A fork is pid 1 of its pid namespace: its death is the death of all in it. A parent-death signal would not do, since
    a submission can clear it.
    """

    def __init__(self, config: ZygoteConfig) -> None:
        super().__init__(config)
        self._pid_namespaces = PidNamespaces()

    def next_uid(self) -> int:
        """All have the zygote's; their user namespaces keep them apart."""
        return os.getuid()

    def fork(self) -> int:
        """See `Children.fork`."""
        pid = -1
        self._pid_namespaces.before_fork()
        try:
            pid = os.fork()
        finally:
            if pid != 0:
                self._pid_namespaces.after_fork()
        return pid

    def run(self, uid: int, data: int, limits: SandboxLimits) -> int:
        """See `Children.run`."""
        del uid  # it has it already
        return child.run_in_namespaces(data, self._config.scratch, limits)

    def _is_gone(self, fork: Fork) -> bool:
        return fork.exit_report is not None


class _OwnUserChildren(Children):
    """Forks with a user id of their own each, made by root."""

    def __init__(self, config: ZygoteConfig) -> None:
        super().__init__(config)
        self._claim, self._uids = user_ids.claim()
        child.adopt_orphans()

    def next_uid(self) -> int:
        """A user id that no live fork has."""
        taken = {fork.uid for fork in self._forks}
        return next(uid for uid in self._uids if uid not in taken)

    def _is_gone(self, fork: Fork) -> bool:
        user_ids.kill_all_of(fork.uid)
        return not user_ids.is_alive(fork.uid)


class LandlockChildren(_OwnUserChildren):
    """Forks with a user id of their own and a Landlock rule set, in a root container."""

    def run(self, uid: int, data: int, limits: SandboxLimits) -> int:
        """See `Children.run`."""
        config = self._config
        return child.run_under_landlock(data, uid, config.readable, config.gpu_nodes, limits)


class UidChildren(_OwnUserChildren):
    """Forks with a user id of their own in a folder that is their root, where the kernel has no Landlock."""

    def __init__(self, config: ZygoteConfig) -> None:
        super().__init__(config)
        jail.supply_seed()
        jail.rebase(config.jail)

    def run(self, uid: int, data: int, limits: SandboxLimits) -> int:
        """See `Children.run`."""
        return child.run_in_jail(data, uid, self._config.jail, limits)


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
        case "uid":
            return UidChildren(config)
        case _:
            message = f"unknown engine {config.engine!r}"
            raise ValueError(message)
