"""grades.json is what docs/grades.schema.json says, whatever the submissions hold."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import CourseError
from autograder.records import (
    SCHEMA_VERSION,
    Isolation,
    IsolationRecord,
    Outcome,
    ProbeResult,
    RunRecord,
    Status,
)
from autograder.reporting.grades_json import write_json

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[3] / "docs" / "grades.schema.json").read_text("utf-8")
)
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.fixture(scope="session")
def run():
    probes = (ProbeResult("open_network", True, "EPERM", "ENETDOWN"),)
    isolation = IsolationRecord(Isolation.LANDLOCK, Isolation.NAMESPACES, "landlock 6", probes)
    return RunRecord(
        run_id="run-1",
        started_at="2026-01-02T03:04:05Z",
        assignment="chain_rule",
        assignment_version="1.0",
        assignment_sha256="a" * 64,
        settings_sha256="b" * 64,
        device="cpu",
        official=False,
        isolation=isolation,
        versions=(("python", "3.11.7"), ("torch", "2.13.0")),
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "grades.json"


def valid(path):
    content = json.loads(path.read_text("ascii"))
    jsonschema.Draft202012Validator(SCHEMA).validate(content)
    return content


def test_the_schema_is_one_and_knows_every_word():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION
    kinds = SCHEMA["$defs"]
    assert kinds["grade"]["properties"]["status"]["enum"] == [word.value for word in Status]
    assert kinds["task"]["properties"]["outcome"]["enum"] == [word.value for word in Outcome]
    assert kinds["isolation"]["properties"]["level"]["enum"] == [word.value for word in Isolation]


def test_what_is_written_is_what_the_schema_names_no_more_and_no_less(path, run, grade):
    write_json(path, run, [grade])
    content = valid(path)
    parts = {
        "run": content["run"],
        "isolation": content["run"]["isolation"],
        "probe": content["run"]["isolation"]["canary"][0],
        "grade": content["grades"][0],
        "task": content["grades"][0]["tasks"][0],
    }
    for name, part in parts.items():
        assert set(part) == set(SCHEMA["$defs"][name]["properties"]), name
        assert set(part) == set(SCHEMA["$defs"][name]["required"]), name


def test_the_run_explains_the_grades(path, run, grade):
    write_json(path, run, [grade])
    content = valid(path)
    assert content["schema_version"] == SCHEMA_VERSION
    assert content["run"]["versions"] == {"python": "3.11.7", "torch": "2.13.0"}
    assert content["run"]["official"] is False
    assert content["run"]["isolation"] == {
        "level": "landlock",
        "required": "namespaces",
        "engine": "landlock 6",
        "open_devices": [],
        "canary": [
            {"name": "open_network", "blocked": True, "detail": "EPERM", "unproven": "ENETDOWN"}
        ],
    }


def test_a_grade_stands_there_in_full(path, run, grade):
    write_json(path, run, [grade])
    (written,) = valid(path)["grades"]
    assert (written["student"], written["score"], written["max_score"]) == ("ada", 2.5, 6.0)
    assert (written["status"], written["official"]) == ("graded", True)
    assert written["tasks"][0] == {
        "id": "1.1",
        "title": "Product",
        "points": 0.5,
        "max_points": 3.0,
        "outcome": "partial",
        "message": grade.tasks[0].message,
        "staff_message": "staff only: got 4.0",
        "time_s": 0.2,
        "student_time_s": 0.1,
    }
    assert written["notes"] == list(grade.notes)
    assert written["advice"] == list(grade.advice)


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.UNGRADABLE])
def test_a_grade_without_score_is_null_throughout(path, run, grade, status):
    write_json(path, run, [replace(grade, status=status, score=0.0)])
    (written,) = valid(path)["grades"]
    assert written["score"] is None
    assert {task["points"] for task in written["tasks"]} == {None}


def test_the_schema_refuses_a_score_for_a_withheld_grade(path, run, grade):
    write_json(path, run, [replace(grade, status=Status.WITHHELD)])
    content = valid(path)
    content["grades"][0]["score"] = 0
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(content)


def test_unmatched_students_come_last(path, run, grade):
    write_json(path, run, [replace(grade, student="x", matched=False), grade])
    assert [each["matched"] for each in valid(path)["grades"]] == [True, False]


def test_identifiers_are_exact_and_messages_are_clean(path, run, grade):
    task = replace(grade.tasks[0], staff_message="\x1b[31mred\u202e", message="<script>\x07")
    write_json(path, run, [replace(grade, student="\u202eada\x1b[1m", tasks=(task,))])
    (written,) = valid(path)["grades"]
    assert written["student"] == "\u202eada\x1b[1m"
    assert written["tasks"][0]["staff_message"] == "red"
    assert written["tasks"][0]["message"] == "<script>"


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
@given(ANY_TEXT, ANY_TEXT)
def test_any_text_gives_valid_ascii_json(path, run, grade, name, message):
    task = replace(grade.tasks[0], title=message, message=message, staff_message=message)
    weird = replace(grade, student=name, source=name, notes=(message,), tasks=(task,))
    write_json(path, run, [weird])
    (written,) = valid(path)["grades"]
    written["student"].encode("utf-8")


def test_a_file_that_cannot_be_written_is_named(tmp_path, run, grade):
    with pytest.raises(CourseError, match=r"cannot be written.*Name a folder"):
        write_json(tmp_path, run, [grade])


def test_a_pending_grade_is_null_and_the_schema_refuses_a_score_for_it(path, run, grade):
    tasks = (*grade.tasks[:2], replace(grade.tasks[2], points=None, outcome=Outcome.PENDING))
    pending = replace(grade, status=Status.PENDING, score=2.5, tasks=tasks)
    write_json(path, run, [pending])
    content = valid(path)
    (written,) = content["grades"]
    assert written["score"] is None
    assert [task["points"] for task in written["tasks"]] == [0.5, 2.0, None]
    written["score"] = 2.5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(content)
