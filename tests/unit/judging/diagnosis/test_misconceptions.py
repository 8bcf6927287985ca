"""The catalogue of an assignment, the calibration of its suite, and the mistakes in both files."""

from types import ModuleType

import pytest

from autograder.errors import CourseError
from autograder.judging.calibration import (
    Calibration,
    Threshold,
    calibration_file,
    load_calibration,
)
from autograder.judging.diagnosis.misconceptions import FILE, load_catalogue

REFERENCE = ModuleType("reference")
REFERENCE.mean = lambda x: x.mean()

GOOD = """\
from autograder.judging.diagnosis.misconceptions import Example, Misconception
EXAMPLES = [Example("mean", (1,), "x = 1")]
MISCONCEPTIONS = [
    Misconception("G18", "it is a sum", "By how many?", "lecture 1", {"mean": lambda x: x.sum()}),
]
"""


def test_a_suite_without_a_catalogue_names_no_misconception(tmp_path):
    assert load_catalogue(tmp_path, REFERENCE).misconceptions == ()


def test_a_catalogue_is_read_with_its_examples(tmp_path):
    (tmp_path / FILE).write_text(GOOD)
    found = load_catalogue(tmp_path, REFERENCE)
    assert [entry.id for entry in found.misconceptions] == ["G18"]
    assert found.example("mean").words == "x = 1"
    assert found.example("other") is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"mean": lambda', '"meen": lambda', "G18: variants: the reference has no meen"),
        ('Example("mean"', 'Example("meen"', "EXAMPLES: the reference has no meen"),
        ('"By how many?"', '"Divide."', "G18: question is no question: 'Divide.'"),
        ('"it is a sum"', '""', "G18: what is empty"),
        ("MISCONCEPTIONS = [", "MISCONCEPTION = [", "there is no MISCONCEPTIONS in it"),
        ("MISCONCEPTIONS = [", "MISCONCEPTIONS = [3,", "holds a int, expected"),
        ("MISCONCEPTIONS = [", "MISCONCEPTIONS = 2 * [", "G18: two entries have this id"),
        ("from autograder", "from autogrder", "cannot be imported: ModuleNotFoundError"),
        ("(1,)", "(1,", "cannot be imported: SyntaxError"),
    ],
)
def test_a_mistake_in_a_catalogue_is_the_courses_and_told(tmp_path, old, new, words):
    assert old in GOOD
    (tmp_path / FILE).write_text(GOOD.replace(old, new))
    with pytest.raises(CourseError, match=FILE) as caught:
        load_catalogue(tmp_path, REFERENCE)
    assert words in str(caught.value)


def test_a_calibration_comes_back_as_it_was_written(tmp_path):
    threshold = Threshold(value=0.9, right_runs=141, false_fail=9e-5, right_mean=0.95)
    written = Calibration(assignment="demo", thresholds={"accuracy": threshold})
    calibration_file(tmp_path).write_text(written.model_dump_json())
    assert load_calibration(tmp_path) == written
    assert load_calibration(tmp_path / "elsewhere") == Calibration()


@pytest.mark.parametrize(
    "text", ["{", '{"threshold": {}}', '{"thresholds": {"a": {"value": "NaN"}}}', "[]"]
)
def test_a_calibration_that_was_changed_by_hand_is_refused(tmp_path, text):
    calibration_file(tmp_path).write_text(text)
    with pytest.raises(CourseError, match="calibrate --write"):
        load_calibration(tmp_path)
