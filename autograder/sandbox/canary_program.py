"""The canary's program: tries what is forbidden, each attempt harmless where it gets through.

Runs in the sandbox as a submission does, and once outside it (`proof`). Nobody imports it, and it imports nothing of
ours. A probe raises what stopped it, or returns what it got hold of.
"""

# ruff: noqa: PTH108, PTH120, PTH123, PTH208, S606, BLE001  # plain calls of the system, whatever they raise

import ctypes
import errno
import mmap
import os
import resource
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True)
PROCESS = os.getpid()


def check(result: int, what: str) -> None:
    """Raises what the C library says of a call that failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def reach(calls: Sequence[Sequence[Any]]) -> str:
    """Which of these calls reach the kernel's own code; a filter says that they are forbidden or do not exist."""
    reached = set()
    for name, *numbers in calls:
        result = LIBC.syscall(*map(ctypes.c_long, numbers))
        if result >= 0 or ctypes.get_errno() not in {errno.EPERM, errno.ENOSYS}:
            reached.add(name)
        if result >= 3 and name == "socket":
            os.close(result)
    stop_if(not reached, "none of these calls is let through")
    return ", ".join(sorted(reached))


def stop_if(stopped: bool, words: str) -> None:
    """For what is seen rather than tried."""
    if stopped:
        raise PermissionError(words)


def in_fork(action: Callable[[], object]) -> None:
    """For what changes the process that does it, or ends it."""
    pid = os.fork()
    if pid == 0:
        code = 255
        try:
            action()
            code = 0
        except OSError as error:
            code = error.errno or 255
        finally:
            os._exit(code)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status < 0:
        raise OSError(f"killed by {signal.Signals(-status).name}")
    if status:
        raise OSError(status, os.strerror(status))


def read(path: str) -> None:
    """Reads a byte of a file."""
    with open(path, "rb") as file:
        file.read(1)


def create(path: str) -> None:
    """Makes a file and takes it away again."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    os.unlink(path)


def fill(sizes_mb: Sequence[int]) -> None:
    """Writes files of these sizes where it stands and removes them."""
    names = [f"canary-{number}" for number in range(len(sizes_mb))]
    made = []
    try:
        for name, size_mb in zip(names, sizes_mb, strict=True):
            with open(name, "wb", buffering=0) as file:
                made.append(name)
                for _ in range(size_mb):
                    if file.write(bytes(1 << 20)) != 1 << 20:
                        raise OSError(errno.ENOSPC, "a write was cut short")
    finally:
        for name in made:
            os.unlink(name)


def see_processes() -> str:
    """Looks at the command line of every process but itself."""
    seen = 0
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) != os.getpid():
            try:
                read(f"/proc/{pid}/cmdline")
            except OSError:
                continue  # forbidden, or ended in between
            seen += 1
    stop_if(not seen, "no other process is to be seen")
    return f"{seen} processes"


def execute() -> None:
    """Executes the one program that is sure to be there: Python."""
    in_fork(lambda: os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", ""]))


def trace(victim: int) -> None:
    """Attaches to a process without stopping it; the end of the fork lets go of it again."""
    in_fork(lambda: check(LIBC.ptrace(0x4206, victim, 0, 0), "ptrace"))


def signal_parent() -> None:
    """Asks whether it could signal its parent."""
    if os.getppid() == 0:
        raise ProcessLookupError("its parent is in another namespace")
    os.kill(os.getppid(), 0)


def fork_often(count: int) -> None:
    """Has `count` processes at once, and ends them."""
    children: list[int] = []
    try:
        while len(children) < count:
            pid = os.fork()
            if pid == 0:
                time.sleep(30)
                os._exit(0)
            children.append(pid)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def connect(family: int, address: Any) -> None:
    """Connects to one who listens there."""
    with socket.socket(family, socket.SOCK_STREAM) as stream:
        stream.settimeout(1)
        stream.connect(address)


def send_datagram(port: int) -> None:
    """Sends a datagram on this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", port))


def mount() -> None:
    """Mounts a file system in a mount namespace of its own, so that nobody else sees it."""
    check(LIBC.unshare(0x20000), "unshare")
    check(LIBC.mount(None, b"/", None, ctypes.c_ulong(0x44000), None), "mount(private)")
    check(LIBC.mount(b"tmpfs", b"/", b"tmpfs", ctypes.c_ulong(0), None), "mount(tmpfs)")


def capabilities() -> str:
    """Which capabilities it has, or could take."""
    sets = ctypes.create_string_buffer(24)
    check(LIBC.capget(struct.pack("=Ii", 0x20080522, 0), sets), "capget")
    stop_if(not any(sets.raw), "it has none")
    return sets.raw.hex()


def unlimited() -> str:
    """Which limits it does not have."""
    names = ("AS", "NPROC", "FSIZE", "CORE", "NOFILE", "MEMLOCK", "STACK", "CPU")
    found = []
    for name in names:
        _, hard = resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))
        # A machine bounds some of these for everybody, far above what one submission is given.
        if hard == resource.RLIM_INFINITY or (name in {"NPROC", "NOFILE"} and hard > 1024):
            found.append(name)
    stop_if(not found, "it has all limits")
    return ", ".join(found)


