"""A place of one's own for programs that nobody should trust, and for engines that need an open Python.

Knows mount and network namespaces, /proc and signals; knows no grader. What root changes here, it
changes for this process and its children alone: the machine stays as it is.
"""

import contextlib
import fcntl
import os
import signal
import socket
import struct
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from autograder.worker import kernel
from autograder.worker.kernel import CloneFlag, MountFlag

#: User id of unconfined programs where root starts them: nobody's, with no file of its own.
UNPRIVILEGED = 61_007

_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1


def pythons() -> list[Path]:
    """The folders of this Python, of its environment and of the package."""
    package = Path(__file__).resolve().parents[1] / "autograder"
    return [Path(sys.base_prefix).resolve(), Path(sys.prefix), package]


def let_others_reach(folders: Iterable[Path]) -> None:
    """In a mount namespace of this process alone, opens the closed folders above these, and nothing else in them.

    A Python below /root (mode 0700) can be imported by nobody else, and engine `landlock`, which
    runs submissions as another user, rightly refuses to start there. Only root can do this; for
    others it does nothing, since for them everybody is the same user.
    """
    hidden: dict[Path, list[Path]] = defaultdict(list)
    for folder in folders:
        closed = [p for p in reversed(folder.parents) if not p.stat().st_mode & 0o001]
        if closed:
            hidden[closed[0]].append(folder)
    if os.getuid() != 0 or not hidden:
        return
    kernel.unshare(CloneFlag.NEWNS)
    kernel.mount(None, "/", None, MountFlag.REC | MountFlag.PRIVATE)
    held = {
        folder: os.open(folder, os.O_PATH | os.O_DIRECTORY)
        for below in hidden.values()
        for folder in below
    }
    for closed_folder, below in hidden.items():
        kernel.mount("tmpfs", str(closed_folder), "tmpfs", MountFlag.NOSUID, "mode=711")
        for folder in sorted(below):
            folder.mkdir(parents=True, exist_ok=True)
            kernel.mount(f"/proc/self/fd/{held[folder]}", str(folder), None, MountFlag.BIND)
    for descriptor in held.values():
        os.close(descriptor)


def leave_network() -> bool:
    """Leaves this process and its children a loopback of their own and no network; False for who is not root."""
    if os.getuid() != 0:
        return False
    kernel.unshare(CloneFlag.NEWNET)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP))
    return True


def descendants() -> list[int]:
    """Living processes below this one, by pid."""
    parents, alive = {}, set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended in between
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                parents[int(folder.name)] = int(fields[1])
                if fields[0] != "Z":
                    alive.add(int(folder.name))
    known = {os.getpid()}
    while new := {pid for pid, parent in parents.items() if parent in known} - known:
        known |= new
    return sorted(alive & known - {os.getpid()})


def kill_descendants() -> int:
    """Kills all that this process has started, by pid, until nothing is left; returns how many there were.

    Daemons are among them where this process adopts orphans (`kernel.set_child_subreaper`).
    """
    count = len(left := descendants())
    while left:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            with contextlib.suppress(ChildProcessError):  # not ours to bury, or not yet
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.05)
        left = descendants()
    return count
