"""Every setting with its value, the line that says so, and what it means."""

from dataclasses import astuple

import pytest

from autograder.settings.assignment import load_assignment_file
from autograder.settings.course import load_course_file
from autograder.settings.inventory import settings_in_force

COURSE = (
    "course: Deep learning\n\nisolation:\n  require: uid\nlimits: {call_time_s: 3, threads: 2}\n"
)
ASSIGNMENT = """\
title: Sums
version: "1.0"
tasks:
  "1.1":
    title: Twice
    entry_point: double
data: [mnist]
limits:
  call_time_s: 9
"""


@pytest.fixture
def course(tmp_path):
    (tmp_path / "grading.yml").write_text(COURSE)
    folder = tmp_path / "assignments" / "sums"
    folder.mkdir(parents=True)
    (folder / "assignment.yml").write_text(ASSIGNMENT)
    return tmp_path


def in_force(course, assignment=None):
    own = load_assignment_file(course, assignment) if assignment else None
    return {one.key: one for one in settings_in_force(load_course_file(course), own)}


def test_a_value_comes_with_the_line_that_says_so_and_its_meaning(course):
    found = in_force(course)
    meaning = "Wall time of one call of an entry point, seconds."
    assert astuple(found["limits.call_time_s"]) == (
        "limits.call_time_s", "3.0", "grading.yml:5", meaning,
    )  # fmt: skip
    assert (found["isolation.require"].value, found["isolation.require"].source) == (
        "uid",
        "grading.yml:4",
    )
    assert (found["limits.memory_mb"].value, found["limits.memory_mb"].source) == (
        "4096",
        "default",
    )


def test_an_assignment_stands_in_for_the_course_only_where_it_says_so(course):
    found = in_force(course, "sums")
    limits = {
        key: (one.value, one.source) for key, one in found.items() if key.startswith("limits.")
    }
    assert limits["limits.call_time_s"] == ("9.0", "assignment.yml:9")
    assert limits["limits.threads"] == ("2", "grading.yml:5")
    assert limits["limits.processes"] == ("64", "default")
    assert found["tasks.1.1.entry_point"].source == "assignment.yml:6"
    assert (found["tasks.1.1.by_hand"].value, found["tasks.1.1.by_hand"].source) == (
        "false",
        "default",
    )
    assert (found["data"].value, found["review_code_kb"].value) == ("[mnist]", "")


def test_every_key_is_there_once_with_a_meaning_on_one_line(course):
    found = settings_in_force(load_course_file(course), load_assignment_file(course, "sums"))
    keys = [one.key for one in found]
    assert len(keys) == len(set(keys))
    assert {"course", "draws", "mnist_folder", "title", "version", "limits.output_kb"} <= set(keys)
    for one in found:
        assert one.meaning.endswith("."), one.key
        assert "\n" not in one.value + one.meaning
        assert len(one.meaning) < 100
