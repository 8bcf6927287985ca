"""User ids that nobody else has, one for every fork of the engines `landlock` and `uid`; and the end of all it owns.

A fork is ended by killing whatever its user id owns. So an id must belong to no person and to no other zygote: a
program that took a colleague's id would kill all that the colleague runs.
"""

import contextlib
import os
import pwd
import random
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_BLOCK: Final = 256
_FIRST: Final = 20_000
_LAST: Final = 60_000


def claim() -> tuple[socket.socket, range]:
    """A block of user ids that no other zygote on this machine uses, and no user that is known or has a process.

    The claim is an abstract socket's name, which the kernel gives back when the zygote ends, however it ends. It holds
    within one network namespace, but the kernel counts a user's processes across containers: the search is at random.

    Raises:
        RuntimeError: All are taken.
    """
    used = set(_in_use())
    starts = list(range(_FIRST, _LAST, _BLOCK))
    random.shuffle(starts)
    for start in starts:
        block = range(start, start + _BLOCK)
        if not used.isdisjoint(block):
            continue
        socket_ = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            socket_.bind(f"\0autograder-uids-{start}")
        except OSError:
            socket_.close()
        else:
            return socket_, block
    message = "all blocks of user ids are taken, by users or by other graders on this machine"
    raise RuntimeError(message)


def _in_use() -> Iterator[int]:
    for entry in pwd.getpwall():
        yield entry.pw_uid
    for status in _statuses():
        yield _user(status)


def kill_all_of(uid: int) -> None:
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


def is_alive(uid: int) -> bool:
    """True while a process of this user is more than a zombie: `kill(-1)` succeeds even when it reaches nobody."""
    return any(_user(status) == uid and "\nState:\tZ" not in status for status in _statuses())


def _statuses() -> Iterator[str]:
    """Texts of /proc/PID/status of every process that is to be seen."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended in between
                yield (folder / "status").read_text()


def _user(status: str) -> int:
    return int(status.split("\nUid:\t", 1)[1].split("\t", 1)[0])
