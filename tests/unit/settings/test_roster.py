"""Rosters as spreadsheets write them, and names that match exactly or not at all."""

from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.settings.roster import Roster, Student, load_roster


def load(folder: Path, content: str | bytes) -> Roster:
    path = folder / "roster.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load_roster(path)


def refusal(folder: Path, content: str | bytes) -> str:
    with pytest.raises(CourseError) as caught:
        load(folder, content)
    return str(caught.value).replace(f"{folder / 'roster.csv'}:", "")


def test_known_columns_get_their_place_and_others_are_kept(tmp_path: Path) -> None:
    content = (
        "\ufeffStudent, Name ,canvas_id,group\r\n"
        'ada,"Lovelace, Ada",17,g1\r\n'
        ",,,\r\n\r\n"
        "alan,=cmd(),18\r\n"
    )
    assert load(tmp_path, content).students == (
        Student("ada", "Lovelace, Ada", group="g1", further=(("canvas_id", "17"),)),
        Student("alan", "=cmd()", further=(("canvas_id", "18"),)),
    )


def test_the_student_column_alone_is_enough(tmp_path: Path) -> None:
    assert load(tmp_path, "student\nada\n").students == (Student("ada"),)
    assert load(tmp_path, "student\n").students == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "1: empty"),
        ("\n\n", "1: empty"),
        ("id,name\n1,a\n", "1: no column `student`; found id, name. Name the column of ids so."),
        ("studnet,name\n", 'Should "studnet" be `student`?'),
        ("student;name\na;b\n", "commas between the columns, not semicolons"),
        ("student,name,name\n", "1: column name is there twice"),
        ("student,name\nada,a\n\nada,b\n", '4: student "ada" is there twice, first on line 2'),
        ("student,name\n,a\n", "2: no student id"),
        ("student\nada,x\n", "2: 2 values for 1 columns"),
        ('student\n"ada\n', "not valid CSV"),
        (b"student\n\xff\n", "2: not UTF-8 text"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, content: str | bytes, words: str) -> None:
    assert words in refusal(tmp_path, content)


def test_all_mistakes_of_a_roster_come_at_once(tmp_path: Path) -> None:
    assert refusal(tmp_path, "student,name\n,x\na,b,c\nd\nd\n").splitlines() == [
        "2: no student id",
        "3: 3 values for 2 columns",
        '5: student "d" is there twice, first on line 4',
    ]


def test_a_missing_roster_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="cannot be read"):
        load_roster(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("ada", "ada"),
        ("ada.py", "ada"),
        ("ada.ipynb", "ada"),
        ("ada.ZIP", "ada"),
        ("ada.l", "ada.l"),
        ("ada.l.py", "ada.l"),
        ("x.py", "x.py"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("Ada", None),
        ("ada_late", None),
        ("ada-1", None),
        ("ada (1).py", None),
        ("ada.m", None),
        ("ada.txt", None),
        ("ada.py.py", None),
        (" ada", None),
        ("../ada", None),
        (".py", None),
        ("", None),
    ],
)
def test_a_name_matches_an_id_exactly_or_nobody(name: str, student: str | None) -> None:
    ids = ("ada", "ada.l", "x.py", "x", "Zo\u00eb")
    assert Roster(tuple(map(Student, ids))).match(name) == student


def test_ids_that_differ_in_case_are_two_students() -> None:
    roster = Roster((Student("Ada"), Student("ada")))
    assert (roster.match("Ada.py"), roster.match("ada.py")) == ("Ada", "ada")
