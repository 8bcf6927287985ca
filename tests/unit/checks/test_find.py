"""Which file of a folder is taken for the work, and what is said about it."""

import os
from pathlib import PurePosixPath, PureWindowsPath

import pytest

from autograder.checks.find import find_work, name_of
from autograder.errors import CourseError

NAMES = ("f", "g")
STUB = "def f():\n    raise NotImplementedError\n\ndef g():\n    raise NotImplementedError\n"
BEGUN = STUB.replace("raise NotImplementedError", "return 1", 1)
DONE = STUB.replace("raise NotImplementedError", "return 1")


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        """name=(text, seconds after the first)"""
        for name, (text, saved_s) in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            os.utime(path, (1_000_000 + saved_s, 1_000_000 + saved_s))
        return tmp_path

    write(**{"checks.py": ("TASKS = {}", 0)})
    return write


def notebook(source):
    import json

    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps(
        {"cells": [{**cell, "source": source}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    )


def found(folder, path=None):
    return find_work(path or folder, folder / "checks.py", NAMES)


def test_a_renamed_notebook_is_taken_and_the_stub_beside_it_is_not(folder):
    there = folder(**{"hw.py": (STUB, 0), "emre_final (1).ipynb": (notebook(BEGUN), -900)})
    work = found(there)
    assert list(work.files) == ["emre_final (1).ipynb"]
    assert work.note == (
        "Checking emre_final (1).ipynb. There is also hw.py; to check another one, "
        'type: autograder check "hw.py"'
    )


def test_of_two_begun_versions_the_one_saved_last_is_taken(folder):
    there = folder(**{"hw.ipynb": (notebook(DONE), 0), "hw (1).ipynb": (notebook(BEGUN), 60)})
    assert list(found(there).files) == ["hw (1).ipynb"]


def test_unpacked_in_one_moment_the_notebook_is_taken(folder):
    there = folder(**{"hw.py": (STUB, 3), "hw.ipynb": (notebook(STUB), 0)})
    assert list(found(there).files) == ["hw.ipynb"]


def test_files_that_share_no_entry_point_are_one_work_and_nothing_is_asked(folder):
    first, second = "def f():\n    return 1\n", "def g():\n    return 1\n"
    work = found(folder(**{"a.py": (first, 0), "b.py": (second, 90), "help.py": ("x = 1", 0)}))
    assert set(work.files) == {"a.py", "b.py", "help.py"}
    assert work.note == ""


def test_a_package_beside_the_work_can_be_imported_and_tests_of_a_release_cannot(folder):
    there = folder(
        **{"hw.py": (DONE, 0), "layers/relu.py": ("x = 1", 0), "tests/1.1.py": (STUB, 0)}
    )
    folder(**{".hidden/hw.py": (DONE, 0), "my-env/site.py": (DONE, 0)})
    assert set(found(there).files) == {"hw.py", "layers/relu.py"}


def test_a_named_file_is_taken_without_a_word_and_its_rivals_are_left_out(folder):
    there = folder(**{"hw.py": (STUB, 0), "b.py": (DONE, 90), "help.py": ("x = 1", 0)})
    work = found(there, there / "hw.py")
    assert (set(work.files), work.note) == ({"hw.py", "help.py"}, "")


def test_a_folder_without_code_is_said_so(folder):
    with pytest.raises(CourseError, match=r"no notebook and no \.py file"):
        found(folder())


@pytest.mark.parametrize(
    "path", [PureWindowsPath(r"C:\a\pkg\x.py"), PurePosixPath("C:/a/pkg/x.py")]
)
def test_names_have_slashes_on_every_system(path):
    assert name_of(path, path.parent.parent) == "pkg/x.py"
