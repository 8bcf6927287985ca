"""A control group per confined process: what all processes of a task together may use, where the machine allows it.

Made, read and removed on the trusted side, which owns the groups: neither a submission nor the zygote can change a
limit. A fork puts itself in, through a descriptor that this side has opened, before it runs a line of a submission.
Knows the files of cgroup v1 and v2; where in the hierarchy groups may be made, `cgroup_search` finds out.
"""

import contextlib
import errno
import fcntl
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from autograder.worker.request import SandboxLimits

_PREFIX: Final = "autograder-task-"
_MIB: Final = 1 << 20
#: Added to `memory_mb`: what a fork copies of the zygote's own memory at the worst. The zygote with torch for the CPU
#: holds 300 MiB that are not files; a small task was measured to copy 30.
OWN_MB: Final = 512


@dataclass(frozen=True, slots=True)
class Place:
    """Where groups for tasks can be made.

    Attributes:
        version: 1 or 2, as of cgroup.
        memory: Folder below which the memory of a task is bounded.
        pids: Folder below which its processes are; the same under version 2.
    """

    version: int
    memory: Path
    pids: Path

    def __str__(self) -> str:
        """For the run record and `autograder doctor`."""
        return f"cgroup v{self.version}"

    def make(self, limits: SandboxLimits) -> "Group":
        """Makes a group with these limits.

        Raises:
            OSError: The kernel refuses.
        """
        for _ in range(3):  # another run may sweep it before it is locked
            name = _PREFIX + secrets.token_hex(8)
            folders = tuple(dict.fromkeys((self.memory / name, self.pids / name)))
            with contextlib.suppress(FileNotFoundError):
                return Group.make(self, folders, limits)
        raise FileNotFoundError(
            errno.ENOENT, "no limits can be set on groups here", str(self.memory)
        )

    def sweep(self) -> None:
        """Removes the groups that a killed run has left: those that nobody holds and that are empty."""
        for folder in {self.memory, self.pids}:
            for left in folder.glob(f"{_PREFIX}*"):
                with contextlib.suppress(OSError):  # held, not yet empty, or gone in between
                    descriptor = _locked(left)
                    try:
                        left.rmdir()
                    finally:
                        os.close(descriptor)


class Group:
    """The group of one task."""

    def __init__(self, place: Place, folders: tuple[Path, ...]) -> None:
        self._place = place
        self._folders = folders
        self._locks: list[int] = []
        self._killed: bool | None = None

    @classmethod
    def make(cls, place: Place, folders: tuple[Path, ...], limits: SandboxLimits) -> Self:
        """Makes, locks and limits the folders.

        Raises:
            OSError: The kernel refuses; nothing is left.
        """
        group = cls(place, folders)
        try:
            for folder in folders:
                folder.mkdir()
                group._locks.append(_locked(folder))
            _limit(place.version, folders[0], folders[-1], limits)
        except OSError:
            group.remove()
            raise
        return group

    def doors(self) -> list[int]:
        """Descriptors through which a process joins by writing "0"; the caller closes them."""
        return [
            os.open(folder / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC) for folder in self._folders
        ]

    def ran_out_of_memory(self) -> bool:
        """True where the kernel has killed something in here since all together had taken too much."""
        if self._killed is None:
            name = "memory.events" if self._place.version == 2 else "memory.oom_control"
            try:
                words = (self._folders[0] / name).read_text().split()
            except OSError:
                return False
            self._killed = (
                dict(zip(words[::2], words[1::2], strict=False)).get("oom_kill", "0") != "0"
            )
        return self._killed

    def forget(self) -> None:
        """Leaves the group to another process, which has copies of the locks."""
        for lock in self._locks:
            os.close(lock)
        self._locks = []

    def remove(self) -> None:
        """Removes the group once all in it are gone; what cannot be removed yet is left to `Place.sweep`."""
        for folder in self._folders:
            for _ in range(5):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except (
                    OSError
                ):  # the kernel may need a moment after the last process has been buried
                    time.sleep(0.002)
                else:
                    break
        self.forget()


def _locked(folder: Path) -> int:
    """A descriptor that holds `folder` until it is closed, or its last holder dies.

    Raises:
        FileNotFoundError: It has been removed.
        OSError: Another process holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.stat()
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _limit(version: int, memory: Path, pids: Path, limits: SandboxLimits) -> None:
    bound = str((limits.memory_mb + OWN_MB) * _MIB)
    if version == 2:
        write(memory / "memory.max", bound)
        # A submission that has lost one of several processes would hang or answer nonsense: all go at once.
        write(memory / "memory.oom.group", "1")
        with contextlib.suppress(FileNotFoundError):  # a kernel without swap
            write(memory / "memory.swap.max", "0")
    else:
        write(memory / "memory.limit_in_bytes", bound)
        try:
            write(memory / "memory.memsw.limit_in_bytes", bound)
        except FileNotFoundError:  # swap is not counted here
            write(memory / "memory.swappiness", "0")
    write(pids / "pids.max", str(limits.processes))


def write(path: Path, text: str) -> None:
    """Never creates: that a file is missing must show."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
