"""Loads a student's own file, as the grader would, and runs the public checks on it.

A file of checks defines `TASKS`, a mapping of task id to a function `check_<entry point>(submission)` that raises
AssertionError with a message for the student.
"""

import importlib.util
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Literal

from autograder.errors import CourseError
from autograder.submission.execute import load
from autograder.submission.flatten import SubmissionUnreadable, flatten
from autograder.submission.stand_ins import install

State = Literal["done", "differs", "not_implemented", "raised", "missing"]

_CELL_TIME_S = 60.0
_TOTAL_TIME_S = 300.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What became of one task's public check."""

    task: str
    entry_point: str
    state: State
    message: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All public checks of one piece of work.

    Attributes:
        notes: What was noticed while it was loaded: cells that failed, names defined twice.
    """

    results: tuple[CheckResult, ...]
    notes: tuple[str, ...]

    @property
    def all_done(self) -> bool:
        """True when every public check passes."""
        return all(result.state == "done" for result in self.results)


#: Is given the loaded module and the entry points by task, before any check runs.
Prepare = Callable[[ModuleType, Mapping[str, str]], None]


def run_checks(path: Path, checks: Path, prepare: Prepare | None = None) -> CheckReport:
    """Runs the public checks on a notebook, a script or a folder.

    Args:
        path: The work.
        checks: The file of checks.
        prepare: Called between loading and checking.

    Raises:
        CourseError: The file cannot be read or holds no code, or `checks` is no file of checks.
    """
    if not path.exists():
        message = f"{path}: there is no such file or folder; name your notebook or your .py file."
        raise CourseError(message)
    tasks = _load_checks(checks)
    entry_points = {
        task: function.__name__.removeprefix("check_") for task, function in tasks.items()
    }
    files = _files(path, checks, list(entry_points.values()))
    try:
        flat = flatten(files, list(entry_points.values()))
    except SubmissionUnreadable as error:
        message = f"{path}: {error}"
        raise CourseError(message) from None
    install()
    module, report = load(flat, cell_time_s=_CELL_TIME_S, total_time_s=_TOTAL_TIME_S)
    notes = list(flat.notes)
    for failure in report.failures:
        reason = (
            f"{failure.exception}: {failure.message}"
            if failure.kind == "raised"
            else "took too long"
        )
        notes.append(f"{failure.label} stopped ({reason}); the rest was run.")
    if prepare is not None:
        prepare(module, entry_points)
    results = [
        _check(task, entry_points[task], function, module) for task, function in tasks.items()
    ]
    return CheckReport(tuple(results), tuple(notes))


def _check(
    task: str, name: str, function: Callable[[ModuleType], None], module: ModuleType
) -> CheckResult:
    if not callable(getattr(module, name, None)):
        message = (
            f"There is no {name}. Is its name spelled as in the handout, and did its cell run?"
        )
        return CheckResult(task, name, "missing", message)
    try:
        function(module)
    except AssertionError as error:
        return CheckResult(task, name, "differs", str(error))
    except NotImplementedError as error:
        return CheckResult(task, name, "not_implemented", str(error) or "Not implemented yet.")
    except (Exception, SystemExit) as error:  # noqa: BLE001  # exit(0) would otherwise say that all checks pass
        return CheckResult(task, name, "raised", f"{type(error).__name__}: {error}")
    return CheckResult(task, name, "done", "")


def _load_checks(checks: Path) -> Mapping[str, Callable[[ModuleType], None]]:
    spec = importlib.util.spec_from_file_location("public_checks", checks)
    if spec is None or spec.loader is None or not checks.is_file():
        message = (
            f"{checks}: there are no public checks. Put checks.py of the assignment beside your file, "
            "or name it with --checks."
        )
        raise CourseError(message)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        message = f"{checks}: the checks cannot be loaded: {type(error).__name__}: {error}"
        raise CourseError(message) from error
    tasks = getattr(module, "TASKS", None)
    if not isinstance(tasks, dict) or not tasks:
        message = f'{checks}: expected TASKS = {{"1.1": check_...}}, found {type(tasks).__name__}.'
        raise CourseError(message)
    return tasks


def _files(path: Path, checks: Path, entry_points: Sequence[str]) -> dict[str, bytes]:
    """The file named, with the modules beside it that it may import; or all that lies in the folder named."""
    if path.is_file():
        defines = re.compile(
            rf"^\s*(?:def|class) ({'|'.join(map(re.escape, entry_points))})\b", re.MULTILINE
        )
        # What defines an entry point as well is another version of the same work, and was not asked about.
        beside = [
            p
            for p in sorted(path.parent.glob("*.py"))
            if p != path and not defines.search(p.read_text("utf-8", "replace"))
        ]
        chosen = [path, *beside]
        return {p.name: p.read_bytes() for p in chosen if p.resolve() != checks.resolve()}
    found = {
        p.name: p.read_bytes()
        for p in sorted(path.iterdir())
        if p.suffix in {".py", ".ipynb"} and p.resolve() != checks.resolve()
    }
    if not found:
        message = f"{path}: no notebook and no .py file in this folder."
        raise CourseError(message)
    return found
