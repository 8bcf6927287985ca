"""What changes a grade is a difference; comments, layout and the record of a calibration are none."""

import json
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.running.judges import (
    FileState,
    differences,
    file_states,
    states_from_json,
    states_to_json,
)
from autograder.settings.assignment import load_assignment

SUITE = "tests/hidden/demo/test_demo.py"
CALIBRATION = "tests/hidden/demo/calibration.json"
SETTINGS = "assignments/demo/assignment.yml"


def calibration(**changes):
    strain = {"right_greatest": 0.1, "right_runs": 9, "rtol": 1e-3}
    threshold = {"value": 0.9, "right_runs": 9, "false_fail": 0.01, "right_mean": 0.95}
    content = {
        "assignment": "demo", "calibrated_at": "2027-01-01",
        "thresholds": {"accuracy": threshold}, "strains": {"test_f": strain}, **changes,
    }  # fmt: skip
    return json.dumps(content)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    files = {
        SETTINGS: 'title: Demo\nversion: "1"\ntasks:\n  "1": {title: One, entry_point: f}\n',
        "reference/demo.py": "def f():\n    return 1\n",
        SUITE: '"""Words."""\n\n\ndef test_f(student):\n    assert student.f() == 1.0\n',
        "tests/hidden/demo/points.py": "N = (1, 2)\n",
        CALIBRATION: calibration(),
        "tests/hidden/demo/misconceptions.py": "MISCONCEPTIONS = []\n",
        "tests/hidden/demo/mutants.yml": "equivalent: []\n",
        "tests/hidden/demo/rubrics/2.md": "Words.\n",
        "tests/hidden/demo/released.yml": "releases: []\n",
        "tests/hidden/demo/wrong/W1.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def states(course):
    return file_states(course, load_assignment(course, "demo"))


def after(course, name, text):
    """The differences that another text of a file makes."""
    before = states(course)
    (course / name).write_text(text)
    return differences(before, states(course))


def test_what_judges_is_suite_calibration_reference_and_settings(course):
    assert set(states(course)) == {
        SETTINGS, "reference/demo.py", SUITE, "tests/hidden/demo/points.py", CALIBRATION,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (SUITE, '"""Words."""\ndef test_f(student):  # why\n  assert(student.f()==1.0)\n'),
        ("tests/hidden/demo/points.py", "N = (\n    1,  # one\n    2,\n)\n"),
        ("reference/demo.py", "def f():\n    # The definition.\n    return 1\n"),
        (SETTINGS, '# Words.\ntitle: "Demo"\nversion: "1"\ntasks: {"1": {title: One, entry_point: f}}\n'),
        (CALIBRATION, calibration(calibrated_at="2028-01-01", conditions={"torch": "3"})),
        ("tests/hidden/demo/misconceptions.py", "MISCONCEPTIONS = [1]\n"),
        ("tests/hidden/demo/rubrics/2.md", "Other words.\n"),
    ],
)  # fmt: skip
def test_comments_layout_and_words_are_no_difference(course, name, text):
    assert after(course, name, text) == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (SUITE, '"""Words."""\n\n\ndef test_f(student):\n    assert student.f() == 1\n'),
        (SUITE, '"""Words."""\n\n\ndef test_f(student):\n    assert student.f() == True\n'),
        (SUITE, '"""Others."""\n\n\ndef test_f(student):\n    assert student.f() == 1.0\n'),
        (SUITE, '"""Words."""\n\n\ndef test_g(student):\n    assert student.f() == 1.0\n'),
        (SUITE, "def test_f(student:\n"),
        ("tests/hidden/demo/points.py", "N = [1, 2]\n"),
        ("tests/hidden/demo/points.py", "N = 1, -2\n"),
        ("reference/demo.py", "def f():\n    return -1\n"),
        (SETTINGS, 'title: Demo\nversion: "1"\ntasks:\n  "1": {title: One, entry_point: g}\n'),
        (CALIBRATION, calibration(strains={})),
        (CALIBRATION, calibration(thresholds={})),
        (CALIBRATION, "{"),
    ],
)
def test_what_can_change_a_grade_is_a_difference_of_that_file(course, name, text):
    assert after(course, name, text) == (f"{name} (changed)",)


def test_another_encoding_of_the_same_bytes_is_a_difference(course):
    (course / SUITE).write_bytes("# coding: utf-8\nWORD = 'é'\n".encode())
    before = states(course)
    (course / SUITE).write_bytes("# coding: latin-1\nWORD = 'é'\n".encode())
    assert differences(before, states(course)) == (f"{SUITE} (changed)",)


def test_new_files_and_missing_ones_are_named(course):
    before = states(course)
    (course / CALIBRATION).unlink()
    (course / "tests/hidden/demo/data.csv").write_text("1\n")
    assert differences(before, states(course)) == (
        f"{CALIBRATION} (gone)", "tests/hidden/demo/data.csv (new)",
    )  # fmt: skip


def test_a_meaning_that_another_python_has_read_does_not_count():
    here, there = FileState(sha256="a", meaning_sha256="m", read_by="python 3.11"), "python 3.14"
    assert not here.judges_like(FileState(sha256="b", meaning_sha256="m", read_by=there))
    assert here.judges_like(FileState(sha256="a", meaning_sha256="n", read_by=there))


def test_states_survive_being_written_down(course):
    assert states_from_json(states_to_json(states(course))) == states(course)


def test_without_a_reference_nothing_can_be_said(course):
    (course / "reference/demo.py").unlink()
    with pytest.raises(CourseError, match="there is no reference"):
        states(course)
