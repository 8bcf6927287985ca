"""The canary: a program that tries what is forbidden, through the very path that submissions take.

The isolation of a run is what the canary found, not what an engine claims. One success refuses the run.
"""

import secrets
import select
import tempfile
from pathlib import Path
from typing import Final

from autograder.errors import GraderError, IsolationError
from autograder.records import Isolation, IsolationRecord, ProbeResult
from autograder.sandbox.session import Session, SubmissionFault
from autograder.sandbox.spawn import Spawner
from autograder.worker.request import SandboxLimits

_LIMITS: Final = SandboxLimits(memory_mb=512, cpu_time_s=20, processes=16, file_mb=4)
_TIME_S: Final = 20.0

_PROGRAM: Final = """
import ctypes, os, resource, socket, subprocess, sys, time

libc = ctypes.CDLL(None, use_errno=True)

def system_call(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def connect():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
        s.settimeout(1)
        s.connect(("127.0.0.1", 9))

def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"x", ("127.0.0.1", 9))

def others():
    seen = [p for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()]
    for p in seen:
        with open(f"/proc/{p}/cmdline", "rb") as f:
            f.read(1)
    if not seen:
        raise PermissionError("no other process to be seen")

def forks(limit):
    children = []
    try:
        while len(children) < 4 * limit:
            pid = os.fork()
            if pid == 0:
                time.sleep(30)
                os._exit(0)
            children.append(pid)
    finally:
        for pid in children:
            os.kill(pid, 9)
            os.waitpid(pid, 0)

def write(path):
    with open(path, "w") as f:
        f.write("x")

def disk(limit_mb):
    with open("big", "wb") as f:
        for _ in range(4 * limit_mb):
            f.write(bytes(1 << 20))

def read(path):
    with open(path, "rb") as f:
        f.read(1)

def mount():
    if libc.mount(b"tmpfs", b"/dev", b"tmpfs", 0, None) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def namespace():
    if libc.unshare(0x10000000) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def trace():
    if libc.ptrace(16, os.getppid() or 1, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def kill_parent():
    if os.getppid() == 0:
        raise ProcessLookupError("its parent is in another namespace")
    os.kill(os.getppid(), 0)

def attempt(decoy, package_file, processes, memory_mb, file_mb):
    probes = {
        "read_decoy": lambda: read(decoy),
        "write_package": lambda: write(package_file),
        "write_root": lambda: write("/canary"),
        "see_processes": others,
        "tcp": connect,
        "udp": udp,
        "exec": lambda: subprocess.run(["/bin/true"], check=True),
        "ptrace": trace,
        "setuid": lambda: os.setuid(0),
        "user_namespace": namespace,
        "mount": mount,
        "chroot": lambda: os.chroot("/tmp"),
        "io_uring": lambda: system_call(425, 1, ctypes.create_string_buffer(120)),
        "keyring": lambda: system_call(250 if os.uname().machine == "x86_64" else 219, 0, -3, 1),
        "raise_limit": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
        "kill_parent": kill_parent,
        "pseudo_terminal": lambda: os.close(os.open("/dev/ptmx", os.O_RDWR)),
        "fork_bomb": lambda: forks(processes),
        "memory": lambda: bytearray((memory_mb + 1024) << 20),
        "disk": lambda: disk(file_mb),
    }
    found = {}
    for name, probe in probes.items():
        try:
            probe()
        except BaseException as error:
            found[name] = f"{type(error).__name__}: {error}"[:120]
        else:
            found[name] = ""
    return found

def linger():
    for _ in range(2):
        if os.fork() == 0:
            os.setsid()
            libc.prctl(1, 0)
            if os.fork() == 0:
                while True:
                    time.sleep(1)
            os._exit(0)
    return True
"""

