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

from autograder.worker import gpu, jail, kernel, landlock, namespaces, seccomp, serve
from autograder.worker.kernel import MountFlag
from autograder.worker.request import WORK, SandboxLimits

_SCRATCH = MountFlag.NOSUID | MountFlag.NODEV
_HIGHEST_DESCRIPTOR = 4096
_MIB = 1 << 20
#: What CUDA opens of /proc, and will not start without: the last is this process's own folder, where it names threads.
_PROC_OF_CUDA = ("/proc/cpuinfo", "/proc/devices", "/proc/driver/nvidia", "/proc/self")
#: Data that CUDA's context takes in a process, beyond what the submission does: 400 MiB were measured (H100).
_CONTEXT_MB = 1024


def adopt_orphans() -> None:
    """Makes this process the parent of what its forks leave behind, so that it can bury them."""
    kernel.set_child_subreaper()


def run_in_namespaces(data: int, scratch: Sequence[str], limits: SandboxLimits) -> int:
    """Enters user, mount, network, IPC and UTS namespaces, as pid 1 of a new pid namespace; then serves on `data`.

    Returns:
        The exit status.
    """
    memory = _own_memory(limits)  # while there is a /proc to ask
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


def run_under_landlock(
    data: int, uid: int, readable: Sequence[str], gpu_nodes: Sequence[str], limits: SandboxLimits
) -> int:
    """Takes a user id of its own and a Landlock rule set, then serves on `data`.

    No file can be created: there is no private file system here, so nothing else would bound the disk (1.9 GB in
    four seconds were measured with files of 1 MB).

    Returns:
        The exit status.
    """
    memory = _own_memory(limits)
    _be_first_to_go()
    os.setsid()
    _close_all_but(data)
    os.chdir("/")
    _become(uid)
    _limit(limits, memory)
    nodes = gpu_nodes if limits.gpu else ()
    landlock.restrict(
        read=[*readable, *(_PROC_OF_CUDA if nodes else ())],
        read_files=["/dev/urandom"],
        write=["/dev/null"],
        use=[*nodes, "/proc/self"] if nodes else [],
    )
    _confine(unix_sockets=False, with_gpu=bool(nodes))
    return _serve(data, limits)


def run_in_jail(data: int, uid: int, folder: str, limits: SandboxLimits) -> int:
    """Takes another root and a user id of its own, then serves on `data`.

    No file can be made, changed or removed: the filter lets files be opened for reading only, whoever owns them.

    Returns:
        The exit status.
    """
    memory = _own_memory(limits)
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
        _limit(limits, _own_memory(limits))
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
    if limits.gpu:
        _cover_proc_but(_PROC_OF_CUDA)
    else:
        kernel.mount("tmpfs", "/proc", "tmpfs", _SCRATCH | MountFlag.RDONLY, "size=4k")


def _cover_proc_but(paths: Sequence[str]) -> None:
    """An empty /proc but for these files and folders, which say nothing of processes."""
    shown = [path for path in paths if Path(path).exists()]
    kept = [Path(WORK) / f"proc{number}" for number in range(len(shown))]
    for path, place in zip(shown, kept, strict=True):
        _bind(path, place, is_folder=Path(path).is_dir())
    kernel.mount("tmpfs", "/proc", "tmpfs", _SCRATCH, "size=64k")
    for path, place in zip(shown, kept, strict=True):
        is_folder = place.is_dir()
        _bind(str(place), Path(path), is_folder=is_folder)
        kernel.unmount(str(place))
        if is_folder:
            place.rmdir()
        else:
            place.unlink()
    kernel.mount(None, "/proc", None, _SCRATCH | MountFlag.REMOUNT | MountFlag.RDONLY)


def _bind(source: str, place: Path, *, is_folder: bool) -> None:
    if is_folder:
        place.mkdir(parents=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    kernel.mount(source, str(place), None, MountFlag.BIND)


def _own_memory(limits: SandboxLimits) -> int:
    """Bytes that this process has now, with torch loaded: of address space, or of data where there is a GPU."""
    which = 5 if limits.gpu else 0
    pages = int(Path("/proc/self/statm").read_text().split()[which])
    return pages * resource.getpagesize()


def _be_first_to_go() -> None:
    """Tells the kernel whom to kill when the machine runs out of memory: this process, and not a grader.

    Limits hold per process, so that many processes together can still take more than the machine has.
    """
    Path("/proc/self/oom_score_adj").write_text("1000")


def _limit(limits: SandboxLimits, own_memory: int) -> None:
    memory = resource.RLIMIT_DATA if limits.gpu else resource.RLIMIT_AS
    memory_mb = limits.memory_mb + (_CONTEXT_MB if limits.gpu else 0)
    for which, amount in (
        (memory, own_memory + memory_mb * _MIB),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.file_mb * _MIB),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_STACK, 16 * _MIB),
        (resource.RLIMIT_CPU, limits.cpu_time_s),
    ):
        resource.setrlimit(which, (amount, amount))


def _confine(*, unix_sockets: bool, change_files: bool = True, with_gpu: bool = False) -> None:
    kernel.no_new_privs()
    kernel.set_dumpable(False)  # no core, no /proc of ours for others of the same user
    machine = platform.machine()
    program = seccomp.program(
        machine, unix_sockets=unix_sockets, change_files=change_files, gpu=with_gpu
    )
    seccomp.install(program)


def _serve(data: int, limits: SandboxLimits, null: int | None = None) -> int:
    if null is None:
        null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)
    gpu.show(limits)
    serve.serve(socket.socket(fileno=data), limits)
    return 0
