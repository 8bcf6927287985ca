"""New files are there whole or not at all, and nothing that was there is touched."""

from pathlib import Path

import pytest

from autograder.authoring.placing import place_new
from autograder.errors import CourseError

TEXTS = {"a/b/one.py": "1\n", "a/b/c/two.py": "2\n", "d/three.py": "é\n"}
PARTS = ("a/b", "d/three.py")


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_parts_are_put_in_place_beside_what_is_there(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "other.txt").write_text("other")
    place_new(tmp_path, TEXTS, PARTS)
    files = {name: text for name, text in tree(tmp_path).items() if text is not None}
    assert files == {**TEXTS, "a/other.txt": "other"}


@pytest.mark.parametrize("there", ["a/b/one.py", "d/three.py", "d/Three.PY", "a/B/x"])
def test_nothing_is_written_where_a_part_is_there_already(tmp_path, there):
    (tmp_path / there).parent.mkdir(parents=True)
    (tmp_path / there).write_text("mine")
    before = tree(tmp_path)
    with pytest.raises(CourseError, match=r"there already: .*Nothing was written"):
        place_new(tmp_path, TEXTS, PARTS)
    assert tree(tmp_path) == before


def test_a_link_to_nowhere_is_there_too(tmp_path):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "three.py").symlink_to("nowhere")
    with pytest.raises(CourseError, match=r"there already: d/three\.py"):
        place_new(tmp_path, TEXTS, PARTS)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("after", range(2))
def test_a_failure_on_the_way_leaves_the_folder_as_it_was(tmp_path, monkeypatch, error, after):
    (tmp_path / "a").mkdir()
    before = tree(tmp_path)
    rename = Path.rename
    moved = []

    def failing(path, target):
        if len(moved) == after:
            moved.append(None)
            raise error
        moved.append(target)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)
    expected = CourseError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as caught:
        place_new(tmp_path, TEXTS, PARTS)
    assert len(moved) > after
    assert tree(tmp_path) == before
    if expected is CourseError:
        assert "No space left on device; it is as it was" in str(caught.value)


def test_a_file_where_a_folder_belongs_is_told(tmp_path):
    (tmp_path / "a").write_text("a file")
    with pytest.raises(CourseError, match="cannot be written"):
        place_new(tmp_path, TEXTS, PARTS)
    assert tree(tmp_path) == {"a": "a file"}