#: Probes that only a confined process is expected to fail at; `process` has none of them.
PROBES: Final = (
    "read_decoy", "write_package", "write_root", "see_processes", "tcp", "udp", "exec", "ptrace", "setuid",
    "user_namespace", "mount", "chroot", "io_uring", "keyring", "raise_limit", "kill_parent",
    "pseudo_terminal", "fork_bomb", "memory", "disk", "survive",
)  # fmt: skip


def run(
    spawner: Spawner, level: Isolation, required: Isolation, description: str, package_file: Path
) -> IsolationRecord:
    """Runs the canary and records what it met.

    Args:
        spawner: Where the engine's processes come from.
        level: The engine's level.
        required: What the course requires, for the record.
        description: Engine and version, for the record.
        package_file: A file of the course that a submission must not write; it is only opened for writing by the
            canary if the sandbox lets it, in which case its text is put back.

    Raises:
        IsolationError: A probe succeeded under an engine that should have stopped it.
        GraderError: The canary could not be run.
    """
    if level is Isolation.PROCESS:
        return IsolationRecord(level, required, description, ())
    with tempfile.NamedTemporaryFile("w", prefix="canary-", suffix=".txt") as decoy:
        Path(decoy.name).chmod(0o644)
        decoy.write(secrets.token_hex(16))
        decoy.flush()
        before = package_file.read_bytes()
        try:
            found = _attempt(spawner, decoy.name, str(package_file))
        finally:
            if package_file.read_bytes() != before:
                package_file.write_bytes(before)
    found["survive"] = _survive(spawner)
    probes = tuple(
        ProbeResult(name, bool(found[name]), found[name] or "succeeded") for name in PROBES
    )
    escaped = [probe.name for probe in probes if not probe.blocked]
    if escaped:
        message = (
            f"the canary escaped from engine `{level}` ({description}): {', '.join(escaped)} succeeded, which the "
            "sandbox must stop. Nothing is graded. Look at `autograder doctor`, update the kernel and bubblewrap, "
            "and report this as a hole (docs/developer.md)."
        )
        raise IsolationError(message)
    return IsolationRecord(level, required, description, probes)


def _attempt(spawner: Spawner, decoy: str, package_file: str) -> dict[str, str]:
    session = Session(spawner.spawn(_LIMITS))
    try:
        flat = session.flatten(
            {"canary.py": _PROGRAM.encode()}, ["attempt", "linger"], time_s=_TIME_S
        )
        session.load(flat, cell_time_s=_TIME_S, time_s=_TIME_S)
        answer = session.call(
            "attempt",
            [decoy, package_file, _LIMITS.processes, _LIMITS.memory_mb, _LIMITS.file_mb],
            {}, seed=0, device="cpu", time_s=_TIME_S,
        )  # fmt: skip
    except SubmissionFault as fault:
        message = f"the canary could not be run: {fault.message} {fault.staff_message}"
        raise GraderError(message) from None
    finally:
        session.kill()
        session.usage()
    found = answer.value
    if type(found) is not dict or set(found) != set(PROBES) - {"survive"}:
        message = "the canary did not report on every probe"
        raise GraderError(message)
    return dict(found)


def _survive(spawner: Spawner) -> str:
    """Leaves daemons behind that hold the data socket open: it reads as closed only when all of them are dead."""
    spawned = spawner.spawn(_LIMITS)
    session = Session(spawned)
    try:
        flat = session.flatten({"canary.py": _PROGRAM.encode()}, ["linger"], time_s=_TIME_S)
        session.load(flat, cell_time_s=_TIME_S, time_s=_TIME_S)
        session.call("linger", [], {}, seed=0, device="cpu", time_s=_TIME_S)
    except SubmissionFault as fault:
        message = f"the canary could not be run: {fault.message} {fault.staff_message}"
        raise GraderError(message) from None
    with spawned.data.dup() as watched:
        session.kill()
        session.usage()
        closed, _, _ = select.select([watched], [], [], 5)
    return "all of them died with their task" if closed else ""
