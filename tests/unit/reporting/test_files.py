"""A file is there whole or not at all, and no name escapes or falls on another."""

import re
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import CourseError
from autograder.reporting import files
from autograder.reporting.files import feedback_name, write_atomically, write_feedback

HOSTILE_NAMES = (
    "",
    ".",
    "..",
    "../x",
    "../../etc/passwd",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "C:x",
    "a:stream",
    "nul\x00",
    "line\nbreak",
    "CON",
    "con",
    "com1.x",
    "lpt9",
    "Ada",
    "ADA",
    "ada.",
    "ada ",
    "-rf",
    ".hidden",
    "x" * 81,
    "x" * 300,
    "=cmd()",
    "<script>",
    "\u202egnp",
    "\ud800",
    "\udfff",
    "Zo\u00eb",
    "Zoe\u0308",
    "\u5b66\u751f",
)
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize("plain", ["ada", "s123456", "a.b_c-d", "x" * 80, "ada.py", "_x", "conrad"])
def test_a_plain_identifier_stays_as_it_is(plain):
    assert feedback_name(plain) == f"{plain}.txt"


def test_hostile_names_neither_escape_nor_collide_even_where_case_is_ignored(tmp_path):
    names = [feedback_name(name) for name in (*HOSTILE_NAMES, "ada", "x", "a", "b", "student")]
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        (tmp_path / name).write_text("x")
    assert len(list(tmp_path.iterdir())) == len(names)


@given(ANY_TEXT | st.sampled_from(HOSTILE_NAMES))
def test_a_name_is_one_safe_component_on_every_file_system(student):
    name = feedback_name(student)
    assert re.fullmatch(r"[a-z0-9_][a-z0-9._-]*\.txt", name)
    assert len(name) <= 84
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert not re.match(r"(con|prn|aux|nul|com\d|lpt\d)\.", name)


@given(ANY_TEXT, ANY_TEXT)
def test_two_students_have_two_names(one, other):
    if one != other:
        assert feedback_name(one).lower() != feedback_name(other).lower()


def test_a_name_chosen_to_look_like_anothers_file_does_not_get_it():
    chosen = feedback_name("Ada").removesuffix(".txt")
    assert feedback_name(chosen) not in {feedback_name("Ada"), f"{chosen}.txt"}


def test_each_student_gets_a_text(tmp_path, grade):
    students = ("ada", "../x", "Ada", "")
    paths = write_feedback(
        tmp_path / "feedback", [replace(grade, student=name) for name in students], "Title"
    )
    assert sorted((tmp_path / "feedback").iterdir()) == sorted(paths)
    assert [each.name for each in tmp_path.iterdir()] == ["feedback"]
    for name, path in zip(students, paths, strict=True):
        assert f"Student: {name}".rstrip() in path.read_text("utf-8").splitlines()


def test_two_grades_of_one_student_stand_in_one_file(tmp_path, grade):
    both = [grade, replace(grade, source="ada.ipynb")]
    (path,) = write_feedback(tmp_path, both, "Title")
    assert "Handed in: ada.py\n" in path.read_text("utf-8")
    assert "Handed in: ada.ipynb\n" in path.read_text("utf-8")


def test_names_made_to_collide_still_get_a_file_each(tmp_path, grade, monkeypatch):
    monkeypatch.setattr(files, "_SHORT_DIGEST", 0)  # as if someone had found a collision
    pair = [replace(grade, student=name) for name in ("A+b", "A-B")]
    first, second = write_feedback(tmp_path, pair, "Title")
    assert first != second
    assert "Student: A+b" in first.read_text("utf-8")
    assert "Student: A-B" in second.read_text("utf-8")


def test_a_file_is_replaced_whole_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "deep" / "file.txt"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "file.txt"
    write_atomically(path, b"old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(CourseError, match=r"file\.txt: cannot be written: No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_at_the_place_is_replaced_and_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    link = tmp_path / "link"
    link.symlink_to(victim)
    write_atomically(link, b"new")
    assert victim.read_bytes() == b"mine"
    assert link.read_bytes() == b"new"
    assert not link.is_symlink()


def test_a_folder_that_is_a_file_is_named_with_what_to_do(tmp_path, grade):
    (tmp_path / "out").touch()
    with pytest.raises(CourseError, match=r"cannot be written.*Name a folder for --out"):
        write_feedback(tmp_path / "out", [grade], "Title")
