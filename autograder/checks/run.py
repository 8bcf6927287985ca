"""Loads a student's own file, as the grader would, and runs the public checks on it.

A file of checks defines `TASKS`, a mapping of task id to a function `check_<entry point>(submission)` that raises
AssertionError with a message for the student.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Final, Literal

from autograder.checks.find import check_exists, find_work
from autograder.errors import CourseError
from autograder.submission.execute import load
from autograder.submission.flatten import SubmissionUnreadable, flatten
from autograder.submission.stand_ins import install

State = Literal["done", "differs", "not_implemented", "raised", "missing"]

_CELL_TIME_S: Final = 60.0
_TOTAL_TIME_S: Final = 300.0
#: Released beside checks.py, which imports it; the same text lies here.
_GRADIENT_CHECK: Final = "gradient_check"
_MODULE: Final = "submission"


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


class Stopped(Exception):  # noqa: N818  # it is no error
    """Somebody pressed Ctrl-C; says where that was."""


#: Is given the loaded module and the entry points by task, before any check runs.
Prepare = Callable[[ModuleType, Mapping[str, str]], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A piece of work that was loaded, ready to be checked.

    Attributes:
        notes: What was noticed: which file was taken, cells that failed, names defined twice.
        module: Its names.
        tasks: The checks.
    """

    notes: tuple[str, ...]
    module: ModuleType
    tasks: Mapping[str, Callable[[ModuleType], None]]

    @property
    def entry_points(self) -> dict[str, str]:
        """What each task asks for."""
        return _entry_points(self.tasks)

    def results(self) -> Iterator[CheckResult]:
        """Runs one check after the other.

        Raises:
            Stopped: Ctrl-C was pressed.
        """
        for task, name in self.entry_points.items():
            yield _check(task, name, self.tasks[task], self.module)


def load_work(path: Path, checks: Path) -> Loaded:
    """Loads a notebook, a script or a folder.

    Args:
        path: The work.
        checks: The file of checks.

    Raises:
        CourseError: The file cannot be read or holds no code, or `checks` is no file of checks.
        Stopped: Ctrl-C was pressed.
    """
    check_exists(path)
    tasks = _load_checks(checks)
    entry_points = list(_entry_points(tasks).values())
    work = find_work(path, checks, entry_points)
    try:
        flat = flatten(work.files, entry_points)
    except SubmissionUnreadable as error:
        message = f"{path}: {error}"
        raise CourseError(message) from None
    install()
    try:
        module, report = load(
            flat,
            cell_time_s=_CELL_TIME_S,
            total_time_s=_TOTAL_TIME_S,
            module_name=_MODULE,
            let_through=(KeyboardInterrupt,),
        )
    except KeyboardInterrupt as stop:
        where = _place(stop.__traceback__, _MODULE)
        message = f"while your file was run{where}"
        raise Stopped(message) from None
    notes = [*filter(None, [work.note]), *flat.notes]
    for failure in report.failures:
        reason = (
            f"{failure.exception}: {failure.message}"
            if failure.kind == "raised"
            else "took too long"
        )
        notes.append(f"{failure.label} stopped ({reason}); the rest was run.")
    return Loaded(tuple(notes), module, tasks)


def run_checks(path: Path, checks: Path, prepare: Prepare | None = None) -> CheckReport:
    """Runs the public checks on a notebook, a script or a folder.

    Args:
        path: The work.
        checks: The file of checks.
        prepare: Called between loading and checking.

    Raises:
        CourseError: As for `load_work`.
        Stopped: Ctrl-C was pressed.
    """
    work = load_work(path, checks)
    if prepare is not None:
        prepare(work.module, work.entry_points)
    return CheckReport(tuple(work.results()), work.notes)


def _entry_points(tasks: Mapping[str, Callable[[ModuleType], None]]) -> dict[str, str]:
    return {task: function.__name__.removeprefix("check_") for task, function in tasks.items()}


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
        where = _place(error.__traceback__, module.__name__)
        return CheckResult(task, name, "raised", f"{type(error).__name__}: {error}{where}")
    except KeyboardInterrupt as stop:
        where = _place(stop.__traceback__, module.__name__)
        message = f"during the check of task {task}{where}"
        raise Stopped(message) from None
    return CheckResult(task, name, "done", "")


def _place(trace: TracebackType | None, module: str) -> str:
    """The innermost line of the student's own, in words; empty where there is none."""
    where = ""
    while trace is not None:
        frame = trace.tb_frame
        name = str(frame.f_globals.get("__name__", ""))
        if name == module or name.startswith(f"{module}."):
            code = frame.f_code
            function = "" if code.co_name == "<module>" else f"in {code.co_name}, "
            where = f" ({function}line {trace.tb_lineno} of {Path(code.co_filename).name})"
        trace = trace.tb_next
    return where


def _load_checks(checks: Path) -> Mapping[str, Callable[[ModuleType], None]]:
    spec = importlib.util.spec_from_file_location("public_checks", checks)
    if spec is None or spec.loader is None or not checks.is_file():
        message = (
            f"{checks}: there are no public checks. Put checks.py of the assignment beside your file, "
            "or name it with --checks."
        )
        raise CourseError(message)
    module = importlib.util.module_from_spec(spec)
    if _GRADIENT_CHECK in checks.read_text("utf-8", "replace"):
        own = importlib.import_module(f"autograder.checks.{_GRADIENT_CHECK}")
        sys.modules.setdefault(_GRADIENT_CHECK, own)
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
