"""What a grade depends on, as hashes: the same key means that judging again would change nothing."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from autograder import __version__
from autograder.errors import CourseError
from autograder.records import Isolation, Submission
from autograder.settings.assignment import Assignment
from autograder.settings.course import Limits


def assignment_sha256(root: Path, assignment: Assignment) -> str:
    """Hash over what judges: see `judging_paths`.

    Raises:
        CourseError: There is no reference.
    """
    return _of_files(root, judging_paths(root, assignment))


def judging_paths(root: Path, assignment: Assignment) -> list[Path]:
    """The files that judge: the hidden suite with what it reads, the reference and assignment.yml; no known submission.

    Raises:
        CourseError: There is no reference.
    """
    suite = root / "tests" / "hidden" / assignment.name
    reference = root / "reference" / f"{assignment.name}.py"
    if not reference.is_file():
        message = f"{reference}: there is no reference; write one with the entry points of assignment.yml."
        raise CourseError(message)
    return [
        *sorted(
            path for path in suite.rglob("*") if _judges(path.relative_to(suite)) and path.is_file()
        ),
        reference,
        root / "assignments" / assignment.name / "assignment.yml",
    ]


#: Beside a hidden suite and no part of it: known submissions, what people grade by, the record of releases.
_ASIDE: Final = frozenset({"right", "wrong", "rubrics", "released.yml"})


def _judges(path: Path) -> bool:
    """True for what a hidden suite may read; what Python left behind is not part of it either."""
    return path.parts[0] not in _ASIDE and "__pycache__" not in path.parts


def settings_sha256(limits: Limits, device: str, draws: str, gpu_tests: str) -> str:
    """Hash over the settings that can change an outcome."""
    return _of_text(json.dumps([limits.model_dump(), device, draws, gpu_tests], sort_keys=True))


def attempt_key(
    submission: Submission,
    assignment_hash: str,
    settings_hash: str,
    level: Isolation,
    secret: bytes,
) -> str:
    """Key under which the store keeps the grade of one attempt."""
    parts = [
        submission.student, submission.sha256, assignment_hash, settings_hash,
        level.value, __version__, hashlib.sha256(secret).hexdigest(),
    ]  # fmt: skip
    return _of_text(json.dumps(parts))


def _of_files(root: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        digest.update(b"%s %d " % (str(file.relative_to(root)).encode(), len(content)) + content)
    return digest.hexdigest()


def _of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
