"""Where this process may make control groups for tasks: found by reading the mounts, shown by trying.

Candidates are this process's own group and those above it, which a login or a container has handed to it. Refuses to
reorganise groups in which other programs run.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from autograder.sandbox.cgroups import Place, write
from autograder.worker.request import SandboxLimits

_OWN_LEAF: Final = "autograder-command"
_NEEDED: Final = frozenset({"memory", "pids"})
_TRIAL_LIMITS: Final = SandboxLimits(memory_mb=64, processes=8)
#: Joins a group as the zygote's forks do: through an inherited descriptor, as a user without rights.
_TRIAL: Final = """
import os, sys
if os.getuid() == 0:
    os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
for descriptor in sys.argv[1:]:
    os.write(int(descriptor), b"0")
"""


def find(process: Path = Path("/proc/self")) -> Place | None:
    """Where this process may make groups, shown by making one and having a process join it; None where it may not.

    Args:
        process: This process's folder in /proc.
    """
    try:
        mounts = (process / "mountinfo").read_text()
        groups = (process / "cgroup").read_text()
    except OSError:  # no Linux, or no /proc
        return None
    return next((place for place in candidates(mounts, groups) if _works(place)), None)


def describe(place: Place | None) -> str:
    """How the memory of a task is bounded, for the run record."""
    return f"memory: {place or 'per process'}"


def candidates(mounts: str, groups: str) -> Iterable[Place]:
    """Where groups might be made, the best first; each has to be tried.

    Args:
        mounts: Text of /proc/self/mountinfo.
        groups: Text of /proc/self/cgroup.
    """
    own = {}
    for line in groups.splitlines():
        _, controllers, path = line.split(":", 2)
        own.update(dict.fromkeys(controllers.split(","), path))
    unified = None
    split: dict[str, Path] = {}
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        root, point = (_unescaped(field) for field in before.split()[3:5])
        kind, _, options = after.split(maxsplit=2)
        if kind == "cgroup2" and "" in own:
            unified = _within(own[""], root, point)
        elif kind == "cgroup":
            for controller in _NEEDED & set(options.split(",")) & own.keys():
                folder = _within(own[controller], root, point)
                if folder is not None:
                    split[controller] = folder
    if unified is not None:
        yield from _unified_candidates(unified)
    if len(split) == 2:
        yield Place(1, split["memory"], split["pids"])


def _unescaped(field: str) -> str:
    return field.encode().decode("unicode_escape")


def _within(path: str, root: str, point: str) -> Path | None:
    """The folder of group `path` where a mount at `point` shows the hierarchy from its group `root` on."""
    if not Path(path).is_relative_to(root):
        return None
    return Path(point) / Path(path).relative_to(root)


def _unified_candidates(own: Path) -> Iterable[Place]:
    """This process's own group, then those above it that are ours to use: a user's slice, or the root's."""
    for folder in (own, *own.parents):
        if not (folder / "cgroup.procs").exists():
            return
        if os.access(folder, os.W_OK) and os.access(folder / "cgroup.procs", os.W_OK):
            if folder == own and not _hands_down(own):
                _hand_down(own)
            if _hands_down(folder):
                yield Place(2, folder, folder)


def _hands_down(folder: Path) -> bool:
    """True where groups in `folder` have limits on memory and processes."""
    with contextlib.suppress(OSError):
        return set((folder / "cgroup.subtree_control").read_text().split()) >= _NEEDED
    return False


def _hand_down(own: Path) -> None:
    """Turns the controllers on for groups in our own group, if nobody else is in it.

    Version 2 allows that only in a group without processes. Where all of them are ours, as in a scope that was made
    for this command or a container that runs nothing else, they move into a leaf of it.
    """
    with contextlib.suppress(OSError):
        if not set((own / "cgroup.controllers").read_text().split()) >= _NEEDED:
            return
        try:
            write(own / "cgroup.subtree_control", "+memory +pids")
        except OSError:
            members = [int(pid) for pid in (own / "cgroup.procs").read_text().split()]
            if not all(_is_ours(pid) for pid in members):
                return
            leaf = own / _OWN_LEAF
            leaf.mkdir(exist_ok=True)
            for pid in members:
                write(leaf / "cgroup.procs", str(pid))
            write(own / "cgroup.subtree_control", "+memory +pids")


def _is_ours(pid: int) -> bool:
    """True for this process and what it has started. A process outside our pid namespace reads as 0."""
    while pid > 1 and pid != os.getpid():
        status = Path(f"/proc/{pid}/status").read_text()
        pid = int(status.split("\nPPid:\t")[1].split("\n")[0])
    return pid == os.getpid()


def _works(place: Place) -> bool:
    try:
        group = place.make(_TRIAL_LIMITS)
    except OSError:
        return False
    try:
        doors = group.doors()
        words = [sys.executable, "-I", "-S", "-c", _TRIAL, *map(str, doors)]
        try:
            done = subprocess.run(
                words, pass_fds=doors, capture_output=True, check=False, timeout=10
            )
        finally:
            for door in doors:
                os.close(door)
    except (OSError, subprocess.TimeoutExpired):
        return False
    finally:
        group.remove()
    return done.returncode == 0
