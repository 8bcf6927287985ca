"""Reads each file of a submission that holds code, and says what it defines.

Brings scripts and notebooks to one form (`Source`). Knows the entry points only as names to look
for; chooses nothing.
"""

import ast
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final

from autograder.submission import notebook, script
from autograder.submission.archive import shown
from autograder.submission.flat import Cell, FlattenLimits, SubmissionUnreadable, name_fault
from autograder.submission.magics import MagicBudget, PlainCell, to_python, written_file
from autograder.submission.syntax import SourceFault, bindings, imported_modules, parse

#: Endings of code; the longer ones are what browsers and mail programs make of them.
_SCRIPTS: Final = (".py", ".pyw", ".py.txt")
_NOTEBOOKS: Final = (".ipynb", ".ipynb.txt", ".ipynb.json")


@dataclass(frozen=True, slots=True)
class Place:
    """One place at which an entry point is defined.

    Attributes:
        where: Without the file: "cell 3 line 2" or "line 12".
        finished: False for a body that was left as the handout has it.
        conditional: True inside if, try, with or a loop.
    """

    name: str
    where: str
    finished: bool
    conditional: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A script or notebook, read.

    Attributes:
        name: File name within the submission.
        is_notebook: What it was read as.
        cells: What can run of it.
        places: The definitions of entry points in it, in order; imports are none.
        imports: Last parts of the names of modules that it imports.
        notes: What was left out of it, for the student.
    """

    name: str
    is_notebook: bool
    cells: tuple[Cell, ...]
    places: tuple[Place, ...]
    imports: frozenset[str]
    notes: tuple[str, ...]

    @property
    def defined(self) -> frozenset[str]:
        """The entry points that it defines."""
        return frozenset(place.name for place in self.places)

    @property
    def finished(self) -> frozenset[str]:
        """Those of them that have a body."""
        return frozenset(place.name for place in self.places if place.finished)

    def text(self) -> str:
        """The source as one importable module; the lines of a script keep their numbers."""
        lines: list[str] = []
        for cell in self.cells:
            if not self.is_notebook:
                lines.extend([""] * (cell.first_line - 1 - len(lines)))
            lines.extend(cell.source.removesuffix("\n").split("\n"))
        return "\n".join([*lines, ""])


def is_code(name: str) -> bool:
    """True for the name of a script or notebook."""
    return name.casefold().endswith((*_SCRIPTS, *_NOTEBOOKS))


def stem(name: str) -> str:
    """The file name without the ending of code: `pkg/a.py` is `pkg/a`."""
    for ending in sorted((*_SCRIPTS, *_NOTEBOOKS), key=len, reverse=True):
        if name.casefold().endswith(ending):
            return name[: -len(ending)]
    return name


def read_sources(
    files: Mapping[str, bytes], entry_points: Sequence[str], limits: FlattenLimits
) -> tuple[list[Source], list[str]]:
    """Read everything that holds code, in name order.

    Returns:
        The sources, and for every file that could not be read its reason.
    """
    sources: list[Source] = []
    faults: list[str] = []
    budget = MagicBudget(limits.magic_work)
    reader = _Reader(frozenset(entry_points), limits, budget, limits.source_chars)
    for name in sorted(filter(is_code, files)):
        try:
            sources.append(reader.read(name, files[name]))
        except SubmissionUnreadable as error:
            faults.append(str(error))
    for name, text in reader.written.items():
        if name not in files:  # Else it lies there as the cell has written it.
            sources.append(reader.read(name, text.encode(errors="replace")))
    return sources, faults


@dataclass(slots=True)
class _Reader:
    """Reads one file after the other within limits that hold for all of them together.

    Attributes:
        room: Characters of source that may still be taken.
        written: Name and text of the scripts that cells of notebooks write.
    """

    entry_points: frozenset[str]
    limits: FlattenLimits
    budget: MagicBudget
    room: int
    written: dict[str, str] = field(default_factory=dict)

    def read(self, name: str, content: bytes) -> Source:
        """Read a script or a notebook.

        Raises:
            SubmissionUnreadable: It is neither, or too large.
        """
        if notebook.looks_like_notebook(content):
            return self._notebook(name, content)
        if not name.casefold().endswith(_NOTEBOOKS):
            return self._script(name, content)
        if notebook.may_be_json(content) or not _is_python(content):
            return self._notebook(name, content)
        note = f"{shown(name)} is not a notebook but a script; it was read as one."
        source = self._script(name, content)
        return replace(source, notes=(note, *source.notes))

    def _script(self, name: str, content: bytes) -> Source:
        text = script.decode(content)
        self._take(name, len(text) + 1)
        cells, notes = script.split(name, text, shown(name))
        places: list[Place] = []
        imports: set[str] = set()
        # One more than can run, so that whoever cuts the list notices.
        for cell in cells[: self.limits.cells + 1]:
            tree = parse(cell.source)
            imports |= imported_modules(tree)
            places.extend(self._places(tree, "line ", cell.first_line - 1))
        return Source(name, False, cells, tuple(places), frozenset(imports), notes)

    def _notebook(self, name: str, content: bytes) -> Source:
        raw_cells, read_notes = notebook.read(name, content)
        self._take(name, sum(len(raw.source) + 1 for raw in raw_cells))
        notes = list(read_notes)
        cells: list[Cell] = []
        places: list[Place] = []
        imports: set[str] = set()
        code = [raw for raw in raw_cells if raw.is_code]
        for raw in code[: self.limits.cells + 1]:
            label = f"cell {raw.number}"
            if self._writes(name, raw.source):
                continue
            try:
                plain = to_python(raw.source, self.budget)
            except SourceFault as fault:
                where = f" line {fault.line}" if fault.line else ""
                left_out = f"{fault.reason}. The cell was left out."
                notes.append(f"{shown(name)} {label}{where}: {left_out}")
                continue
            self._take(name, max(0, len(plain.source) - len(raw.source)))
            notes.extend(f"{shown(name)} {label}{note}" for note in _left_out(plain))
            imports |= imported_modules(plain.tree)
            cells.append(Cell(label, name, 1, plain.source))
            places.extend(self._places(plain.tree, f"{label} line ", 0))
        text = [raw for raw in raw_cells if not raw.is_code]
        notes.extend(self._answers_in_text(name, text, {place.name for place in places}))
        if not code:
            notes.append(f"{shown(name)} holds no code. Was it saved before it was handed in?")
        return Source(name, True, tuple(cells), tuple(places), frozenset(imports), tuple(notes))

    def _writes(self, name: str, source: str) -> bool:
        """Take a `%%writefile layers.py` cell as the file that it writes."""
        written = written_file(source)
        if written is None:
            return False
        path = posixpath.normpath(folder_of(name) + written.name)
        if name_fault(path) is None:
            before = self.written.get(path, "") if written.append else ""
            self.written[path] = before + written.text.rstrip("\n") + "\n"
        return True

    def _answers_in_text(
        self, name: str, cells: Sequence[notebook.RawCell], defined: set[str]
    ) -> Iterator[str]:
        missing = sorted(self.entry_points - defined)
        for raw in cells:
            for entry_point in missing:
                # With a body: the task's own text shows the head.
                if re.search(rf"^\s*def {re.escape(entry_point)}\b.*:\s*\n\s+\S", raw.source, re.M):
                    yield (
                        f"{shown(name)} cell {raw.number}: {entry_point} stands in a text cell, "
                        "which does not run. Make it a code cell."
                    )

    def _places(self, tree: ast.Module, where: str, lines_above: int) -> list[Place]:
        return [
            Place(
                binding.name,
                f"{where}{lines_above + binding.line}",
                binding.finished,
                binding.conditional,
            )
            for binding in bindings(tree)
            if binding.name in self.entry_points and not binding.imported
        ]

    def _take(self, name: str, characters: int) -> None:
        if characters > self.room:
            most = self.limits.source_chars
            raise SubmissionUnreadable(
                f"{shown(name)} was left out: more than {most} characters of source in sum."
            )
        self.room -= characters


def _is_python(content: bytes) -> bool:
    try:
        return bool(bindings(parse(script.decode(content))))
    except SourceFault:
        return False


def _left_out(plain: PlainCell) -> Iterator[str]:
    """What of a cell does not run, to be put behind its name."""
    if plain.faults:
        first, more = plain.faults[0], len(plain.faults) - 1
        rest = f", and {more} more" if more else ""
        yield f" line {first.line}: {first.reason}. This part was left out{rest}."
    if plain.shell_lines:
        many = plain.shell_lines != 1
        count = f"{plain.shell_lines} shell lines (!) were" if many else "1 shell line (!) was"
        yield f": {count} not run."


def folder_of(name: str) -> str:
    """The folder that a file lies in, as a prefix: "src/" for `src/a.py`, "" at the top."""
    parent = PurePosixPath(name).parent
    return "" if parent == PurePosixPath() else f"{parent}/"
