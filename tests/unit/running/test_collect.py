"""Who handed in what, read as bytes: the rule of identity, and names and files that mean harm."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import CourseError
from autograder.running.collect import collect, collect_one
from autograder.settings.roster import Roster, Student

LIMIT_MB = 1


def write(path: Path, content: bytes = b"x = 1\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(submissions):
    return [submission.student for submission in submissions]


def only(folder, roster=None):
    (submission,) = collect(folder, roster, LIMIT_MB)
    return submission


def contents(submission):
    return {file.name: file.content for file in submission.files}


# Identity


def test_an_entry_belongs_to_the_student_of_its_name_without_its_ending(tmp_path):
    write(tmp_path / "ada.py")
    write(tmp_path / "bob.IPYNB")
    write(tmp_path / "cy.zip")
    write(tmp_path / "di" / "hw.py")
    write(tmp_path / "eve.lovelace.py")
    assert names(collect(tmp_path, None, LIMIT_MB)) == ["ada", "bob", "cy", "di", "eve.lovelace"]


def test_a_folder_keeps_its_whole_name(tmp_path):
    write(tmp_path / "ada.py" / "hw.py")
    assert names(collect(tmp_path, None, LIMIT_MB)) == ["ada.py"]


def test_any_other_ending_is_part_of_the_name(tmp_path):
    write(tmp_path / "ada.txt")
    write(tmp_path / "ada.py.bak")
    assert names(collect(tmp_path, None, LIMIT_MB)) == ["ada.py.bak", "ada.txt"]


def test_a_script_and_a_notebook_of_one_name_are_one_submission(tmp_path):
    write(tmp_path / "ada.py", b"script")
    write(tmp_path / "ada.ipynb", b"notebook")
    submission = only(tmp_path)
    assert submission.student == "ada"
    assert contents(submission) == {"ada.ipynb": b"notebook", "ada.py": b"script"}


def test_a_folder_beside_a_script_of_the_same_name_loses_no_file(tmp_path):
    write(tmp_path / "ada" / "ada.py", b"inside")
    write(tmp_path / "ada.py", b"outside")
    assert contents(only(tmp_path)) == {"ada.py": b"outside", "ada/ada.py": b"inside"}


def test_a_folders_files_are_named_from_the_folder(tmp_path):
    write(tmp_path / "ada" / "hw.py", b"1")
    write(tmp_path / "ada" / "data" / "points.csv", b"2")
    assert contents(only(tmp_path)) == {"data/points.csv": b"2", "hw.py": b"1"}


def test_a_single_file_may_be_named_instead_of_a_folder(tmp_path):
    submission = only(write(tmp_path / "ada.py"))
    assert (submission.student, submission.source) == ("ada", "ada")
    assert list(contents(submission)) == ["ada.py"]


def test_students_and_files_come_in_the_order_of_their_names(tmp_path):
    for name in ("b.py", "a.py", "B.py", "c/z.py", "c/a/y.py", "c/b.py"):
        write(tmp_path / name)
    submissions = collect(tmp_path, None, LIMIT_MB)
    assert names(submissions) == ["B", "a", "b", "c"]
    assert list(contents(submissions[-1])) == ["a/y.py", "b.py", "z.py"]


def test_hidden_entries_and_leavings_of_systems_are_not_students(tmp_path):
    write(tmp_path / ".DS_Store")
    write(tmp_path / "__MACOSX" / "ada.py")
    write(tmp_path / ".git" / "config")
    write(tmp_path / "ada" / "hw.py")
    write(tmp_path / "ada" / ".ipynb_checkpoints" / "hw-checkpoint.ipynb")
    write(tmp_path / "ada" / "__pycache__" / "hw.pyc")
    write(tmp_path / "ada" / ".git" / "objects" / "00")
    submission = only(tmp_path)
    assert submission.student == "ada"
    assert list(contents(submission)) == ["hw.py"]


# The roster


def roster(*ids):
    return Roster(tuple(Student(name) for name in ids))


def test_a_name_in_the_roster_is_matched_and_another_is_held_apart(tmp_path):
    write(tmp_path / "ada.py")
    write(tmp_path / "adda.py")
    write(tmp_path / "ADA2.py")
    found = collect(tmp_path, roster("ada", "ada2", "grace"), LIMIT_MB)
    assert [(s.student, s.matched) for s in found] == [
        ("ADA2", False),
        ("ada", True),
        ("adda", False),
    ]
    assert all(submission.files for submission in found)


def test_without_a_roster_everybody_is_matched(tmp_path):
    write(tmp_path / "anybody.py")
    assert only(tmp_path).matched


def test_the_rosters_spelling_of_an_accent_is_the_students_id(tmp_path):
    write(tmp_path / "rene\u0301.py")
    submission = only(tmp_path, roster("ren\u00e9"))
    assert (submission.student, submission.matched) == ("ren\u00e9", True)
    assert submission.source == "rene\u0301"


# Names are data


@pytest.mark.parametrize(
    "name",
    ["x..", "a\\..\\x", "=cmd()|'A0'!B1", "<script>alert(1)<", "-rf", "a b", "CON", "%00", "*?"],
)
def test_a_name_is_taken_as_it_stands(tmp_path, name):
    write(tmp_path / f"_{name}.py")
    write(tmp_path / f"{name}.py")
    assert sorted(names(collect(tmp_path, None, LIMIT_MB))) == sorted([f"_{name}", name])


def test_names_that_differ_in_case_are_two_students(tmp_path):
    write(tmp_path / "ada.py", b"1")
    write(tmp_path / "Ada.py", b"2")
    assert names(collect(tmp_path, None, LIMIT_MB)) == ["Ada", "ada"]


def test_a_name_of_an_ending_alone_is_hidden_or_its_own_id(tmp_path):
    write(tmp_path / ".py")
    write(tmp_path / "x.zip" / "hw.py")
    assert names(collect(tmp_path, None, LIMIT_MB)) == ["x.zip"]


def test_bytes_that_are_no_utf8_become_text_that_every_report_can_write(tmp_path):
    write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/J\xf6rg.py")))
    write(Path(os.fsdecode(os.fsencode(tmp_path) + b"/folder/J\xf6rg.py")))
    folder, loose = sorted(collect(tmp_path, None, LIMIT_MB), key=lambda s: s.student, reverse=True)
    assert loose.student == "J%F6rg"
    assert list(contents(loose)) == list(contents(folder)) == ["J%F6rg.py"]
    assert loose.student.encode() == loose.source.encode()


def test_a_link_of_a_name_that_is_no_utf8_is_refused_like_any_other(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.py")).symlink_to("/etc/passwd")
    assert only(tmp_path).refused.encode().startswith(b"%FF.py is a link")


@settings(max_examples=40, deadline=None)
@given(st.sets(st.text("aA.é=<;\u202e\n", min_size=1, max_size=8), min_size=1, max_size=6))
def test_no_two_students_become_one_whatever_their_names(tmp_path_factory, stems):
    folder = tmp_path_factory.mktemp("names")
    stems = {stem for stem in stems if not stem.startswith(".")} or {"a"}
    for stem in stems:
        write(folder / f"{stem}.py", stem.encode())
    found = collect(folder, None, LIMIT_MB)
    assert {s.student: s.files[0].content.decode() for s in found} == {stem: stem for stem in stems}


# Files that mean harm


def test_a_link_is_refused_and_the_others_are_not(tmp_path):
    secret = write(tmp_path / "secret.txt", b"hidden tests")
    work = tmp_path / "work"
    write(work / "ada.py")
    (work / "bob.py").symlink_to(secret)
    write(work / "cy" / "hw.py")
    (work / "cy" / "tests").symlink_to(tmp_path)
    (work / "di.py").symlink_to("/nowhere")
    ada, *linked = collect(work, None, LIMIT_MB)
    assert not ada.refused
    assert [s.refused.split(";")[0] for s in linked] == [
        "bob.py is a link", "tests is a link", "di.py is a link",
    ]  # fmt: skip
    assert all(s.files == () for s in linked)


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path):
    os.mkfifo(tmp_path / "ada.py")
    submission = only(tmp_path)
    assert submission.files == ()
    assert submission.refused.startswith("ada.py is neither a file nor a folder")


def test_a_socket_within_a_folder_is_refused(tmp_path, monkeypatch):
    write(tmp_path / "ada" / "hw.py")
    monkeypatch.chdir(tmp_path / "ada")  # a socket's path may be 107 characters long at most
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        assert only(tmp_path).refused.startswith("s is neither a file nor a folder")


def test_a_file_that_becomes_a_link_after_it_was_looked_at_is_not_followed(tmp_path, monkeypatch):
    secret = write(tmp_path / "secret.txt", b"hidden tests")
    work = tmp_path / "work"
    write(work / "ada.py")
    real_open = os.open

    def swapped(path, flags, *rest):
        if Path(path).name == "ada.py":
            Path(path).unlink()
            Path(path).symlink_to(secret)
        return real_open(path, flags, *rest)

    monkeypatch.setattr(os, "open", swapped)
    submission = only(work)
    assert submission.files == ()
    assert submission.refused.startswith("It could not be read")


def test_what_is_larger_than_the_course_takes_is_refused_before_it_is_read(tmp_path):
    exact = write(tmp_path / "exact.py", bytes(1 << 20))
    with (tmp_path / "huge.py").open("wb") as file:
        file.truncate(1 << 40)  # a hole: nobody has the memory to read it
    small, large = collect(tmp_path, None, LIMIT_MB)
    assert len(small.files[0].content) == exact.stat().st_size
    assert large.files == ()
    assert large.refused.startswith("It is larger than this course takes")


def test_the_limit_is_for_all_files_of_a_submission_together(tmp_path):
    for number in range(5):
        write(tmp_path / "ada" / f"{number}.bin", bytes(250_000))
    assert only(tmp_path).refused.startswith("It is larger than this course takes")


def test_too_many_files_are_refused(tmp_path):
    for number in range(501):
        write(tmp_path / "ada" / f"{number}.txt", b"")
    assert only(tmp_path).refused == "It holds more than 500 files."
    (tmp_path / "ada" / "0.txt").unlink()
    assert len(only(tmp_path).files) == 500


def test_folders_that_are_too_deep_are_refused(tmp_path):
    write(tmp_path / "ada" / "/".join("abcdefghijklm") / "hw.py")
    assert only(tmp_path).refused == "Its folders are more than 8 deep."


def test_what_cannot_be_read_is_refused_and_the_others_are_not(tmp_path, monkeypatch):
    write(tmp_path / "ada.py")
    write(tmp_path / "bob.py")
    real_open = os.open

    def failing(path, *rest):
        if Path(path).name == "ada.py":
            raise PermissionError(13, "Permission denied", str(path))
        return real_open(path, *rest)

    monkeypatch.setattr(os, "open", failing)
    ada, bob = collect(tmp_path, None, LIMIT_MB)
    assert ada.refused == "It could not be read: Permission denied."
    assert bob.files[0].content == b"x = 1\n"


# Hashes


def test_the_hash_is_of_names_and_contents_and_nothing_else(tmp_path):
    write(tmp_path / "a" / "ada" / "hw.py", b"1")
    write(tmp_path / "b" / "bob" / "hw.py", b"1")
    write(tmp_path / "c" / "ada" / "other.py", b"1")
    write(tmp_path / "d" / "ada" / "hw.py", b"2")
    same, again, renamed, changed = (only(tmp_path / name).sha256 for name in "abcd")
    assert same == again
    assert len({same, renamed, changed}) == 3


def test_a_boundary_between_files_cannot_be_moved(tmp_path):
    write(tmp_path / "a" / "ada" / "x", b"ab")
    write(tmp_path / "a" / "ada" / "y", b"c")
    write(tmp_path / "b" / "ada" / "x", b"a")
    write(tmp_path / "b" / "ada" / "y", b"bc")
    assert only(tmp_path / "a").sha256 != only(tmp_path / "b").sha256


# A folder that is none


def test_a_missing_folder_is_said_so(tmp_path):
    with pytest.raises(CourseError, match="nowhere: there is no such file or folder"):
        collect(tmp_path / "nowhere", None, LIMIT_MB)


def test_an_empty_folder_is_said_so(tmp_path):
    write(tmp_path / ".gitkeep")
    with pytest.raises(CourseError, match="it is empty; expected one file or folder per student"):
        collect(tmp_path, None, LIMIT_MB)


def test_an_empty_folder_of_a_student_is_a_submission_without_files(tmp_path):
    (tmp_path / "ada").mkdir()
    submission = only(tmp_path)
    assert (submission.student, submission.files, submission.refused) == ("ada", (), "")


def test_a_folder_is_one_submission_of_whom_the_caller_names(tmp_path):
    folder = tmp_path / "submission"
    (folder / "model").mkdir(parents=True)
    (folder / "eve.py").write_text("x = 1")
    (folder / "model" / "layers.py").write_text("y = 2")
    found = collect_one(folder, "ada@example.edu", 1)
    assert found.student == "ada@example.edu"
    assert [file.name for file in found.files] == ["eve.py", "model/layers.py"]
    (folder / "link.py").symlink_to("/etc/passwd")
    assert "is a link" in collect_one(folder, "ada@example.edu", 1).refused
