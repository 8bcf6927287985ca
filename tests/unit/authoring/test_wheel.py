"""The wheel that is made offline: installed by pip into an empty place, it is the package."""

import base64
import csv
import hashlib
import importlib.metadata
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import autograder
from autograder.authoring import wheel
from autograder.errors import CourseError

PACKAGE = Path(autograder.__file__).parent


@pytest.fixture(scope="module")
def made():
    return wheel.make_wheel()


def test_it_is_named_for_every_system_and_has_the_same_bytes_again(made):
    assert made[0] == f"torch_autograder-{autograder.__version__}-py3-none-any.whl"
    assert wheel.make_wheel() == made


def test_it_holds_every_module_of_the_package_the_licence_and_nothing_else(made):
    with zipfile.ZipFile(io.BytesIO(made[1])) as archive:
        names = set(archive.namelist())
    files = {
        f"autograder/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    about = {name for name in names if ".dist-info/" in name}
    assert names - about == files
    assert "autograder/authoring/templates/course/grading.yml" in files
    assert {name.split(".dist-info/")[1] for name in about} == {
        "METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE", "licenses/NOTICE",
    }  # fmt: skip


def test_its_record_has_the_hash_of_every_file(made):
    with zipfile.ZipFile(io.BytesIO(made[1])) as archive:
        record = next(name for name in archive.namelist() if name.endswith("/RECORD"))
        listed = list(csv.reader(archive.read(record).decode().splitlines()))
        assert sorted(name for name, _, _ in listed) == archive.namelist()
        for name, told, _ in listed:
            digest = base64.urlsafe_b64encode(hashlib.sha256(archive.read(name)).digest())
            assert told == ("" if name == record else f"sha256={digest.decode().rstrip('=')}")


@pytest.mark.slow
def test_pip_installs_it_without_a_network_and_the_command_starts(made, tmp_path):
    (tmp_path / made[0]).write_bytes(made[1])
    place = tmp_path / "place"
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--target", place, tmp_path / made[0]],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    program = "import autograder, sys; from autograder.__main__ import main; print(autograder.__file__); main()"
    shown = subprocess.run(
        [sys.executable, "-c", program, "--version"], cwd=place, capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    assert (
        shown.stdout
        == f"{place / 'autograder' / '__init__.py'}\nautograder {autograder.__version__}\n"
    )


def test_without_an_installed_package_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(importlib.metadata, "distributions", lambda **_: iter(()))
    with pytest.raises(CourseError, match="pip install --editable"):
        wheel.make_wheel()
