"""The jail, alive in a fork: what lies inside can be imported late, and nothing else is there."""

import importlib
import os
import sys
from pathlib import Path

import pytest

from autograder.worker import jail, kernel

UID = 61_234


@pytest.fixture
def packages(tmp_path):
    """A folder of packages, one of which imports a part of itself late."""
    package = tmp_path / "site" / "lazy"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "def late():\n    from lazy import part\n    return part.X\n"
    )
    (package / "part.py").write_text("X = 7\n")
    (tmp_path / "site" / "single.py").write_text("Y = 8\n")
    (tmp_path / "secret").write_text("hidden")
    return tmp_path / "site"


def enter(folder):
    """As a fork of engine `uid` does, with the folder's packages known before."""
    sys.path.append(str(folder))
    lazy = importlib.import_module("lazy")
    jail.rebase(str(folder))
    jail.enter(str(folder))
    os.setgroups([])
    os.setresgid(UID, UID, UID)
    os.setresuid(UID, UID, UID)
    kernel.drop_capabilities()
    return lazy


def test_what_lies_inside_can_be_imported_late(in_fork, packages):
    def confined():
        lazy = enter(packages)
        return [lazy.late(), importlib.import_module("single").Y, list(lazy.__path__), sys.path[-1]]

    assert in_fork(confined) == [7, 8, ["/lazy"], "/"]


def test_nothing_else_is_there(in_fork, attempt, packages):
    def confined():
        enter(packages)
        return {
            "root": sorted(os.listdir("/")),  # noqa: PTH208  names are wanted
            "above": attempt((Path("..") / "secret").read_text),
            "by its name": attempt((packages.parent / "secret").read_text),
            "system": attempt(Path("/etc/passwd").read_text),
            "processes": attempt(lambda: os.listdir("/proc")),  # noqa: PTH208
            "another root": attempt(lambda: os.chroot("/")),
            "write": attempt(lambda: Path("/new").write_text("x")),
        }

    assert in_fork(confined) == {
        "root": ["lazy", "single.py"],
        "above": "FileNotFoundError",
        "by its name": "FileNotFoundError",
        "system": "FileNotFoundError",
        "processes": "FileNotFoundError",
        "another root": "PermissionError",
        "write": "PermissionError",
    }


def test_the_standard_library_is_there_without_its_files(in_fork, packages):
    def confined():
        jail.import_all()
        enter(packages)
        names = ("sqlite3", "xml.etree.ElementTree", "concurrent.futures.thread", "encodings.koi8_r",
                 "statistics", "cProfile", "zoneinfo", "autograder.worker.serve",
                 "autograder.submission.interrupt")  # fmt: skip
        return [importlib.import_module(name).__name__ for name in names]

    assert len(in_fork(confined)) == 9


def test_what_acts_when_it_is_imported_is_left_out(in_fork):
    def imported():
        jail.import_all()
        return sorted({"this", "antigravity", "tkinter", "turtle"} & sys.modules.keys())

    assert in_fork(imported) == []


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("/a/site", "/"),
        ("/a/site/torch/nn", "/torch/nn"),
        ("/a/sitemap", None),
        ("/a", None),
        ("", None),
        ("relative", None),
    ],
)
def test_a_path_is_known_by_its_place_below_the_new_root(path, inside):
    assert jail._inside(path, "/a/site") == inside
