"""What calibration makes of measurements: tolerances, thresholds and what it cannot tell apart."""

import pytest

from autograder.judging.calibration import Calibration, StrainRecord
from autograder.proving.calibrate import (
    Measured,
    _faults,
    _measurements,
    _proposed,
    _strains,
    _threshold,
)
from autograder.records import Comparison, Measurement, Outcome, TestEvidence


def evidence(strain, outcome=Outcome.PASSED, test="test_a", measured=()):
    comparisons = (Comparison("", strain, "float32", 1e-4, 1e-6),) if strain is not None else ()
    measurements = tuple(Measurement("accuracy", (value,), None) for value in measured)
    return TestEvidence(test, "1", outcome, "", "why", 0.1, (), comparisons, measurements)


@pytest.mark.parametrize(
    ("right", "wrong", "rtol"),
    [
        (0.01, 500.0, None),  # comfortable on both sides
        (0.01, None, None),  # nothing wrong is near
        (0.01, 1.0, 1e-5),  # a wrong one is at the tolerance: in the middle
        (0.9, 1000.0, 9e-4),  # a right one is at the tolerance: ten times what it needs
        (0.001, 1.0, 7.6e-6),  # never below what one rounding is given
        (0.9, 1.1, 9.9e-5),  # hardly to be told apart: in the middle
        (2.0, 1.5, None),  # not to be told apart
        (0.0, 1.0, None),  # whole numbers
    ],
)
def test_a_tolerance_is_proposed_where_the_present_one_is_too_near(right, wrong, rtol):
    found = _proposed(right, wrong, 1e-4)
    assert found == (None if rtol is None else pytest.approx(rtol, rel=0.06))


def test_the_greatest_right_and_the_least_wrong_strain_count():
    right = {"V01": [evidence(0.1), evidence(0.2)], "V02": [evidence(0.15)]}
    wrong = {
        "L01": [evidence(50.0, Outcome.WRONG)],
        "L02": [evidence(7.0, Outcome.WRONG)],
        "L03": [evidence(0.5)],  # passes here: its slip is elsewhere
        "L04": [evidence(1e12, Outcome.WRONG)],  # where no error is allowed at all
    }
    ((test, record),) = _strains(right, wrong, Calibration())
    assert (test, record.right_greatest, record.right_runs) == ("test_a", 0.2, 3)
    assert (record.wrong_least, record.nearest_wrong) == (7.0, "L02")


def test_a_calibrated_tolerance_that_is_comfortable_is_kept():
    record = StrainRecord(right_greatest=0.5, right_runs=9, rtol=3e-4)
    present = Calibration(strains={"test_a": record})
    ((_, found),) = _strains({"V01": [evidence(0.1)]}, {}, present)
    assert found.rtol == 3e-4


def test_what_no_tolerance_tells_apart_is_a_fault_and_so_is_a_right_one_that_fails():
    right = {"V01": [evidence(3.0, Outcome.WRONG)]}
    strains = dict(_strains(right, {"L01": [evidence(2.0, Outcome.WRONG)]}, Calibration()))
    first, second = _faults(strains, right)
    assert "no tolerance tells right from wrong" in first
    assert "V01: right, but fails test_a" in second


def test_the_threshold_is_the_least_right_run_and_the_nearest_wrong_one_below_it_is_named():
    right = {"V01": [evidence(None, measured=[0.9512]), evidence(None, measured=[0.94567])]}
    wrong = {
        "M01": [evidence(None, measured=[0.89])],
        "M02": [evidence(None, measured=[0.96])],  # accuracy does not see it
        "M03": [evidence(None, measured=[0.91])],
    }
    found = _threshold(_measurements(right, wrong)["accuracy"])
    assert (found.value, found.right_runs) == (0.945, 2)
    assert (found.nearest_wrong, found.nearest_wrong_greatest) == ("M03", 0.91)
    assert found.false_fail == pytest.approx(2 / 12)


def test_a_threshold_without_a_wrong_one_names_none():
    found = _threshold([Measured("V01", True, (0.9,))])
    assert (found.nearest_wrong, found.nearest_wrong_greatest) == ("", None)
