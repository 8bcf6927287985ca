"""What was measured about a hidden suite with right and wrong submissions: thresholds, and how far tolerances are used.

Knows the files `tests/hidden/<assignment>/calibration.json` and, for GPUs, `calibration.cuda.json`, which
`autograder calibrate` writes. Refuses to know how a number came about. Imports no torch: the command line reads it too.
"""

import hashlib
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.errors import CourseError

__all__ = [
    "Calibration",
    "StrainRecord",
    "Threshold",
    "calibration_file",
    "is_calibration",
    "judged_by_sha256",
    "load_calibration",
]

_FILES: Final = {"cpu": "calibration.json", "cuda": "calibration.cuda.json"}


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Threshold(_Record):
    """What a measurement has to reach in one of two independent tries.

    Attributes:
        value: The least of all right runs, rounded down.
        right_runs: How many there were, each with draws of its own.
        false_fail: Probability that a right submission misses it twice, see `proving.calibrate`.
        right_mean: Mean of the right runs.
        nearest_wrong: The wrong submission that comes nearest; empty where none was measured.
        nearest_wrong_greatest: The greatest of its measurements.
    """

    value: float
    right_runs: Annotated[int, Field(ge=1)]
    false_fail: Annotated[float, Field(gt=0, lt=1)]
    right_mean: float
    nearest_wrong: str = ""
    nearest_wrong_greatest: float | None = None


class StrainRecord(_Record):
    """How much of a test's tolerance right submissions use, and by how much wrong ones overdraw it.

    Attributes:
        right_greatest: The greatest strain of all right runs: 1 is the whole tolerance.
        right_runs: How many there were.
        wrong_least: The least strain of a wrong submission that fails here by its numbers; None where none does.
        nearest_wrong: Its name.
        rtol: What `close` takes for this test where its author names none; None keeps the default.
    """

    right_greatest: float
    right_runs: int
    wrong_least: float | None = None
    nearest_wrong: str = ""
    rtol: Annotated[float, Field(gt=0, lt=1)] | None = None


class Calibration(_Record):
    """A calibration of one hidden suite, dated and bound to what judged.

    Attributes:
        calibrated_at: ISO 8601 time in UTC.
        judged_by_sha256: Hash of suite, reference and assignment.yml at that time.
        conditions: Versions, device, thread counts.
        thresholds: By the name that the suite gives to `at_least`.
        strains: By the name of the test.
    """

    assignment: str = ""
    assignment_version: str = ""
    calibrated_at: str = ""
    judged_by_sha256: str = ""
    conditions: dict[str, str] = {}
    thresholds: dict[str, Threshold] = {}
    strains: dict[str, StrainRecord] = {}


def calibration_file(suite: Path, device: str = "cpu") -> Path:
    """Where the calibration of a hidden suite is kept for a device, "cpu" or "cuda"."""
    return suite / _FILES[device]


def is_calibration(path: Path) -> bool:
    """True for the files of calibrations, by their names."""
    return path.name in _FILES.values()


def load_calibration(suite: Path, device: str = "cpu") -> Calibration:
    """Returns the calibration of a hidden suite, an empty one where there is none.

    Where none was made on a GPU, the CPU's holds there too: it is about float32, of which both have the same.

    Raises:
        CourseError: The file cannot be read or is not as `calibrate` writes it.
    """
    path = calibration_file(suite, device)
    if not path.is_file():
        path = calibration_file(suite)
    if not path.is_file():
        return Calibration()
    try:
        return Calibration.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        message = f"{path}: {error}\nIt is written by `autograder calibrate --write`; make it anew."
        raise CourseError(message) from None


def judged_by_sha256(root: Path, assignment: str) -> str:
    """Hash over what a calibration holds for: the tests, the reference and assignment.yml."""
    suite = root / "tests" / "hidden" / assignment
    files = [
        *sorted(suite.glob("test_*.py")),
        root / "reference" / f"{assignment}.py",
        root / "assignments" / assignment / "assignment.yml",
    ]
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(b"%s %d " % (file.name.encode(), len(content)) + content)
    return digest.hexdigest()
