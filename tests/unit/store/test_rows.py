"""Rows hold what the records held, and any text can be stored."""

import dataclasses
import json

from hypothesis import given
from hypothesis import strategies as st

from autograder.store.rows import attempt_row, grade_from, outcome_row, run_from, run_row, storable

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_storable_text_is_always_utf_8(text):
    assert storable(text).encode("utf-8").decode("utf-8") == storable(text)


@given(st.text())
def test_text_without_lone_surrogates_is_stored_as_it_is(text):
    assert storable(text) == text


def test_a_lone_surrogate_is_spelled_out_so_that_two_names_stay_two():
    assert storable("a\udcff") == r"a\udcff"
    assert storable("a\udcfe") != storable("a\udcff")


@given(note=ANY_TEXT)
def test_notes_in_json_are_storable_and_come_back(note, grade):
    row = attempt_row("run-1", "key", dataclasses.replace(grade, notes=(note,)))
    row.notes_json.encode("utf-8")
    back = grade_from(row, [outcome_row(n, task) for n, task in enumerate(grade.tasks)])
    assert back.tasks == grade.tasks
    if storable(note) == note:
        assert back.notes == (note,)


def test_a_run_keeps_its_probes_and_versions_as_json(run):
    row = run_row(run)
    assert json.loads(row.versions_json) == [["python", "3.11.7"], ["torch", "2.13.0"]]
    assert json.loads(row.probes_json)[0] == {
        "name": "open_network",
        "blocked": True,
        "detail": "EPERM",
        "unproven": "",
    }


def test_a_run_of_old_has_proven_nothing(run):
    old = '[{"name": "open_network", "blocked": true, "detail": "EPERM"}]'
    back = run_from(run_row(run)._replace(probes_json=old))
    assert [(probe.blocked, probe.unproven) for probe in back.isolation.probes] == [
        (True, "not tried")
    ]