def lock_memory() -> None:
    """Locks a page, which then cannot be swapped out."""
    page = ctypes.create_string_buffer(4096)
    check(LIBC.mlock(page, ctypes.c_size_t(4096)), "mlock")
    LIBC.munlock(page, ctypes.c_size_t(4096))


def reserve(size_mb: int) -> None:
    """Takes address space and touches none of it, so that it costs a machine without limits nothing."""
    mmap.mmap(-1, size_mb << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()


def open_many(count: int) -> None:
    """Has `count` descriptors open at once."""
    descriptors: list[int] = []
    try:
        while len(descriptors) < count:
            descriptors.append(os.dup(0))
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def descriptors() -> str:
    """Descriptors that came with it: one is for the conversation, any other was forgotten."""
    found = []
    for descriptor in range(3, 4096):
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError:
            continue
        found.append(f"{descriptor}: {mode:o}")
    stop_if(len(found) < 2, "it has one")
    return ", ".join(found)[:80]


def environment() -> str:
    """Names of variables that a program does not need."""
    needed = {"PATH", "LANG", "HOME", "TMPDIR", "PWD", "LC_CTYPE", "MPLBACKEND", "LD_LIBRARY_PATH"}
    libraries = (
        "PYTHON",
        "OMP_",
        "OPENBLAS_",
        "MKL_",
        "KMP_",
        "TORCH",
        "PYTORCH",
        "CUDA_",
        "CUBLAS_",
    )
    found = [n for n in os.environ if n not in needed and not n.startswith(libraries)]
    stop_if(not found, "it holds nothing of the caller's")
    return ", ".join(found)[:80]


def call_32_bit() -> None:
    """Asks for its process id by a 32-bit call, whose numbers mean other calls to a filter for 64 bits."""
    if os.uname().machine != "x86_64":
        raise OSError(errno.ENOSYS, "this machine has no such calls")
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20; int 0x80; ret
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    in_fork(lambda: check(min(function(), 0), "getpid"))


def attempt(targets: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Tries everything that one process can try.

    Returns:
        By probe: whether it got through, and with what, or what stopped it.
    """
    probes: dict[str, Callable[[], object]] = {
        "read_decoy": lambda: read(targets["decoy"]),
        "list_folder": lambda: os.listdir(os.path.dirname(targets["decoy"])),
        "read_course": lambda: read(targets["course_file"]),
        "write_course": lambda: os.close(os.open(targets["course_file"], os.O_WRONLY)),
        "write_package": lambda: os.close(os.open(targets["package_file"], os.O_WRONLY)),
        "write_root": lambda: create(targets["new_file"]),
        "see_processes": see_processes,
        "environment": environment,
        "descriptors": descriptors,
        "tcp": lambda: connect(socket.AF_INET, ("127.0.0.1", targets["tcp"])),
        "udp": lambda: send_datagram(targets["udp"]),
        "abstract_socket": lambda: connect(socket.AF_UNIX, f"\0{targets['abstract']}"),
        "named_socket": lambda: connect(socket.AF_UNIX, targets["socket"]),
        "exec": execute,
        "ptrace": lambda: trace(targets["victim"]),
        "kill": lambda: os.kill(targets["victim"], 0),
        "kill_parent": signal_parent,
        "kill_group": lambda: stop_if(os.getpgid(PROCESS) == PROCESS, "it has its own"),
        "root": lambda: stop_if(os.getuid() != 0, f"it is user {os.getuid()}"),
        "setuid": lambda: os.setuid(0),
        "capabilities": capabilities,
        "new_privileges": lambda: stop_if(LIBC.prctl(39, 0, 0, 0, 0) != 0, "it gains none"),
        "unfiltered": lambda: stop_if(LIBC.prctl(21, 0, 0, 0, 0) != 0, "there is a filter"),
        "dumpable": lambda: stop_if(LIBC.prctl(3, 0, 0, 0, 0) != 1, "it is not"),
        "user_namespace": lambda: in_fork(lambda: check(LIBC.unshare(0x10000000), "unshare")),
        "mount": lambda: in_fork(mount),
        "chroot": lambda: os.chroot("/"),
        **{name: partial(reach, calls) for name, calls in targets["calls"].items()},
        "call_32_bit": call_32_bit,
        "pseudo_terminal": lambda: os.close(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY)),
        "unlimited": unlimited,
        "raise_limit": lambda: resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20)),
        "lock_memory": lock_memory,
        "open_files": lambda: open_many(512),
        "memory": lambda: reserve(targets["memory_mb"] + 1024),
        "large_file": lambda: fill([targets["file_mb"] + 1]),
        "many_files": lambda: fill([1] * (targets["file_mb"] + 1)),
        "fork_bomb": lambda: fork_often(targets["processes"] + 4),
    }
    return {name: tried(probe) for name, probe in probes.items()}


def tried(probe: Callable[[], object]) -> list[Any]:
    """Whether it got through, and with what, or what stopped it."""
    try:
        got = probe()
    except BaseException as error:
        return [False, f"{type(error).__name__}: {error}"[:160]]
    return [True, str(got or "")[:160]]
