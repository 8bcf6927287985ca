"""YAML read plainly, and every mistake with its line."""

from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field

from autograder.errors import CourseError
from autograder.settings.course import Settings
from autograder.settings.documents import did_you_mean, read_document, read_text


class Inner(Settings):
    time_s: float = 1.0
    names: list[str] = Field(default_factory=list)


class Outer(Settings):
    title: str
    inner: Inner = Inner()
    by_name: dict[str, Inner] = Field(default_factory=dict)
    level: int | Literal["auto"] = "auto"
    switch: bool = False


def read(folder: Path, text: str | bytes) -> Outer:
    path = folder / "grading.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_document(path, Outer)


def errors(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(CourseError) as caught:
        read(folder, text)
    prefix = f"{folder / 'grading.yml'}:"
    lines = str(caught.value).splitlines()
    assert all(line.startswith(prefix) for line in lines)
    return [line.removeprefix(prefix) for line in lines]


def test_a_document_becomes_its_model(tmp_path: Path) -> None:
    text = 'title: x\ninner: {time_s: 3, names: [a, "1"]}\nby_name:\n  "2.1": {}\nswitch: yes\n'
    found = read(tmp_path, text)
    assert found == Outer(
        title="x", inner=Inner(time_s=3.0, names=["a", "1"]), by_name={"2.1": Inner()}, switch=True
    )


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbftitle: x\r\nlevel: 3\r\n").level == 3


def test_all_mistakes_of_a_file_come_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = (
        "inner:\n  time_sec: 3\n  time_s: soon\nlevel: many\nby_name:\n"
        "  a: {tims_s: 1}\n  b: 3\nswitch: 1\nlevle: 2\nby_name: {}\n"
    )
    assert errors(tmp_path, text) == [
        '1: key "title" is missing',
        '2: unknown key "time_sec". Did you mean "time_s"?',
        "3: \"inner.time_s\": expected a number, got 'soon'",
        "4: \"level\": expected a whole number or 'auto', got 'many'",
        '6: unknown key "tims_s". Did you mean "time_s"?',
        '7: "by_name.b": expected a group of keys (time_s, names), got 3',
        '8: "switch": expected yes or no, got 1',
        '9: unknown key "levle". Did you mean "level"?',
        '10: key "by_name" is there twice, first on line 5',
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "1: the file is empty; expected keys and values"),
        ("# to do\n", "1: the file is empty; expected keys and values"),
        ("- title\n", "1: expected keys and values"),
        ("title: x\ntitle: y\n", '2: key "title" is there twice, first on line 1'),
        ("title: 3\n", '1: "title": expected text (put it in quotes), got 3'),
        (
            "title: 2026-10-01\n",
            '1: 2026-10-01 is a date in YAML and not text; write "2026-10-01" in quotes',
        ),
        ("title:\n", '1: "title": expected text (put it in quotes), got nothing'),
        ("title: x\nby_name:\n  2.10: {}\n", '3: keys must be text; write "2.10" in quotes'),
        ("title: x\n? [a]\n: 3\n", "2: keys must be text"),
        ("title: [x\n", "2: not valid YAML"),
        ("title: x\n---\ntitle: y\n", "2: not valid YAML"),
        ('title: "\x07"\n', "1: not valid YAML"),
        ("title: x\nlevel: " + "9" * 5000, '2: "' + "9" * 40 + '" cannot be read'),
        (b"title: x\nlevel: \xff\n", "2: not UTF-8 text"),
        ("title: x\ninner: {names: [a, 3]}\n", '2: "inner.names.1": expected text'),
        (
            "title: x\ninner: [1]\n",
            '2: "inner": expected a group of keys (time_s, names), got a list',
        ),
        ("title: " + "[" * 20_000, "1: nested more than 16 deep"),
    ],
)
def test_each_mistake_is_told_with_its_line(tmp_path: Path, text: str | bytes, words: str) -> None:
    assert errors(tmp_path, text)[0].startswith(words)


def test_nothing_in_a_document_is_executed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    text = f'title: !!python/object/apply:pathlib.Path.touch ["{victim}"]\n'
    assert errors(tmp_path, text)
    assert not victim.exists()
    words = errors(tmp_path, f'title: !!python/name:os.system "{victim}"\n')[0]
    assert words == "1: tags (!!python/...) are not allowed here; write the value out"


def test_aliases_that_would_unfold_into_gigabytes_are_refused(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{after}: &{after} [{', '.join(['*' + before] * 9)}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert errors(tmp_path, bomb) == [
        "2: aliases (*name) are not allowed here; write the value out"
    ]


def test_a_missing_or_huge_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="cannot be read"):
        read_document(tmp_path / "none.yml", Outer)
    with pytest.raises(CourseError, match="cannot be read"):
        read_text(tmp_path, 10)
    (tmp_path / "big").write_bytes(b"x" * 2048)
    with pytest.raises(CourseError, match="larger than 1 KiB"):
        read_text(tmp_path / "big", 1024)


def test_only_a_near_name_is_suggested() -> None:
    assert did_you_mean("time_sec", ["memory_mb", "time_s"]) == ' Did you mean "time_s"?'
    assert did_you_mean("zzz", ["memory_mb", "time_s"]) == ""
    assert did_you_mean("x", []) == ""
