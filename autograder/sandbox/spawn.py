"""Getting one confined process: from the warm zygote, or as a cold start where there is no isolation.

A `Spawned` process is known by two sockets: `data`, over which it is asked, and a lifeline, whose closing kills it.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Protocol

from autograder.sandbox.cgroups import Group, Place
from autograder.worker.request import SandboxLimits, limits_to_json


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process had used when it was gone, as the kernel counted it.

    Attributes:
        exit_code: Its exit status; 128 + n or -n where signal n killed it. Never a verdict.
        out_of_memory: The kernel killed something of it since all its processes together had taken too much.
    """

    exit_code: int
    cpu_time_s: float
    peak_memory_mb: float
    out_of_memory: bool = False


class Spawned(Protocol):
    """One process on the other side of the wall."""

    data: socket.socket

    def kill(self) -> None:
        """Kills it and all that it started. May be called more than once."""

    def wait(self, time_s: float) -> Usage | None:
        """Waits until it is gone; None if that takes longer than `time_s` seconds."""


class Spawner(Protocol):
    """Where confined processes come from."""

    def spawn(self, limits: SandboxLimits) -> Spawned:
        """Asks for a new process; does not wait for it."""


class WarmSpawner:
    """Asks the zygote on the other end of `control`, which many graders may share.

    The socket keeps message boundaries (SOCK_SEQPACKET), so that requests of several processes cannot mix.

    Args:
        place: Where every process gets a control group of its own; None where there is no such place.
    """

    def __init__(self, control: socket.socket, place: Place | None = None) -> None:
        self._control = control
        self._place = place
        self._spare: WarmSpawned | None = None
        self._spare_limits: SandboxLimits | None = None

    def spawn(self, limits: SandboxLimits) -> "WarmSpawned":
        """See `Spawner.spawn`. The spare process, where there is one with these limits, has started already."""
        if self._spare is not None and limits == self._spare_limits:
            spare, self._spare = self._spare, None
            return spare
        return self._new(limits)

    def keep_spare(self, limits: SandboxLimits) -> None:
        """Has a process started for whoever asks first: a fork of this one, which inherits it."""
        if self._spare is None:
            self._spare, self._spare_limits = self._new(limits), limits

    def leave_spare(self) -> None:
        """After a fork, in the parent: the spare process is the fork's, and lives as long as the fork keeps it."""
        if self._spare is not None:
            self._spare.forget()
            self._spare = None

    def _new(self, limits: SandboxLimits) -> "WarmSpawned":
        data, their_data = socket.socketpair()
        lifeline, their_lifeline = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        group = self._place.make(limits) if self._place else None
        doors = group.doors() if group else []
        with their_data, their_lifeline:
            descriptors = [their_data.fileno(), their_lifeline.fileno(), *doors]
            socket.send_fds(self._control, [limits_to_json(limits)], descriptors)
        for door in doors:
            os.close(door)
        return WarmSpawned(data, lifeline, group)


class WarmSpawned:
    """A fork of the zygote."""

    def __init__(
        self, data: socket.socket, lifeline: socket.socket, group: Group | None = None
    ) -> None:
        self.data = data
        self._lifeline = lifeline
        self._group = group
        self._usage: Usage | None = None

    def forget(self) -> None:
        """Closes this process's ends; another process has copies of them."""
        self.data.close()
        self._lifeline.close()
        if self._group is not None:
            self._group.forget()

    def kill(self) -> None:
        """See `Spawned.kill`."""
        self.data.close()
        if self._usage is None and self._lifeline.fileno() >= 0:
            with contextlib.suppress(
                OSError
            ):  # it has ended by itself, and the zygote has closed its end
                self._lifeline.shutdown(socket.SHUT_WR)

    def wait(self, time_s: float) -> Usage | None:
        """See `Spawned.wait`."""
        if self._usage is None and select.select([self._lifeline], [], [], time_s)[0]:
            report = self._lifeline.recv(4096)
            killed = False
            if self._group is not None:  # all that was in it is gone
                killed = self._group.ran_out_of_memory()
                self._group.remove()
                self._group = None
            if report:
                self._usage = Usage(**json.loads(report), out_of_memory=killed)
            self._lifeline.close()
        return self._usage


#: What a fresh interpreter needs to run these modules from where they lie, isolated from the user's environment.
BOOTSTRAP = "import sys; sys.path.insert(0, {root!r}); from {module} import main; main()"


class ColdSpawner:
    """Engine `process`: a plain new interpreter per task, on any POSIX system. No isolation.

    Slower by the import of torch. Forking a warm process instead would be quick on Linux, but on macOS the system's
    frameworks do not survive a fork, and one plain way that works everywhere is worth more here.
    """

    def __init__(self, package_root: str) -> None:
        self._package_root = package_root

    def spawn(self, limits: SandboxLimits) -> "ColdSpawned":
        """See `Spawner.spawn`."""
        data, theirs = socket.socketpair()
        with theirs:
            program = BOOTSTRAP.format(root=self._package_root, module="autograder.worker.cold")
            scratch = tempfile.TemporaryDirectory(prefix="autograder-")
            process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-c", program, str(theirs.fileno()),
                 limits_to_json(limits).decode()],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                # Handed-in data files are written here, and never into the folder that the command was typed in.
                cwd=scratch.name,
            )  # fmt: skip
        return ColdSpawned(data, process, scratch)


class ColdSpawned:
    """A process group of its own."""

    def __init__(
        self,
        data: socket.socket,
        process: "subprocess.Popen[bytes]",
        scratch: "tempfile.TemporaryDirectory[str]",
    ) -> None:
        self.data = data
        self._scratch = scratch
        self._process = process
        self._usage: Usage | None = None

    def kill(self) -> None:
        """See `Spawned.kill`. A submission that leaves its process group escapes this: there is no isolation."""
        self.data.close()
        if self._usage is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended by itself
                os.killpg(self._process.pid, signal.SIGKILL)

    def wait(self, time_s: float) -> Usage | None:
        """See `Spawned.wait`. Called after `kill`, so that the kernel's own wait suffices."""
        del time_s
        if self._usage is None:
            _, status, used = os.wait4(self._process.pid, 0)
            self._process.returncode = os.waitstatus_to_exitcode(status)
            self._scratch.cleanup()
            self._usage = Usage(
                self._process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
            )
        return self._usage
