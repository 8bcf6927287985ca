"""Measures how much of each tolerance right submissions use, and where the thresholds of measurements belong.

Knows right and wrong submissions and ranks (`statistics`). Judging goes on as ever, but that `at_least` only measures.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from autograder.judging.calibration import (
    Calibration,
    StrainRecord,
    Threshold,
    judged_by_sha256,
    load_calibration,
)
from autograder.proving.corpus import Kind, Known, known_submissions
from autograder.proving.rounds import Rounds, grade_rounds
from autograder.proving.statistics import false_fail_probability, rounded_down
from autograder.records import BEYOND, Outcome, TestEvidence
from autograder.running.batch import Order, Watcher

__all__ = ["Calibrated", "Measured", "calibrate"]

#: Right submissions shall stay below a third of the tolerance, wrong ones be three times beyond it.
_COMFORT = 3.0
#: What one rounding is given, see `judging.compare.rtol_after`: no tolerance is proposed below it.
_LEAST_RTOL = 7.6e-6


@dataclass(frozen=True, slots=True)
class Measured:
    """What one known submission measured, one value per run."""

    submission: str
    right: bool
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What was found.

    Attributes:
        calibration: To be written beside the hidden suite.
        measurements: By the name of a measurement, all that right and wrong submissions measured.
        by_dtype: The greatest strain of right answers by the dtype in which they came, and how many there were.
        faults: Where no tolerance or threshold tells right from wrong.
    """

    calibration: Calibration
    measurements: Mapping[str, tuple[Measured, ...]]
    by_dtype: Mapping[str, tuple[float, int]]
    faults: tuple[str, ...]


def calibrate(
    order: Order,
    *,
    runs: int,
    threads: Sequence[int],
    secret: bytes,
    now: datetime,
    watcher: Watcher,
    say: Callable[[str], None],
) -> Calibrated:
    """Grades right submissions in at least so many runs, wrong ones once, and reads off how far they lie apart.

    Args:
        order: What judges.
        runs: Right runs, each with inputs of its own, at least.
        threads: Numbers of threads that torch computes with; the runs are spread over them.
        secret: Stands in the place of the course's secret.
        now: Stands in the calibration as its date.
        watcher: Is told how the grading goes on.
        say: Takes a line for the person who waits.

    Raises:
        CourseError: A file is missing or wrong.
        IsolationError: The isolation is not to be had.
        GraderError: The grader itself failed.
    """
    known = [
        one for one in known_submissions(order.root, order.assignment) if one.kind is not Kind.STUB
    ]
    right = [one for one in known if one.kind is not Kind.WRONG]
    wrong = [one for one in known if one.kind is Kind.WRONG]
    each = math.ceil(runs / len(right) / len(threads))
    say(
        f"{len(right)} right submissions, {each} runs of each with {', '.join(map(str, threads))} thread(s); "
        f"{len(wrong)} wrong ones, once each."
    )
    right_evidence: dict[str, list[TestEvidence]] = defaultdict(list)
    wrong_evidence: dict[str, list[TestEvidence]] = defaultdict(list)
    rounds = None
    for position, count in enumerate(threads):
        rounds = grade_rounds(
            replace(_with_threads(order, count), calibrating=True, evidence=True),
            [*((one, each) for one in right), *((one, 1) for one in wrong if position == 0)],
            secret=secret,
            now=now,
            watcher=watcher,
        )
        _gather(right, rounds, right_evidence)
        _gather([one for one in wrong if position == 0], rounds, wrong_evidence)
    assert rounds is not None, "there is at least one number of threads"
    suite = order.root / "tests" / "hidden" / order.assignment.name
    strains = dict(_strains(right_evidence, wrong_evidence, load_calibration(suite, order.device)))
    measurements = _measurements(right_evidence, wrong_evidence)
    thresholds = {name: _threshold(values) for name, values in measurements.items()}
    calibration = Calibration(
        assignment=order.assignment.name,
        assignment_version=order.assignment.version,
        calibrated_at=now.isoformat(timespec="seconds"),
        judged_by_sha256=judged_by_sha256(order.root, order.assignment.name),
        conditions={
            **{name: value for name, value in rounds.run.versions if name in {"torch", "numpy", "python"}},
            "device": order.device,
            "threads": ", ".join(map(str, threads)),
        },
        thresholds=thresholds,
        strains=strains,
    )  # fmt: skip
    return Calibrated(
        calibration,
        measurements,
        _by_dtype(right_evidence),
        tuple(_faults(strains, right_evidence)),
    )


def _with_threads(order: Order, threads: int) -> Order:
    limits = order.course.limits.model_copy(update={"threads": threads})
    return replace(order, course=order.course.model_copy(update={"limits": limits}))


