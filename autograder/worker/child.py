"""The fork of the zygote: close the doors, in an order that attacks have taught, then serve calls.

Each step answers a trap that was found by attacking; docs/developer.md lists them all.
"""

import os
import platform
import resource
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.worker import jail, kernel, landlock, namespaces, seccomp, serve
from autograder.worker.kernel import MountFlag
from autograder.worker.request import WORK, SandboxLimits

_SCRATCH = MountFlag.NOSUID | MountFlag.NODEV
_HIGHEST_DESCRIPTOR = 4096
_MIB = 1 << 20


def adopt_orphans() -> None:
    """Makes this process the parent of what its forks leave behind, so that it can bury them."""
    kernel.set_child_subreaper()


def run_in_namespaces(data: int, scratch: Sequence[str], limits: SandboxLimits) -> int:
    """Enters user, mount, network, IPC and UTS namespaces, as pid 1 of a new pid namespace; then serves on `data`.

    Returns:
        The exit status.
    """
    memory = _own_memory()  # while there is a /proc to ask
    _be_first_to_go()
    # kill(0, SIGKILL) from inside would otherwise reach the zygote through the process group.
    os.setsid()
    _close_all_but(data)
    namespaces.leave()
    _mount_scratch(scratch, limits)
    os.chdir(WORK)
    _limit(limits, memory)
    kernel.drop_capabilities()
    _confine(unix_sockets=True)
    return _serve(data, limits)


def run_under_landlock(data: int, uid: int, readable: Sequence[str], limits: SandboxLimits) -> int:
    """Takes a user id of its own and a Landlock rule set, then serves on `data`.

    No file can be created: there is no private file system here, so nothing else would bound the disk (1.9 GB in
    four seconds were measured with files of 1 MB).

    Returns:
        The exit status.
    """
    memory = _own_memory()
    _be_first_to_go()
    os.setsid()
    _close_all_but(data)
    os.chdir("/")
    _become(uid)
    _limit(limits, memory)
    landlock.restrict(read=readable, read_files=["/dev/urandom"], write=["/dev/null"])
    _confine(unix_sockets=False)
    return _serve(data, limits)


def run_in_jail(data: int, uid: int, folder: str, limits: SandboxLimits) -> int:
    """Takes another root and a user id of its own, then serves on `data`.

    No file can be made, changed or removed: the filter lets files be opened for reading only, whoever owns them.

    Returns:
        The exit status.
    """
    memory = _own_memory()
    _be_first_to_go()
    os.setsid()
    null = os.open("/dev/null", os.O_RDWR)  # there is none inside
    _close_all_but(data, null)  # a folder that stayed open would be a way out
    jail.enter(folder)
    _become(uid)
    _limit(limits, memory)
    _confine(unix_sockets=False, change_files=False)
    return _serve(data, limits, null)


def run_unconfined(data: int, limits: SandboxLimits) -> int:
    """Engine `process`: limits where the system has them, no isolation; then serves on `data`.

    Returns:
        The exit status.
    """
    if sys.platform == "linux":
        _limit(limits, _own_memory())
    return _serve(data, limits)


def _become(uid: int) -> None:
    """Root's rights go with its user id, once and for all."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    kernel.drop_capabilities()
    kernel.parent_death_signal(signal.SIGKILL)  # a change of user clears it, so only now


def _close_all_but(*keep: int) -> None:
    """Closes every inherited descriptor: a fork that held the control socket could forge exit reports."""
    low = 3
    for descriptor in sorted(keep):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, _HIGHEST_DESCRIPTOR)


def _mount_scratch(scratch: Sequence[str], limits: SandboxLimits) -> None:
    """Fresh, small file systems in memory, so that nothing is left for the next submission, and an empty /proc."""
    kernel.mount(None, "/", None, MountFlag.REC | MountFlag.SLAVE)
    size = f"size={limits.file_mb}m,nr_inodes=4096,mode=700"
    for folder in scratch:
        kernel.mount("tmpfs", folder, "tmpfs", _SCRATCH, size)
    kernel.mount("tmpfs", "/proc", "tmpfs", _SCRATCH | MountFlag.RDONLY, "size=4k")


def _own_memory() -> int:
    """Address space in bytes that this process has now, with torch loaded and nothing of the submission."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _be_first_to_go() -> None:
    """Tells the kernel whom to kill when the machine runs out of memory: this process, and not a grader.

    Limits hold per process, so that many processes together can still take more than the machine has.
    """
    Path("/proc/self/oom_score_adj").write_text("1000")


def _limit(limits: SandboxLimits, own_memory: int) -> None:
    for which, amount in (
        (resource.RLIMIT_AS, own_memory + limits.memory_mb * _MIB),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.file_mb * _MIB),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_STACK, 16 * _MIB),
        (resource.RLIMIT_CPU, limits.cpu_time_s),
    ):
        resource.setrlimit(which, (amount, amount))


def _confine(*, unix_sockets: bool, change_files: bool = True) -> None:
    kernel.no_new_privs()
    kernel.set_dumpable(False)  # no core, no /proc of ours for others of the same user
    machine = platform.machine()
    seccomp.install(seccomp.program(machine, unix_sockets=unix_sockets, change_files=change_files))


def _serve(data: int, limits: SandboxLimits, null: int | None = None) -> int:
    if null is None:
        null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
    serve.serve(socket.socket(fileno=data), limits)
    return 0
