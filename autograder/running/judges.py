"""Which files judge an assignment, and whether two states of them judge alike.

Knows what in a file cannot change a grade: comments and layout of Python, YAML and JSON, and the
record of a calibration beside its numbers. Refuses to know releases, stores and versions. In doubt
two states differ: to ask for a new version without need is better than to miss a change.
"""

import ast
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from autograder.errors import CourseError
from autograder.judging.calibration import Calibration, is_calibration
from autograder.running.fingerprint import judging_paths
from autograder.settings.assignment import ASSIGNMENT_FILE, Assignment

__all__ = ["FileState", "differences", "file_states", "states_from_json", "states_to_json"]

#: In the folder of the hidden suite, and without a say in any grade: words for students, notes on mutants.
_WORDS_ONLY: Final = frozenset({"misconceptions.py", "mutants.yml"})


class FileState(BaseModel):
    """What a file says, as hashes.

    Attributes:
        sha256: Of its bytes.
        meaning_sha256: Of what is left without comments and layout.
        read_by: What read the meaning. Another Python has other syntax trees: then only the bytes count.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    sha256: str
    meaning_sha256: str
    read_by: str

    def judges_like(self, other: "FileState") -> bool:
        """True where the two can only differ in what changes no grade."""
        if self.sha256 == other.sha256:
            return True
        return (self.meaning_sha256, self.read_by) == (other.meaning_sha256, other.read_by)


_STATES: Final = TypeAdapter(dict[str, FileState])


def file_states(root: Path, about: Assignment) -> dict[str, FileState]:
    """Returns the state of every file that judges an assignment, by its name below `root`.

    Raises:
        CourseError: There is no reference, or a file cannot be read.
    """
    return {
        path.relative_to(root).as_posix(): _state(path)
        for path in judging_paths(root, about)
        if path.name not in _WORDS_ONLY
    }


def differences(before: Mapping[str, FileState], now: Mapping[str, FileState]) -> tuple[str, ...]:
    """Returns in words what has changed, one for each file; nothing where both judge alike."""
    found = []
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            found.append(f"{name} (gone)")
        elif name not in before:
            found.append(f"{name} (new)")
        elif not now[name].judges_like(before[name]):
            found.append(f"{name} (changed)")
    return tuple(found)


def states_to_json(states: Mapping[str, FileState]) -> str:
    """Returns the states as text that `states_from_json` reads."""
    return _STATES.dump_json(dict(states)).decode()


def states_from_json(text: str) -> dict[str, FileState]:
    """Returns the states that a text holds."""
    return _STATES.validate_json(text)


def _state(path: Path) -> FileState:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}."
        raise CourseError(message) from None
    meaning, read_by = _meaning(path, content)
    return FileState(
        sha256=hashlib.sha256(content).hexdigest(),
        meaning_sha256=hashlib.sha256(meaning).hexdigest(),
        read_by=read_by,
    )


def _meaning(path: Path, content: bytes) -> tuple[bytes, str]:
    """What a file says without comments and layout, and who read it; its bytes where nobody can."""
    try:
        if path.suffix == ".py":
            # Docstrings stay, and so does a cookie that names another encoding: it changes the strings.
            tree = ast.dump(ast.parse(content))
            version = f"python {sys.version_info.major}.{sys.version_info.minor}"
            return tree.encode("utf-8", "surrogatepass"), version
        if is_calibration(path):
            return _decisive(Calibration.model_validate_json(content)), "calibration"
        if path.name == ASSIGNMENT_FILE:
            # The order of the keys stays: it is the order in which tasks are judged.
            return json.dumps(yaml.safe_load(content)).encode(), "yaml"
    except (SyntaxError, ValueError, TypeError, RecursionError, ValidationError, yaml.YAMLError):
        pass
    return content, "bytes"


def _decisive(calibration: Calibration) -> bytes:
    """The numbers of a calibration that a test reads; not when, with what and how far off they were measured."""
    thresholds = {name: found.value for name, found in calibration.thresholds.items()}
    tolerances = {
        test: found.rtol for test, found in calibration.strains.items() if found.rtol is not None
    }
    return json.dumps([thresholds, tolerances], sort_keys=True).encode()
