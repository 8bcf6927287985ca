"""Runs a flat submission, every statement on its own, within its time, one namespace per file.

Runs student code, so it belongs into the sandbox, or onto the student's own machine. What
fails is reported and does not stop the rest.
"""

import builtins
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Final

from autograder.submission.archive import shown
from autograder.submission.flat import Cell, FlatSubmission
from autograder.submission.interrupt import Interrupted, alarm_handler, run_limited
from autograder.submission.memory_modules import MemoryFinder, compile_quietly, remember_source
from autograder.submission.report import MAX_MESSAGE, MAX_NAMES, CellFailure, Kind, LoadReport
from autograder.submission.shell import prepare
from autograder.submission.sources import folder_of, stem
from autograder.submission.statements import Statement, statements_of

__all__ = ["CellFailure", "LoadReport", "load"]

#: Taken before student code can change `builtins`; compared by identity: `==` can be redefined.
_BUILTIN_EXCEPTIONS: Final = tuple(
    kind
    for kind in vars(builtins).values()
    if isinstance(kind, type) and issubclass(kind, BaseException)
)
#: Part of the whole time, at most a second, kept for bare definitions after long cells.
_RESERVE: Final = 0.1
#: Part of a cell's time that each statement may take which stands below one that overran.
_GRACE: Final = 0.05
#: So often cells that missed a name are run again, as long as each round helps one of them.
_ROUNDS: Final = 20


@dataclass(slots=True, eq=False)
class _Progress:
    """A cell on its way.

    Attributes:
        failure: The first one of its last run; None where all succeeded or it has not run.
        retry: True where a statement failed because a name was missing.
        overran: Statements that were interrupted once; they are not given that time again.
    """

    cell: Cell
    module: ModuleType
    statements: tuple[Statement, ...]
    failure: CellFailure | None = None
    retry: bool = False
    overran: set[int] = field(default_factory=set)

    @property
    def names(self) -> tuple[str, ...]:
        """What the cell binds."""
        return tuple(name for statement in self.statements for name in statement.names)

    def fail(self, statement: Statement, kind: Kind, error: BaseException | None = None) -> None:
        """Note that a statement did not come to its end; the first one is what is told."""
        first = self.failure or _failure(self.cell, kind, error)
        names = dict.fromkeys((*first.names, *(name[:100] for name in statement.names)))
        self.failure = replace(first, names=tuple(names)[:MAX_NAMES])
        self.retry = self.retry or type(error) is NameError


@dataclass(frozen=True, slots=True)
class _Times:
    """What time there is, in seconds: of one cell, and until the end of all."""

    clock: Callable[[], float]
    cell_s: float
    deadline: float
    reserve_s: float

    def left_s(self, statement: Statement) -> float:
        """Until the whole time is spent; definitions may use the reserve."""
        return self.deadline - self.clock() - (0 if statement.declares else self.reserve_s)


def load(
    flat: FlatSubmission,
    *,
    cell_time_s: float,
    total_time_s: float,
    module_name: str = "submission",
    clock: Callable[[], float] = time.monotonic,
    let_through: tuple[type[BaseException], ...] = (),
) -> tuple[ModuleType, LoadReport]:
    """Run every cell in order, then again those that missed a name, as long as that helps.

    A statement that fails, or that is interrupted because its cell overruns, ends there; those
    below it run all the same. Once the whole time is spent, statements that only define and import
    still run (they cost nothing), the others do not. A name that a later cell defines again stays
    as the later cell left it, however late the earlier one succeeds.

    Args:
        flat: What `flatten` made of the submission.
        cell_time_s: Wall time of one cell.
        total_time_s: Wall time of all cells.
        module_name: Name of the main file's module in `sys.modules` (never `__main__`: guarded code
            must not run). An underscore is put before it where the student has a helper of that
            name.
        clock: Seconds, monotonic.
        let_through: Exceptions that end the load: on a student's own machine, Ctrl-C.

    Returns:
        The module to take entry points from, and what became of the cells.
    """
    started = clock()
    modules = dict(flat.modules)
    own_name = stem(flat.main).removeprefix(folder_of(flat.main))
    while module_name in modules and module_name != own_name:
        module_name = f"_{module_name}"
    finder = MemoryFinder(modules, module_name).install()
    sys.argv = [flat.main]
    reserve_s = min(1.0, _RESERVE * total_time_s)
    times = _Times(clock, cell_time_s, started + total_time_s, reserve_s)
    run = _Run(flat, module_name, finder, let_through)
    with alarm_handler() as interruptible:
        run.all_cells(times, interruptible=interruptible)
    run.lend_entry_points()
    _switch_gradients_on()
    failures = tuple(progress.failure for progress in run.steps if progress.failure is not None)
    return run.main, LoadReport(failures, clock() - started, run.stopped)


