"""`autograder init` and `autograder new`: what they make, and what they refuse to touch."""

import pytest

from autograder.cli.init import init_command
from autograder.cli.new import new_command
from autograder.errors import CourseError
from autograder.settings.course import load_course

ASSIGNMENT = {
    "assignments/ridge/CHANGELOG.md",
    "assignments/ridge/README.md", "assignments/ridge/assignment.yml", "assignments/ridge/checks.py",
    "assignments/ridge/ridge.py", "reference/ridge.py", "tests/hidden/ridge/misconceptions.py",
    "tests/hidden/ridge/right/R01.py", "tests/hidden/ridge/test_ridge.py",
    "tests/hidden/ridge/wrong/W01.py", "tests/hidden/ridge/wrong/W02.py",
}  # fmt: skip


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_course_is_made_where_nothing_is_and_is_named_after_its_folder(tmp_path, capsys):
    assert init_command(tmp_path / "deep_learning", None) == 0
    assert load_course(tmp_path / "deep_learning").course == "Deep learning"
    assert [path.name for path in tmp_path.iterdir()] == ["deep_learning"]
    printed = capsys.readouterr().out
    assert all(f"  {name}\n" in printed for name in files(tmp_path / "deep_learning"))


def test_a_course_is_made_in_an_empty_folder_or_a_new_repository(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert init_command(tmp_path.relative_to(tmp_path), "Mine: 1") == 0
    assert load_course(tmp_path).course == "Mine: 1"
    assert not list(tmp_path.glob(".*.new"))


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ({"notes.txt": "mine"}, "it is not empty: it holds notes.txt. Nothing was written"),
        ({"grading.yml": "course: c"}, "it is a course already"),
        (dict.fromkeys("abcde", ""), "it holds a, b, c and 2 more"),
    ],
)
def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path, there, words):
    for name, text in there.items():
        (tmp_path / name).write_text(text)
    before = files(tmp_path)
    with pytest.raises(CourseError) as caught:
        init_command(tmp_path, None)
    assert words in str(caught.value)
    assert files(tmp_path) == before


def test_a_file_or_a_missing_parent_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="it is no folder"):
        init_command(tmp_path / "file", None)
    with pytest.raises(CourseError, match=r"there is no folder .*Make it first"):
        init_command(tmp_path / "no" / "course", None)


def test_a_new_assignment_touches_its_three_places_and_nothing_else(tmp_path, capsys):
    course = tmp_path / "course"
    init_command(course, None)
    before = files(course)
    assert new_command("ridge", None, course) == 0
    after = files(course)
    assert set(after) - set(before) == ASSIGNMENT
    assert {name: after[name] for name in before} == before
    assert "autograder verify ridge" in capsys.readouterr().out


@pytest.mark.parametrize("there", ["assignments/ridge", "reference/ridge.py", "tests/hidden/ridge"])
def test_an_assignment_of_which_a_part_is_there_is_not_touched(tmp_path, there):
    (tmp_path / "grading.yml").write_text("course: c\n")
    (tmp_path / there).parent.mkdir(parents=True)
    (tmp_path / there).write_text("mine")
    before = files(tmp_path)
    with pytest.raises(CourseError, match=f"there already: {there}"):
        new_command("ridge", None, tmp_path)
    assert files(tmp_path) == before


def test_outside_of_a_course_there_is_no_new_assignment(tmp_path):
    with pytest.raises(CourseError, match=r"No grading\.yml"):
        new_command("ridge", None, tmp_path)
