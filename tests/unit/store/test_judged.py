"""Whose grades rest on which files."""

from dataclasses import replace

import pytest

from autograder.records import Status
from autograder.store import Store
from autograder.store.judged import graded_students, last_judged, remember_files


@pytest.fixture
def store(tmp_path, run):
    with Store.open(tmp_path / "store.db") as opened:
        opened.begin_run(run)
        opened.begin_run(
            replace(run, run_id="run-2", assignment_sha256="d" * 64, started_at="2026-02")
        )
        opened.begin_run(replace(run, run_id="run-3", assignment_version="2.0"))
        yield opened


def test_what_judged_last_is_that_of_the_latest_kept_grade_of_the_version(store, grade):
    remember_files(store, "d" * 64, "{}")
    assert last_judged(store, "chain_rule", "1.0") is None
    store.save("run-1", "1", grade)
    before = last_judged(store, "chain_rule", "1.0")
    assert (before.assignment_sha256, before.files_json) == ("a" * 64, None)
    store.save("run-2", "2", replace(grade, student="bob"))
    store.save("run-3", "3", replace(grade, student="cy"))
    found = last_judged(store, "chain_rule", "1.0")
    assert (found.assignment_sha256, found.started_at, found.files_json) == (
        "d" * 64,
        "2026-02",
        "{}",
    )
    assert graded_students(store, "chain_rule", "1.0") == ("ada", "bob")
    assert graded_students(store, "chain_rule", "2.0") == ("cy",)
    assert last_judged(store, "mnist_mlp", "1.0") is None


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.WITHHELD, "score": None},
        {"status": Status.UNGRADABLE, "score": None},
        {"official": False},
    ],
)
def test_what_nobody_can_have_got_as_a_grade_binds_nothing(store, grade, change):
    store.save("run-1", "1", replace(grade, **change))
    assert last_judged(store, "chain_rule", "1.0") is None
    assert graded_students(store, "chain_rule", "1.0") == ()


def test_files_are_remembered_once(store, grade):
    store.save("run-1", "1", grade)
    for text in ("{}", "[]"):
        remember_files(store, "a" * 64, text)
    assert last_judged(store, "chain_rule", "1.0").files_json == "{}"