class _Run:
    """The namespaces and cells of one load."""

    def __init__(
        self,
        flat: FlatSubmission,
        module_name: str,
        finder: MemoryFinder,
        let_through: tuple[type[BaseException], ...],
    ) -> None:
        self._flat = flat
        self._let_through: tuple[type[BaseException], ...] = (Interrupted, *let_through)
        self.stopped = False
        self.main = self._namespace(flat.main, module_name, module_name, finder)
        self.main.__path__ = []  # A package without a folder: `from .helper import f`
        self._others: dict[str, ModuleType] = {}
        self.steps: list[_Progress] = []
        self._functions: dict[tuple[str, str], object] = {}
        flags: dict[str, int] = {}
        for cell in flat.cells:
            module = self.main if cell.file == flat.main else self._others.get(cell.file)
            if module is None:
                name = f"{module_name}.{stem(cell.file).replace('/', '.')}"
                module = self._namespace(cell.file, name, module_name, finder)
                self._others[cell.file] = module
            statements, flags[cell.file] = statements_of(cell, flags.get(cell.file, 0))
            self.steps.append(_Progress(cell, module, statements))
        self._binders: dict[tuple[str, str], list[_Progress]] = {}
        for step in reversed(self.steps):
            for name in step.names:
                self._binders.setdefault((step.cell.file, name), []).append(step)
        self._remember()

    def _namespace(self, file: str, name: str, package: str, finder: MemoryFinder) -> ModuleType:
        module = ModuleType(name)
        module.__package__ = package
        # The caller puts the main file's folder, with its data, into the working directory.
        module.__file__ = str(Path.cwd() / file.removeprefix(folder_of(self._flat.main)))
        prepare(module)
        path = stem(file).removesuffix("/__init__")
        paths = (path, path.removeprefix(folder_of(self._flat.main)))
        finder.register(module, [key.replace("/", ".") for key in paths])
        return module

    def _remember(self) -> None:
        """Source lines for tracebacks and `inspect`; a script's lines keep their numbers."""
        lines: dict[str, list[str]] = {}
        for step in self.steps:
            known = lines.setdefault(step.cell.filename, [])
            known.extend([""] * (step.cell.first_line - 1 - len(known)))
            known.extend(step.cell.source.removesuffix("\n").split("\n"))
            if step.cell.filename == step.cell.file and step.module.__file__:
                lines[step.module.__file__] = known  # Where `inspect` looks for a class.
        for filename, known in lines.items():
            remember_source(filename, "\n".join(known))

    def all_cells(self, times: _Times, *, interruptible: bool) -> None:
        """Run them in order, then those again that missed a name which may be there by now."""
        waiting = self.steps
        for again in range(_ROUNDS):
            for progress in waiting:
                self._attempt(progress, times, interruptible=interruptible)
            missed = [progress for progress in waiting if progress.retry]
            if not missed or (again and len(missed) == len(waiting)):
                return
            if times.clock() > times.deadline - times.reserve_s:
                self.stopped = True
                return
            waiting = missed

    def _attempt(self, progress: _Progress, times: _Times, *, interruptible: bool) -> None:
        """Run a cell and note what became of it."""
        later = self._later_values(progress) if progress.retry else {}
        progress.failure, progress.retry = None, False
        cell_ends = times.clock() + times.cell_s
        for number, statement in enumerate(progress.statements):
            if number in progress.overran:
                progress.fail(statement, "timed_out")
                continue
            left_s = times.left_s(statement)
            if left_s <= 0:
                self.stopped = True
                progress.fail(statement, "timed_out")
                continue
            limit_s = min(left_s, max(cell_ends - times.clock(), _GRACE * times.cell_s))
            action = partial(self._run, progress, statement)
            if not (run_limited(action, limit_s) if interruptible else action() is None):
                progress.overran.add(number)
                progress.fail(statement, "timed_out")
            self._remember_functions(progress)
        progress.module.__dict__.update(later)

    def _later_values(self, progress: _Progress) -> dict[str, object]:
        """Values of this cell's names that a later cell has bound again: the last one counts."""
        namespace = progress.module.__dict__
        later: dict[str, object] = {}
        for name in progress.names:
            for binder in self._binders[progress.cell.file, name]:  # The last one first.
                if binder is progress:
                    break
                if binder.failure is None and name in namespace:
                    later[name] = namespace[name]
                    break
        return later

    def _run(self, progress: _Progress, statement: Statement) -> None:
        cell = progress.cell
        try:
            code = statement.code or compile_quietly(cell.source, cell.filename)
            exec(code, progress.module.__dict__)  # noqa: S102 (the sandbox's purpose)
        except self._let_through:
            raise
        except BaseException as error:  # noqa: BLE001 (sys.exit() ends its statement only)
            progress.fail(statement, "raised", error)

    def _remember_functions(self, progress: _Progress) -> None:
        """`accuracy = accuracy(model, loader)`: the number must not cost the function."""
        for name, _ in self._flat.definitions:
            value = progress.module.__dict__.get(name)
            if callable(value):
                self._functions[progress.cell.file, name] = value

    def lend_entry_points(self) -> None:
        """Give the main namespace every entry point, from the file that it is taken from."""
        for name, places in self._flat.definitions:
            for file in (*self._others, self._flat.main):
                taken_from = bool(places) and places[0].startswith(f"{shown(file)} ")
                if (file, name) in self._functions and (
                    taken_from or not callable(self.main.__dict__.get(name))
                ):
                    self.main.__dict__[name] = self._functions[file, name]


def _switch_gradients_on() -> None:
    """`torch.set_grad_enabled(False)` in the last cell must not stop the training above it."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_grad_enabled(True)


def _failure(cell: Cell, kind: Kind, error: BaseException | None) -> CellFailure:
    if error is None:
        return CellFailure(cell.label, kind, "", "", None, ())
    return CellFailure(cell.label, kind, _type_name(error), _text(error), _line(error, cell), ())


def _type_name(error: BaseException) -> str:
    return next((kind.__name__ for kind in _BUILTIN_EXCEPTIONS if kind is type(error)), "exception")


def _text(error: BaseException) -> str:
    try:
        text = str(error)[:MAX_MESSAGE]
        return str.__str__(text).encode(errors="replace").decode()
    except Interrupted:
        raise
    except BaseException:  # noqa: BLE001 (attack 53: a __str__ that raises)
        return "(its text cannot be read)"


def _line(error: BaseException, cell: Cell) -> int | None:
    """The innermost line that lies in the cell itself."""
    line: int | None = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == cell.filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    if line is None and isinstance(error, SyntaxError) and error.filename == cell.filename:
        line = error.lineno
    return line if isinstance(line, int) and line > 0 else None
