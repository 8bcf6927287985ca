"""Where groups may be made: mounts as systems show them, and what is left alone. Trees are simulated."""

import os
from pathlib import Path

import pytest

from autograder.sandbox import cgroup_search
from autograder.sandbox.cgroup_search import candidates, describe, find
from autograder.sandbox.cgroups import Place

UNIFIED = "31 23 0:28 {root} {point} {mode},relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate"
SPLIT = "\n".join(
    f"3{n} 31 0:3{n} / /cg/{name} rw,relatime - cgroup cgroup rw,{name}"
    for n, name in enumerate(("cpu,cpuacct", "memory", "pids"))
)


@pytest.fixture
def tree(tmp_path):
    """Makes a simulated group of version 2: what it may hand down, what it does, and who is in it."""

    def make(name, controllers="cpu memory pids", handed_down="", members=""):
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cgroup.controllers").write_text(controllers)
        (folder / "cgroup.subtree_control").write_text(handed_down)
        (folder / "cgroup.procs").write_text(members)
        return folder

    return make


def unified(top, own, root="/"):
    return list(candidates(UNIFIED.format(root=root, point=top, mode="rw"), f"0::{own}\n"))


def test_version_1_is_found_by_controller_below_this_processs_own_groups():
    groups = "12:cpu,cpuacct:/x\n5:memory:/jobs/7\n4:pids:/\n0::/\n"
    assert list(candidates(SPLIT, groups)) == [
        Place(1, Path("/cg/memory/jobs/7"), Path("/cg/pids"))
    ]


def test_version_1_needs_both_controllers():
    assert list(candidates(SPLIT, "5:memory:/\n")) == []


def test_a_container_sees_its_part_of_the_hierarchy_as_the_mounts_root():
    mounts = SPLIT.replace("0:31 / ", "0:31 /docker/abc ").replace("0:32 / ", "0:32 /docker/abc ")
    groups = "5:memory:/docker/abc\n4:pids:/docker/abc/deep\n"
    assert list(candidates(mounts, groups)) == [Place(1, Path("/cg/memory"), Path("/cg/pids/deep"))]


def test_a_group_outside_of_what_is_mounted_is_none():
    mounts = SPLIT.replace("0:31 / ", "0:31 /docker/abc ")
    assert list(candidates(mounts, "5:memory:/\n4:pids:/\n")) == []


def test_blanks_in_a_mount_point_are_read():
    mounts = UNIFIED.format(root="/", point="/a\\040b", mode="rw")
    assert cgroup_search._unescaped("/a\\040b") == "/a b"
    assert list(candidates(mounts, "0::/\n")) == []


def test_a_delegated_group_without_others_is_used(tree, tmp_path, monkeypatch):
    own = tree("user/scope", members=f"{os.getpid()}\n")
    tree("user")
    tree(".")
    asked = []

    def write(path, text):
        asked.append((str(path.relative_to(tmp_path)), text))
        if len(asked) == 1:
            raise OSError(16, "busy: it has processes")  # what the kernel says before they move
        path.write_text("cpu memory pids" if path.name == "cgroup.subtree_control" else text)

    monkeypatch.setattr(cgroup_search, "write", write)
    assert unified(tmp_path, "/user/scope") == [Place(2, own, own)]
    assert asked == [
        ("user/scope/cgroup.subtree_control", "+memory +pids"),
        ("user/scope/autograder-command/cgroup.procs", str(os.getpid())),
        ("user/scope/cgroup.subtree_control", "+memory +pids"),
    ]


@pytest.mark.parametrize("members", ["1\n", "0\n"])
def test_a_group_in_which_others_run_is_left_as_it_is(tree, tmp_path, monkeypatch, members):
    own = tree("scope", members=f"{os.getpid()}\n{members}")
    tree(".")
    asked = []

    def write(path, text):
        asked.append(text)
        raise OSError(16, "busy")

    monkeypatch.setattr(cgroup_search, "write", write)
    assert unified(tmp_path, "/scope") == []
    assert asked == ["+memory +pids"]
    assert not (own / "autograder-command").exists()


def test_the_nearest_group_above_that_hands_down_both_is_used(tree, tmp_path):
    tree("slice/app/scope", controllers="", members="1\n")
    tree("slice/app", handed_down="memory")
    above = tree("slice", handed_down="cpu memory pids")
    tree(".", handed_down="cpu memory pids")
    assert unified(tmp_path, "/slice/app/scope") == [
        Place(2, above, above),
        Place(2, tmp_path, tmp_path),
    ]


def test_a_group_that_is_not_ours_to_write_is_passed_over(tree, tmp_path, monkeypatch):
    tree("slice", handed_down="memory pids")
    tree(".", handed_down="memory pids")
    monkeypatch.setattr(cgroup_search.os, "access", lambda path, mode: "slice" not in str(path))
    assert unified(tmp_path, "/slice") == [Place(2, tmp_path, tmp_path)]


def test_controllers_that_are_bound_to_version_1_are_not_asked_of_version_2(tree, tmp_path):
    own = tree("scope", controllers="hugetlb", members=f"{os.getpid()}\n")
    tree(".", controllers="hugetlb")
    assert unified(tmp_path, "/scope") == []
    assert (own / "cgroup.subtree_control").read_text() == ""
    assert not (own / "autograder-command").exists()


def test_a_place_that_looks_right_and_does_not_work_is_none(tree, tmp_path):
    """The kernel would fill a new group with files; this folder stays empty."""
    tree(".", handed_down="memory pids")
    process = tmp_path / "self"
    process.mkdir()
    (process / "mountinfo").write_text(UNIFIED.format(root="/", point=tmp_path, mode="rw"))
    (process / "cgroup").write_text("0::/\n")
    assert find(process) is None
    assert not list(tmp_path.glob("autograder-*"))


def test_without_proc_there_is_none(tmp_path):
    assert find(tmp_path / "nowhere") is None


def test_the_record_says_how_memory_is_bounded():
    assert describe(None) == "memory: per process"
    assert describe(Place(2, Path("/a"), Path("/a"))) == "memory: cgroup v2"