def _gather(
    known: Sequence[Known], rounds: Rounds, evidence: dict[str, list[TestEvidence]]
) -> None:
    for one in known:
        for grade in rounds.grades[one.name]:
            evidence[one.name] += grade.evidence


def _strains(
    right: Mapping[str, Sequence[TestEvidence]],
    wrong: Mapping[str, Sequence[TestEvidence]],
    present: Calibration,
) -> Iterator[tuple[str, StrainRecord]]:
    """Each test that compares numbers: how much right submissions strain it at most, and wrong ones at least."""
    tests = {e.test: None for evidence in right.values() for e in evidence if e.comparisons}
    for test in tests:
        used = [_strain(e) for evidence in right.values() for e in evidence if e.test == test]
        overdrawn = [
            (_strain(e), name)
            for name, evidence in wrong.items()
            for e in evidence
            if e.test == test and e.outcome is Outcome.WRONG and 1 < _strain(e) < BEYOND
        ]
        least, nearest = min(overdrawn, default=(None, ""))
        known = present.strains.get(test)
        yield (
            test,
            StrainRecord(
                right_greatest=max(used),
                right_runs=len(used),
                wrong_least=least,
                nearest_wrong=nearest,
                rtol=_proposed(max(used), least, _rtol(right, test))
                or (known.rtol if known else None),
            ),
        )


def _strain(evidence: TestEvidence) -> float:
    return max((comparison.strain for comparison in evidence.comparisons), default=0.0)


def _rtol(right: Mapping[str, Sequence[TestEvidence]], test: str) -> float:
    """The relative tolerance at the comparison that is strained most."""
    compared = [
        c for evidence in right.values() for e in evidence if e.test == test for c in e.comparisons
    ]
    return max(compared, key=lambda comparison: comparison.strain).rtol


def _proposed(right: float, wrong: float | None, rtol: float) -> float | None:
    """A tolerance between right and wrong; None where the present one is comfortable, or none is.

    In the middle where it is tightened. Where it is loosened, by no more than gives right answers a factor of ten: how
    near a wrong one can come is known from one run of each.
    """
    beyond = wrong if wrong is not None else math.inf
    if (right <= 1 / _COMFORT and beyond >= _COMFORT) or right >= beyond or right == 0:
        return None
    middle = math.sqrt(right * min(beyond, 1e4))
    return float(f"{max(_LEAST_RTOL, rtol * min(middle, max(1.0, 10 * right))):.1e}")


def _measurements(
    right: Mapping[str, Sequence[TestEvidence]], wrong: Mapping[str, Sequence[TestEvidence]]
) -> dict[str, tuple[Measured, ...]]:
    found: dict[str, list[Measured]] = defaultdict(list)
    for is_right, by_submission in ((True, right), (False, wrong)):
        for submission, evidence in by_submission.items():
            values: dict[str, tuple[float, ...]] = {}
            for measurement in (m for e in evidence for m in e.measurements):
                values[measurement.name] = (
                    *values.get(measurement.name, ()),
                    *measurement.values,
                )
            for name, taken in values.items():
                found[name].append(Measured(submission, is_right, taken))
    return {name: tuple(measured) for name, measured in found.items()}


def _threshold(measured: Sequence[Measured]) -> Threshold:
    values = [value for one in measured if one.right for value in one.values]
    threshold = rounded_down(min(values))
    below = [
        (max(one.values), one.submission)
        for one in measured
        if not one.right and max(one.values) < threshold
    ]
    greatest, nearest = max(below, default=(None, ""))
    return Threshold(
        value=threshold,
        right_runs=len(values),
        false_fail=false_fail_probability(len(values)),
        right_mean=sum(values) / len(values),
        nearest_wrong=nearest,
        nearest_wrong_greatest=greatest,
    )


def _by_dtype(right: Mapping[str, Sequence[TestEvidence]]) -> dict[str, tuple[float, int]]:
    found: dict[str, tuple[float, int]] = {}
    for evidence in right.values():
        for comparison in (c for e in evidence for c in e.comparisons):
            greatest, count = found.get(comparison.dtype, (0.0, 0))
            found[comparison.dtype] = (max(greatest, comparison.strain), count + 1)
    return dict(sorted(found.items()))


def _faults(
    strains: Mapping[str, StrainRecord], right: Mapping[str, Sequence[TestEvidence]]
) -> Iterator[str]:
    for test, record in strains.items():
        if record.wrong_least is not None and record.right_greatest >= record.wrong_least:
            yield (
                f"{test}: no tolerance tells right from wrong: a right submission strains it to "
                f"{record.right_greatest:.3g}, {record.nearest_wrong} only to {record.wrong_least:.3g}."
            )
    for name, evidence in right.items():
        failed = {e.test: e.staff_message for e in evidence if e.outcome is not Outcome.PASSED}
        for test, why in failed.items():
            yield f"{name}: right, but fails {test}: {why[:200]}"
