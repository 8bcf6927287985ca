"""What this host lets the engines do: its user, capabilities, kernel and policy; and how to mend what it does not.

Reads files and starts nothing. That an engine works is shown by the canary alone.
"""

import importlib.util
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from autograder.errors import IsolationError
from autograder.records import Isolation

#: Bits of CapEff, see capability.h.
_CAPABILITIES: Final = {"CAP_KILL": 5, "CAP_SETGID": 6, "CAP_SETUID": 7, "CAP_SYS_CHROOT": 18}

#: A switch below /proc/sys, the value that forbids user namespaces, what has set it, and the value to set.
_SWITCHES: Final = (
    ("kernel/apparmor_restrict_unprivileged_userns", 1, "AppArmor, as on Ubuntu 24.04,", 0),
    ("kernel/unprivileged_userns_clone", 0, "a setting of Debian's kernels", 1),
    ("user/max_user_namespaces", 0, "a limit of none", 15_000),
)


def obstacles(sysctl: Path = Path("/proc/sys")) -> list[str]:
    """What forbids engine `namespaces` on this host, each with its remedy; empty where nothing is known to.

    Root is affected too, since the zygote gives up being root before it makes namespaces.
    """
    found = []
    for switch, forbidding, what, allowing in _SWITCHES:
        try:
            value = int((sysctl / switch).read_text())
        except (OSError, ValueError):  # this kernel has no such switch
            continue
        if value == forbidding:
            name = switch.replace("/", ".")
            found.append(
                f"{what} keeps users from making namespaces ({name} = {value}). Until the next boot: "
                f"`sudo sysctl -w {name}={allowing}`; for good: "
                f"`echo {name}={allowing} | sudo tee /etc/sysctl.d/60-autograder.conf`. "
                "Or grade as root with `--isolation landlock`."
            )
    return found


def require_linux(level: Isolation) -> None:
    """Refuses other systems.

    Raises:
        IsolationError: This is one.
    """
    if sys.platform != "linux":
        message = (
            f"isolation `{level}` needs Linux; this is {sys.platform}. Grade on a Linux machine or in a "
            "container, or type `--isolation process` for results that are marked unofficial."
        )
        raise IsolationError(message)


def require_root(level: Isolation, capabilities: Iterable[str]) -> None:
    """Refuses to go on as another user, or as a root that may not what root usually may.

    Raises:
        IsolationError: Says what is missing.
    """
    if os.getuid() != 0:
        message = f"engine `{level}` gives every task a user id of its own, which only root can: run as root."
        raise IsolationError(message)
    missing = missing_capabilities(capabilities, Path("/proc/self/status").read_text())
    if missing:
        message = (
            f"engine `{level}` needs {', '.join(missing)}, which this root has not. A container's default has "
            "them: start it without `--cap-drop`, or add them with `--cap-add`."
        )
        raise IsolationError(message)


def missing_capabilities(names: Iterable[str], status: str) -> list[str]:
    """Those of the named capabilities that a process lacks.

    Args:
        names: As "CAP_KILL".
        status: Text of the process's /proc/PID/status.
    """
    effective = int(status.split("\nCapEff:\t")[1].split("\n", maxsplit=1)[0], 16)
    return [name for name in names if not effective >> _CAPABILITIES[name] & 1]


def require_open(paths: Iterable[Path]) -> None:
    """Refuses a Python that other users may not enter.

    Raises:
        IsolationError: Names the folder that is closed.
    """
    for path in paths:
        closed = next((p for p in (path, *path.parents) if not p.stat().st_mode & 0o001), None)
        if closed is not None and closed.is_dir():
            message = (
                f"other users may not enter {closed}, where this Python lies; a submission runs as another "
                f"user and could import nothing. Use a Python under /usr or /opt, or `chmod o+x {closed}`."
            )
            raise IsolationError(message)


def packages() -> Path:
    """The folder that torch is installed in: the root of engine `uid`.

    Raises:
        IsolationError: There is none, or other users may not read it.
    """
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        message = "torch is not installed in this Python; `make install` does it."
        raise IsolationError(message)
    folder = Path(spec.origin).resolve().parents[1]
    if folder.stat().st_mode & 0o005 != 0o005:
        message = (
            f"other users may not read {folder}, where torch lies; a submission runs as another user and could "
            f"import nothing. `chmod o+rx {folder}` lets them."
        )
        raise IsolationError(message)
    return folder


def remedy(words: str, found: list[str]) -> str:
    """What to do about an engine that did not start.

    Args:
        words: What it wrote to its standard error.
        found: As `obstacles` gives them.
    """
    if found:
        return " ".join(found)
    if (
        "uid map" in words
        or "RTM_NEWADDR" in words
        or "No permissions to create new namespace" in words
    ):
        return (
            "This host does not let unprivileged users create namespaces (Ubuntu 24.04 does so by AppArmor): "
            "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`, or run as root for `landlock`."
        )
    if "Operation not permitted" in words:
        return "In a container: run as root for engine `landlock`, or allow user namespaces."
    return "`autograder doctor` shows what this machine offers."
