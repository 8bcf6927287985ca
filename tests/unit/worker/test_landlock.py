"""Landlock, alive in a fork: what is named can be used, and nothing else."""

import errno
import os
import platform
import signal
import socket
from pathlib import Path

import pytest

from autograder.worker import kernel, landlock

BLOCKED = "PermissionError"


@pytest.fixture
def folders(tmp_path):
    """Three folders with a file in each: to be read, to be written, to be hidden."""
    for name in ("open", "work", "hidden"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    return tmp_path


def test_only_the_named_folders_can_be_read_and_nothing_written(in_fork, attempt, folders):
    def confined():
        landlock.restrict(read=[str(folders / "open")], read_files=[], write=[])
        return {
            "read": (folders / "open/file").read_text(),
            "list": os.listdir(folders / "open"),  # noqa: PTH208  names are wanted
            "hidden file": attempt((folders / "hidden/file").read_text),
            "hidden folder": attempt(lambda: os.listdir(folders / "hidden")),  # noqa: PTH208
            "above": attempt(lambda: os.listdir(folders)),  # noqa: PTH208
            "out and back in": attempt((folders / "open/../hidden/file").read_text),
            "system": attempt(Path("/etc/passwd").read_text),
            "create": attempt(lambda: (folders / "open/new").write_text("x")),
            "change": attempt(lambda: (folders / "open/file").write_text("x")),
            "truncate": attempt(lambda: os.truncate(folders / "open/file", 0)),
            "remove": attempt((folders / "open/file").unlink),
            "make a folder": attempt((folders / "open/sub").mkdir),
            "link": attempt(lambda: (folders / "open/link").symlink_to("/etc/passwd")),
            "null": attempt(lambda: Path("/dev/null").write_text("x")),
            "execute": attempt(lambda: os.execv("/bin/true", ["true"])),
        }

    assert landlock.abi() > 0, "this machine's kernel has no Landlock"
    assert in_fork(confined) == {
        "read": "open",
        "list": ["file"],
        "hidden file": BLOCKED,
        "hidden folder": BLOCKED,
        "above": BLOCKED,
        "out and back in": BLOCKED,
        "system": BLOCKED,
        "create": BLOCKED,
        "change": BLOCKED,
        "truncate": BLOCKED,
        "remove": BLOCKED,
        "make a folder": BLOCKED,
        "link": BLOCKED,
        "null": BLOCKED,
        "execute": BLOCKED,
    }
    assert (folders / "open/file").read_text() == "open"


def test_a_folder_to_write_takes_files_but_no_links_pipes_or_sockets(in_fork, attempt, folders):
    work = folders / "work"

    def confined():
        landlock.restrict(read=[], read_files=[], write=[str(work)])
        with socket.socket(socket.AF_UNIX) as server:
            return {
                "create": attempt(lambda: (work / "new").write_text("x")),
                "change": attempt(lambda: (work / "file").write_text("changed")),
                "rename": attempt(lambda: (work / "new").rename(work / "newer")),
                "folder": attempt((work / "sub").mkdir),
                "across": attempt(lambda: (work / "newer").rename(work / "sub/newest")),
                "remove": attempt((work / "sub/newest").unlink),
                "link": attempt(lambda: (work / "link").symlink_to("/etc/passwd")),
                "pipe": attempt(lambda: os.mkfifo(work / "pipe")),
                "socket": attempt(lambda: server.bind(str(work / "socket"))),
                "elsewhere": attempt(lambda: (folders / "open/new").write_text("x")),
            }

    assert in_fork(confined) == {
        "create": "allowed",
        "change": "allowed",
        "rename": "allowed",
        "folder": "allowed",
        "across": "allowed",
        "remove": "allowed",
        "link": BLOCKED,
        "pipe": BLOCKED,
        "socket": BLOCKED,
        "elsewhere": BLOCKED,
    }
    assert (work / "file").read_text() == "changed"


def test_single_files_and_devices_can_be_named(in_fork, attempt, folders):
    def confined():
        landlock.restrict(
            read=[str(folders / "missing")],
            read_files=["/dev/urandom", str(folders / "open")],
            write=["/dev/null"],
        )
        return {
            "random": len(os.read(os.open("/dev/urandom", os.O_RDONLY), 4)),
            "null": attempt(lambda: Path("/dev/null").write_text("x")),
            "below a folder": (folders / "open/file").read_text(),
            "listing it": attempt(lambda: os.listdir(folders / "open")),  # noqa: PTH208
            "write random": attempt(lambda: Path("/dev/urandom").write_text("x")),
            "zero": attempt(lambda: Path("/dev/zero").open("rb").close()),
        }

    assert in_fork(confined) == {
        "random": 4,
        "null": "allowed",
        "below a folder": "open",
        "listing it": BLOCKED,
        "write random": BLOCKED,
        "zero": BLOCKED,
    }


def test_signals_abstract_sockets_and_tcp_stop_at_the_border_where_the_kernel_can(in_fork, attempt):
    outside = os.getpid()
    server = socket.socket(socket.AF_UNIX)
    name = f"\0autograder-test-{outside}"
    server.bind(name)
    server.listen()

    def confined():
        landlock.restrict(read=[], read_files=[], write=[])
        with socket.socket(socket.AF_UNIX) as client, socket.socket() as internet:
            return {
                "signal": attempt(lambda: os.kill(outside, 0)),
                "abstract": attempt(lambda: client.connect(name)),
                "tcp": attempt(lambda: internet.bind(("127.0.0.1", 0))),
                "own signal": attempt(lambda: os.kill(os.getpid(), signal.SIGCONT)),
            }

    with server:
        found = in_fork(confined)
    scoped = BLOCKED if landlock.abi() >= 6 else "allowed"
    tcp = BLOCKED if landlock.abi() >= 4 else "allowed"
    assert found == {"signal": scoped, "abstract": scoped, "tcp": tcp, "own signal": "allowed"}


def test_a_second_restriction_cannot_widen_the_first(in_fork, attempt, folders):
    def confined():
        landlock.restrict(read=[str(folders / "open")], read_files=[], write=[])
        landlock.restrict(read=["/"], read_files=[], write=["/"])
        return attempt((folders / "hidden/file").read_text)

    assert in_fork(confined) == BLOCKED


def test_a_kernel_without_landlock_is_an_error_that_says_so(monkeypatch):
    def missing(name, what, *arguments):
        raise OSError(errno.ENOSYS, f"{what}: Function not implemented")

    monkeypatch.setattr(kernel, "call", missing)
    assert landlock.abi() == 0
    with pytest.raises(OSError, match="Landlock: this kernel lacks it") as refusal:
        landlock.restrict(read=[], read_files=[], write=[])
    assert refusal.value.errno == errno.EOPNOTSUPP


def test_a_machine_whose_numbers_are_unknown_counts_as_without(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert landlock.abi() == 0


@pytest.mark.parametrize(("version", "size"), [(1, 8), (3, 8), (4, 16), (5, 16), (6, 24), (9, 24)])
def test_each_version_is_told_only_what_it_knows(version, size, monkeypatch, tmp_path):
    """An older kernel refuses a rule set that names rights from the future."""
    seen = []

    def record(name, what, *arguments):
        seen.append((what, arguments[1:]))
        return version if what.endswith("ruleset") and arguments[1] is None else os.dup(2)

    monkeypatch.setattr(kernel, "call", record)
    monkeypatch.setattr(kernel, "no_new_privs", lambda: None)
    landlock.restrict(read=[str(tmp_path)], read_files=[], write=[str(tmp_path)])
    _, (attributes, length, _) = seen[1]
    assert len(attributes) == length == size
    handled = int.from_bytes(attributes[:8], "little")
    bits = {1: 13, 3: 15, 4: 15, 5: 16, 6: 16, 9: 16}[version]
    assert handled == (1 << bits) - 1
    rules = [arguments[2] for what, arguments in seen if what == "landlock_add_rule"]
    for rule in rules:
        assert int.from_bytes(rule[:8], "little") & ~handled == 0
