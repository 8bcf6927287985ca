"""User and pid namespaces: how every fork of the zygote becomes pid 1 of a namespace of its own, with one fork.

A new pid namespace takes in the next fork only, and its maker cannot make a second one before it has gone back to its
own. Going back needs capabilities in the user namespace that owns that one, which a process in bubblewrap does not
have; so the zygote first moves into namespaces that it owns itself. A fork in two halves, one of which only waits,
would cost each submission a second copy of torch's page tables: 8 of 27 ms.
"""

import os
from pathlib import Path
from typing import NoReturn

from autograder.worker import kernel
from autograder.worker.kernel import CloneFlag

#: What a fork leaves behind beside its pid namespace.
_OF_A_FORK = (
    CloneFlag.NEWUSER | CloneFlag.NEWNS | CloneFlag.NEWNET | CloneFlag.NEWIPC | CloneFlag.NEWUTS
)


def own() -> None:
    """Moves on into user and pid namespaces that this program owns; to be called before anything heavy is imported.

    Note:
        Forks. Only the child returns: it is pid 1 of the new namespace. The parent waits and ends as the child does.

    Raises:
        OSError: If the kernel refuses.
    """
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(CloneFlag.NEWUSER | CloneFlag.NEWPID)
    _map(uid, gid)
    pid = os.fork()
    if pid:
        _stand_by(pid)


def _stand_by(pid: int) -> NoReturn:
    os.closerange(3, 4096)
    kernel.drop_capabilities()
    kernel.no_new_privs()
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 255)


def leave() -> None:
    """In a fork: leaves the zygote's user, mount, network, IPC and UTS namespaces.

    Raises:
        OSError: If the kernel refuses.
    """
    uid, gid = os.getuid(), os.getgid()
    kernel.unshare(_OF_A_FORK)
    _map(uid, gid)


def _map(uid: int, gid: int) -> None:
    """Keeps the ids as they are; all others do not exist in the new user namespace."""
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(line)


class PidNamespaces:
    """Gives every fork a pid namespace of its own. For the process that `own` returned in."""

    def __init__(self) -> None:
        self._home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def before_fork(self) -> None:
        """The next fork is pid 1 of a new namespace."""
        kernel.unshare(CloneFlag.NEWPID)

    def after_fork(self) -> None:
        """In the parent: later forks are at home again."""
        kernel.setns(self._home, CloneFlag.NEWPID)
