"""The points of each task, read from the markers of a hidden suite; nobody is judged.

pytest collects the suite in a process of its own, `python -m autograder.judging.points SUITE ANSWER TASK...`, since a
suite imports torch and what the collection leaves behind must not stay in a command.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter

from autograder.errors import AutograderError, CourseError, GraderError

if TYPE_CHECKING:
    import pytest

__all__ = ["points_of_suite"]

_TIME_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class _Answer:
    """Points by task, or what is wrong with the suite."""

    points: dict[str, float]
    fault: str = ""


_ANSWER: Final = TypeAdapter(_Answer)


def points_of_suite(suite: Path, tasks: Sequence[str]) -> dict[str, float]:
    """Returns the sum of points of every task, in the order of `tasks`.

    Args:
        suite: The folder of the hidden suite.
        tasks: The assignment's task ids; every test has to belong to one, and every one has to have a test.

    Raises:
        CourseError: There is no hidden suite, it cannot be collected, or a marker is wrong.
        GraderError: The collecting process failed.
    """
    if not any(suite.glob("test_*.py")):
        message = f"{suite}: there is no hidden suite; write test_{suite.name}.py there."
        raise CourseError(message)
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        answer = Path(folder) / "answer.json"
        words = ["-m", "autograder.judging.points", str(suite.resolve()), str(answer), *tasks]
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-B", *words],
                capture_output=True, text=True, check=False, timeout=_TIME_S, cwd=folder,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            message = f"{suite}: collecting the hidden suite took more than {_TIME_S:.0f} s."
            raise CourseError(message) from None
        if not answer.is_file():
            message = f"{suite}: the process that collects it failed:\n{done.stderr[-2000:]}"
            raise GraderError(message)
        found = _ANSWER.validate_json(answer.read_bytes())
    if found.fault:
        raise CourseError(found.fault)
    return found.points


def main() -> None:
    """Entry point of the collecting process: SUITE ANSWER TASK..."""
    from autograder.judging.marks import describe  # noqa: PLC0415  # imports pytest
    from autograder.judging.plugin import GradingPlugin  # noqa: PLC0415  # imports torch
    from autograder.judging.suite import collect  # noqa: PLC0415

    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    suite, tasks = Path(sys.argv[1]), sys.argv[3:]
    points: dict[str, float] = {}

    def read(items: "Sequence[pytest.Item]") -> None:
        if plugin.collection_errors:
            text = "\n".join(plugin.collection_errors)
            message = f"{suite}: the hidden suite cannot be collected:\n{text}"
            raise CourseError(message)
        try:
            points.update(describe(items, tasks))
        except ValueError as error:
            message = f"{suite}: {error}"
            raise CourseError(message) from None

    plugin = GradingPlugin(ModuleType("nobody"), {}, read)
    try:
        collect(suite, plugin)
        answer = _Answer(points)
    except AutograderError as error:
        answer = _Answer({}, str(error))
    Path(sys.argv[2]).write_bytes(_ANSWER.dump_json(answer))


if __name__ == "__main__":
    main()
