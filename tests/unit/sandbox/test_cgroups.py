"""Groups: limits, the end by memory, what a killed run leaves. Version 2 is simulated by a folder tree.

This machine's memory controller is bound to version 1, which `tests/sandbox/test_cgroups.py` shows alive.
"""

import os
import shutil
from pathlib import Path

import pytest

from autograder.sandbox import cgroups
from autograder.sandbox.cgroups import OWN_MB, Place
from autograder.worker.request import SandboxLimits

FILES = {
    2: ("cgroup.procs", "memory.max", "memory.oom.group", "memory.swap.max", "memory.events", "pids.max"),
    1: ("cgroup.procs", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.swappiness",
        "memory.oom_control", "pids.max"),
}  # fmt: skip
LIMITS = SandboxLimits(memory_mb=100, processes=7)
BOUND = str((100 + OWN_MB) << 20)


class Kernel:
    """Simulated: fills a new group with its files, and removes only a group without processes."""

    def __init__(self, monkeypatch, version):
        self.files = set(FILES[version])
        make, remove = Path.mkdir, Path.rmdir

        def mkdir(path, **options):
            make(path, **options)
            for name in self.files:
                (path / name).write_text("")

        def rmdir(path):
            if not path.exists():
                remove(path)
            if (path / "cgroup.procs").read_text():
                raise OSError(16, "busy")
            shutil.rmtree(path)

        monkeypatch.setattr(cgroups.Path, "mkdir", mkdir)
        monkeypatch.setattr(cgroups.Path, "rmdir", rmdir)
        monkeypatch.setattr(cgroups.time, "sleep", lambda _: None)


@pytest.fixture(params=[1, 2])
def version(request):
    return request.param


@pytest.fixture
def kernel(monkeypatch, version):
    return Kernel(monkeypatch, version)


@pytest.fixture
def place(tmp_path, version):
    if version == 2:
        return Place(2, tmp_path, tmp_path)
    for name in ("memory", "pids"):
        os.mkdir(tmp_path / name)  # noqa: PTH102  # not a group
    return Place(1, tmp_path / "memory", tmp_path / "pids")


def only_group(folder):
    (group,) = folder.glob("autograder-task-*")
    return {path.name: path.read_text() for path in group.iterdir()}


def test_memory_swap_and_processes_are_bounded(kernel, place, version):
    place.make(LIMITS)
    memory, pids = only_group(place.memory), only_group(place.pids)
    assert pids["pids.max"] == "7"
    if version == 2:
        assert (memory["memory.max"], memory["memory.swap.max"]) == (BOUND, "0")
        assert memory["memory.oom.group"] == "1"
    else:
        assert memory["memory.limit_in_bytes"] == memory["memory.memsw.limit_in_bytes"] == BOUND


def test_a_kernel_without_swap_accounting_is_no_obstacle(kernel, place, version):
    kernel.files -= {"memory.swap.max", "memory.memsw.limit_in_bytes"}
    place.make(LIMITS)
    if version == 1:
        assert only_group(place.memory)["memory.swappiness"] == "0"
    assert only_group(place.pids)["pids.max"] == "7"


def test_a_place_where_no_limit_can_be_set_is_refused_and_nothing_is_left(kernel, place):
    kernel.files -= {"memory.max", "memory.limit_in_bytes"}
    with pytest.raises(FileNotFoundError, match="no limits can be set"):
        place.make(LIMITS)
    assert not list(place.memory.glob("autograder-*"))
    assert not list(place.pids.glob("autograder-*"))


def test_there_is_a_door_for_each_hierarchy(kernel, place, version):
    doors = place.make(LIMITS).doors()
    for door in doors:
        os.write(door, b"0")
        os.close(door)
    assert len(doors) == {2: 1, 1: 2}[version]
    assert only_group(place.memory)["cgroup.procs"] == only_group(place.pids)["cgroup.procs"] == "0"


@pytest.mark.parametrize(("kills", "expected"), [("0", False), ("1", True), ("12", True)])
def test_an_end_by_memory_is_told(kernel, place, version, kills, expected):
    group = place.make(LIMITS)
    (folder,) = place.memory.glob("autograder-task-*")
    name = "memory.events" if version == 2 else "memory.oom_control"
    (folder / name).write_text(f"oom 0\nunder_oom 0\noom_kill {kills}\n")
    assert group.ran_out_of_memory() is expected
    group.remove()
    assert group.ran_out_of_memory() is expected


def test_nothing_is_left_of_a_group_that_is_removed(kernel, place):
    place.make(LIMITS).remove()
    assert not list(place.memory.glob("autograder-*"))
    assert not list(place.pids.glob("autograder-*"))


def test_what_a_dead_run_has_left_is_swept_and_what_a_living_one_holds_is_not(kernel, place):
    place.make(LIMITS).forget()  # as the kernel does at the end of its process
    held = place.make(LIMITS)
    place.sweep()
    assert len(list(place.memory.glob("autograder-*"))) == 1
    held.forget()
    place.sweep()
    assert not list(place.memory.glob("autograder-*"))
    assert not list(place.pids.glob("autograder-*"))


def test_a_group_with_processes_is_left_for_a_later_sweep(kernel, place):
    group = place.make(LIMITS)
    (folder,) = place.memory.glob("autograder-task-*")
    (folder / "cgroup.procs").write_text("4711")
    group.remove()
    place.sweep()
    assert folder.exists()
    (folder / "cgroup.procs").write_text("")
    place.sweep()
    assert not folder.exists()


def test_groups_of_others_are_left_alone(kernel, place):
    (place.memory / "somebody").mkdir()
    place.sweep()
    assert (place.memory / "somebody").exists()


def test_a_group_swept_before_it_is_locked_is_made_anew(kernel, place, monkeypatch):
    locked, lost = cgroups._locked, []

    def slow(folder):
        if not lost:
            lost.append(folder)
            folder.rmdir()
        return locked(folder)

    monkeypatch.setattr(cgroups, "_locked", slow)
    place.make(LIMITS)
    assert only_group(place.pids)["pids.max"] == "7"
    assert not lost[0].exists()


def test_the_record_names_the_version(place, version):
    assert str(place) == f"cgroup v{version}"
