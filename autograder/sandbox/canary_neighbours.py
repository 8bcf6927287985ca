"""The canary's second program: what one task can leave for another, files, sockets, memory or daemons.

Runs where `canary_program` runs, in one module with it, and imports nothing of ours; imported by nobody.
"""

# ruff: noqa: PTH108, PTH110, PTH118, PTH123  # plain calls of the system, as in `canary_program`

import ctypes
import os
import socket
import time
import zlib
from collections.abc import Callable, Sequence
from typing import Any

C_LIBRARY = ctypes.CDLL(None, use_errno=True)
KEPT: list[socket.socket] = []


def leave(name: str, folders: Sequence[str], shmget: int) -> bool:
    """Leaves a note in every way that does not need the network."""
    for folder in folders:
        try:
            with open(os.path.join(folder, name), "x") as file:
                file.write("a note")
        except OSError:
            continue
    try:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        KEPT.append(listener)
        listener.bind(f"\0{name}")
        listener.listen()
    except OSError:
        KEPT.clear()  # nobody will find one to connect to
    shared_memory(name, shmget, 0o1666)
    return True


def find(name: str, folders: Sequence[str], shmget: int) -> dict[str, list[Any]]:
    """Looks for the notes that another process left. Answers as `attempt` does."""
    return {
        "mailbox": met(lambda: found_files(name, folders)),
        "neighbour_socket": met(lambda: found_socket(name)),
        "shared_memory": met(lambda: found_memory(name, shmget)),
    }


def clear(name: str, folders: Sequence[str], shmget: int, shmctl: int) -> bool:
    """Takes back what it left."""
    for folder in folders:
        try:
            os.unlink(os.path.join(folder, name))
        except OSError:
            continue
    memory = shared_memory(name, shmget, 0o666)
    if memory >= 0:
        C_LIBRARY.syscall(ctypes.c_long(shmctl), memory, 0, 0)
    return True


def met(probe: Callable[[], str]) -> list[Any]:
    """Whether it found something, and what, or what stopped it."""
    try:
        return [True, probe()]
    except OSError as error:
        return [False, f"{type(error).__name__}: {error}"[:160]]


def found_files(name: str, folders: Sequence[str]) -> str:
    """In which folders the note is."""
    found = [folder for folder in folders if os.path.exists(os.path.join(folder, name))]
    if not found:
        raise FileNotFoundError("no note in any folder")
    return ", ".join(found)


def found_socket(name: str) -> str:
    """Whether somebody listens by that name."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stream:
        stream.connect(f"\0{name}")
    return "an abstract socket"


def shared_memory(name: str, shmget: int, flags: int) -> int:
    """A page of System V shared memory by this name: its id, or a negative number."""
    key = zlib.crc32(name.encode()) >> 1 | 1
    return int(C_LIBRARY.syscall(ctypes.c_long(shmget), key, ctypes.c_size_t(4096), flags))


def found_memory(name: str, shmget: int) -> str:
    """Whether there is shared memory by that name."""
    if shared_memory(name, shmget, 0o666) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return "a page"


def linger(lifeline: int, time_s: float) -> bool:
    """Leaves two daemons that have cut every tie; they end with their lifeline, or in time."""
    for _ in range(2):
        if os.fork() == 0:
            os.setsid()
            C_LIBRARY.prctl(1, 0, 0, 0, 0)
            if os.fork() == 0:
                if lifeline >= 0:
                    os.read(lifeline, 1)
                else:
                    time.sleep(time_s)
            os._exit(0)
    return True
