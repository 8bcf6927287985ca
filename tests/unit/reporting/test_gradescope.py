"""results.json: a score where there is one, no number where there is none, and staff's words for staff alone."""

import json
from dataclasses import replace

import pytest

from autograder.records import Isolation, IsolationRecord, Outcome, RunRecord, Status
from autograder.reporting.gradescope import STOPPED, graded, not_graded, staff_text

RUN = RunRecord(
    run_id="r",
    started_at="2026-11-27T00:00:00+00:00",
    assignment="chain_rule",
    assignment_version="1.0",
    assignment_sha256="a" * 64,
    settings_sha256="b" * 64,
    device="cpu",
    official=True,
    isolation=IsolationRecord(Isolation.LANDLOCK, Isolation.LANDLOCK, "Landlock ABI 7", ()),
    versions=(("autograder", "0.1.0"),),
)


def read(run, grade, remarks=()):
    return json.loads(graded(run, grade, staff_text(run, grade, remarks), 3.21))


def test_every_task_has_its_points_and_the_top_the_score(grade):
    results = read(RUN, grade)
    assert results["score"] == 2.5
    tasks = {test["number"]: test for test in results["tests"] if "number" in test}
    assert [(n, t["score"], t["max_score"], t["status"]) for n, t in tasks.items()] == [
        ("1.1", 0.5, 3.0, "failed"),
        ("1.2", 2.0, 2.0, "passed"),
        ("1.3", 0.0, 1.0, "failed"),
    ]
    assert "Is your loss a sum or a mean?" in tasks["1.1"]["output"]
    assert "Cell 3 failed in line 2" in results["output"]


def test_what_staff_reads_is_hidden_and_has_no_points(grade):
    *shown, staff = read(RUN, grade, ["memory_mb: 4096 in the course, 328 here"])["tests"]
    assert staff["visibility"] == "hidden"
    assert "score" not in staff
    for words in ("staff only: got 4.0", "autograd was used", "Landlock ABI 7", "328 here", "ada"):
        assert words in staff["output"]
        assert words not in json.dumps(shown)
    assert {test["visibility"] for test in shown} == {"visible"}


@pytest.mark.parametrize("status", [Status.WITHHELD, Status.UNGRADABLE])
def test_a_grade_without_a_score_has_no_number(grade, status):
    broken = replace(grade.tasks[0], points=None, outcome=Outcome.GRADER_ERROR)
    without = replace(grade, status=status, score=None, tasks=(broken, *grade.tasks[1:]))
    results = read(RUN, without)
    assert "score" not in results
    assert not any("score" in test or "max_score" in test for test in results["tests"])
    assert results["extra_data"]["status"] == status.value


def test_the_reason_of_no_grade_is_for_staff():
    results = json.loads(not_graded("the canary read /etc/shadow"))
    assert "canary" not in results["output"]
    assert [test["visibility"] for test in results["tests"]] == ["hidden"]
    assert json.loads(not_graded(words=STOPPED))["tests"] == []


def test_nothing_in_a_text_acts_on_who_reads_it(grade):
    nasty = replace(grade.tasks[0], message="\x1b[31mred\u202e", title="\x1b]0;t\x07title")
    text = graded(RUN, replace(grade, tasks=(nasty,)), "\x1b[2J", 1).decode()
    assert "\\u001b" not in text
    assert "\\u202e" not in text
