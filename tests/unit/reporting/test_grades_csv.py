"""grades.csv reads back as written, and no cell can start a formula."""

import csv
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import CourseError
from autograder.records import Outcome, Status, TaskInfo
from autograder.reporting.grades_csv import write_csv


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out" / "grades.csv"


def test_the_columns_are_those_of_the_issue(path, grade, tasks):
    write_csv(path, [grade], tasks)
    (row,) = rows(path)
    assert list(row.items()) == [
        ("student", "ada"),
        ("assignment", "chain_rule"),
        ("score", "2.5"),
        ("max_score", "6"),
        ("status", "graded"),
        ("official", "true"),
        ("1.1", "0.5"),
        ("1.2", "2"),
        ("1.3", "0"),
    ]


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.UNGRADABLE])
def test_a_grade_without_score_has_empty_cells_and_never_a_zero(path, grade, tasks, status):
    write_csv(path, [replace(grade, status=status, score=0.0)], tasks)
    (row,) = rows(path)
    assert [row["score"], row["1.1"], row["1.2"], row["1.3"]] == ["", "", "", ""]
    assert row["status"] == status.value


def test_a_task_without_points_is_empty_and_a_real_zero_is_zero(path, grade, tasks):
    broken = replace(grade.tasks[0], points=None, outcome=Outcome.GRADER_ERROR)
    write_csv(path, [replace(grade, score=0.0, tasks=(broken, *grade.tasks[1:]))], tasks)
    (row,) = rows(path)
    assert (row["score"], row["1.1"], row["1.3"]) == ("0", "", "0")


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|'/c calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff201",
        " =1+1",
        "\u00a0=1+1",
        "'=1+1",
    ],
)
def test_a_name_that_could_start_a_formula_begins_with_an_apostrophe(path, grade, tasks, name):
    write_csv(path, [replace(grade, student=name)], tasks)
    assert rows(path)[0]["student"] == f"'{name}"


def test_a_name_with_a_control_at_its_start_shows_it(path, grade, tasks):
    write_csv(path, [replace(grade, student=f"{char}=1") for char in "\t\r\n\x00"], tasks)
    assert [row["student"] for row in rows(path)] == [
        r"'\u0009=1",
        r"'\u000d=1",
        r"'\u000a=1",
        r"\u0000=1",
    ]


def test_a_task_id_that_could_start_a_formula_is_a_text_too(path, grade):
    write_csv(path, [grade], [TaskInfo("=1.1", "", 1.0)])
    assert "'=1.1" in rows(path)[0]


def test_numbers_stay_numbers_and_texts_stand_in_quotes(path, grade, tasks):
    write_csv(path, [replace(grade, score=0.1 + 0.2, student="a;=cmd()")], tasks)
    assert path.read_text().splitlines()[1].startswith('"a;=cmd()","chain_rule",0.3,6,"graded"')


def test_ordinary_names_stay_as_they_are(path, grade, tasks):
    names = [
        "Ada Lovelace",
        "O'Neil, Zo\u00eb",
        'a "quoted" name',
        "Ada",
        "ada",
        "../x",
        "<b>x</b>",
    ]
    write_csv(path, [replace(grade, student=name) for name in names], tasks)
    assert [row["student"] for row in rows(path)] == names


def test_the_matched_column_stands_only_where_a_roster_was_used(path, grade, tasks):
    write_csv(path, [grade], tasks)
    assert "matched" not in rows(path)[0]
    write_csv(path, [grade], tasks, roster=True)
    assert list(rows(path)[0].items())[-1] == ("matched", "true")


def test_unmatched_students_come_last_with_their_status_unchanged(path, grade, tasks):
    stranger = replace(grade, student="aaron", matched=False)
    write_csv(path, [stranger, grade], tasks)
    first, last = rows(path)
    assert (first["student"], first["matched"]) == ("ada", "true")
    assert (last["student"], last["matched"], last["status"]) == ("aaron", "false", "graded")
    assert list(last)[-1] == "matched"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(names=st.lists(st.text(st.characters(exclude_categories=())), min_size=1, max_size=4))
def test_any_names_give_one_row_each_and_no_formula(path, grade, tasks, names):
    write_csv(path, [replace(grade, student=name) for name in names], tasks)
    found = [row["student"] for row in rows(path)]
    assert len(found) == len(names)
    assert not [name for name in found if name.lstrip()[:1] in set("=+-@\uff1d\uff0b\uff0d\uff20")]


def test_a_folder_that_cannot_be_written_is_named(tmp_path, grade, tasks):
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match=r"grades\.csv: cannot be written.*Name a folder"):
        write_csv(tmp_path / "file" / "grades.csv", [grade], tasks)


def test_a_pending_grade_has_no_score_but_the_points_that_stand(path, grade, tasks):
    tasks = (*grade.tasks[:2], replace(grade.tasks[2], points=None, outcome=Outcome.PENDING))
    pending = replace(grade, status=Status.PENDING, score=2.5, tasks=tasks)
    write_csv(path, [pending], tasks)
    (row,) = rows(path)
    assert (row["score"], row["status"]) == ("", "pending")
    assert [row["1.1"], row["1.2"], row["1.3"]] == ["0.5", "2", ""]
