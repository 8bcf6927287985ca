"""Runs a flat submission: every cell on its own, within its time, in one namespace per file.

Runs student code, so it belongs into the sandbox, or onto the student's own machine. A cell that
fails is reported and does not stop the others.
"""

import __future__

import builtins
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Final

from autograder.submission.flat import Cell, FlatSubmission
from autograder.submission.interrupt import Interrupted, alarm_handler, run_limited
from autograder.submission.memory_modules import MemoryFinder, compile_quietly, remember_source
from autograder.submission.report import MAX_MESSAGE, MAX_NAMES, CellFailure, Kind, LoadReport
from autograder.submission.shell import prepare
from autograder.submission.sources import folder_of, stem
from autograder.submission.syntax import SourceFault, bindings, is_declaration, parse

__all__ = ["CellFailure", "LoadReport", "load"]

#: Taken before student code can change `builtins`; compared by identity: `==` can be redefined.
_BUILTIN_EXCEPTIONS: Final = tuple(
    kind
    for kind in vars(builtins).values()
    if isinstance(kind, type) and issubclass(kind, BaseException)
)
_FUTURE_FLAGS: Final = sum(
    getattr(__future__, name).compiler_flag for name in __future__.all_feature_names
)
#: Part of the whole time, at most a second, kept for bare definitions after long cells.
_RESERVE: Final = 0.1


@dataclass(slots=True, eq=False)
class _Progress:
    """A cell on its way.

    Attributes:
        names: What it binds.
        declares: True where it only defines and imports.
        failure: Why its last run failed; None where it succeeded or has not run.
        retry: True where it failed because a name was missing.
    """

    cell: Cell
    module: ModuleType
    names: tuple[str, ...]
    declares: bool
    failure: CellFailure | None = None
    retry: bool = False


def load(
    flat: FlatSubmission,
    *,
    cell_time_s: float,
    total_time_s: float,
    module_name: str = "submission",
    clock: Callable[[], float] = time.monotonic,
) -> tuple[ModuleType, LoadReport]:
    """Run every cell in order, then once more those that missed a name.

    A cell that overruns is interrupted where the system allows it. Once the whole time is spent,
    cells that only define and import still run (they cost nothing), the others do not. A name that
    a later cell defines again stays as the later cell left it, however late the earlier one
    succeeds.

    Args:
        flat: What `flatten` made of the submission.
        cell_time_s: Wall time of one cell.
        total_time_s: Wall time of all cells.
        module_name: Name of the main file's module in `sys.modules` (never `__main__`: guarded code
            must not run). An underscore is put before it where the student has a helper of that
            name.
        clock: Seconds, monotonic.

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
    run = _Run(flat, module_name, finder)
    deadline = started + total_time_s
    reserve = min(1.0, _RESERVE * total_time_s)
    with alarm_handler() as interruptible:
        for again in (False, True):
            for progress in run.steps:
                if again and not progress.retry:
                    continue
                left = deadline - clock() - (0 if progress.declares else reserve)
                if left <= 0:
                    run.stop(progress, again=again)
                    continue
                run.attempt(progress, min(cell_time_s, left), interruptible=interruptible)
        run.lend_entry_points()
    failures = tuple(progress.failure for progress in run.steps if progress.failure is not None)
    return run.main, LoadReport(failures, clock() - started, run.stopped)


class _Run:
    """The namespaces and cells of one load."""

    def __init__(self, flat: FlatSubmission, module_name: str, finder: MemoryFinder) -> None:
        self._flat = flat
        self._flags: dict[str, int] = {}
        self.stopped = False
        self.main = self._namespace(flat.main, module_name, module_name, finder)
        self.main.__path__ = []  # A package without a folder: `from .helper import f`
        self._others: dict[str, ModuleType] = {}
        self.steps: list[_Progress] = []
        for cell in flat.cells:
            module = self.main if cell.file == flat.main else self._others.get(cell.file)
            if module is None:
                name = f"{module_name}.{stem(cell.file).replace('/', '.')}"
                module = self._namespace(cell.file, name, module_name, finder)
                self._others[cell.file] = module
            self.steps.append(_progress(cell, module))
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

    def stop(self, progress: _Progress, *, again: bool) -> None:
        """There is no time left for a cell."""
        self.stopped = True
        if not again:
            progress.failure = _failure(progress, "timed_out")

    def attempt(self, progress: _Progress, limit_s: float, *, interruptible: bool) -> None:
        """Run a cell and note what became of it."""
        namespace = progress.module.__dict__
        later = self._later_values(progress) if progress.retry else {}
        progress.failure, progress.retry = None, False
        action = partial(self._run_cell, progress)
        finished = run_limited(action, limit_s) if interruptible else action() is None
        if not finished:
            progress.failure, progress.retry = _failure(progress, "timed_out"), False
        namespace.update(later)

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

    def _run_cell(self, progress: _Progress) -> None:
        cell = progress.cell
        try:
            flags = self._flags.get(cell.file, 0)
            padding = "\n" * (cell.first_line - 1)
            code = compile_quietly(padding + cell.source, cell.filename, flags)
            self._flags[cell.file] = flags | (code.co_flags & _FUTURE_FLAGS)
            exec(code, progress.module.__dict__)  # noqa: S102 (the sandbox's purpose)
        except Interrupted:
            raise
        except BaseException as error:  # noqa: BLE001 (sys.exit() ends its cell only)
            progress.failure = _failure(progress, "raised", error)
            progress.retry = type(error) is NameError

    def lend_entry_points(self) -> None:
        """Give the main namespace the entry points that only another file defines."""
        for name, _ in self._flat.definitions:
            for module in self._others.values():
                if name not in self.main.__dict__ and name in module.__dict__:
                    self.main.__dict__[name] = module.__dict__[name]


def _progress(cell: Cell, module: ModuleType) -> _Progress:
    try:
        tree = parse(cell.source)
    except SourceFault:  # Flattened by another version of Python; running it will say so.
        return _Progress(cell, module, (), declares=False)
    names = tuple(dict.fromkeys(binding.name for binding in bindings(tree)))
    return _Progress(cell, module, names, is_declaration(tree))


def _failure(progress: _Progress, kind: Kind, error: BaseException | None = None) -> CellFailure:
    names = tuple(name[:100] for name in progress.names[:MAX_NAMES])
    label = progress.cell.label
    if error is None:
        return CellFailure(label, kind, "", "", None, names)
    return CellFailure(label, kind, _type_name(error), _text(error), _line(error, progress), names)


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


def _line(error: BaseException, progress: _Progress) -> int | None:
    """The innermost line that lies in the cell itself."""
    line: int | None = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == progress.cell.filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    if line is None and isinstance(error, SyntaxError) and error.filename == progress.cell.filename:
        line = error.lineno
    return line if isinstance(line, int) and line > 0 else None
