"""Reads each file of a submission that holds code, and says what it defines.

Brings scripts and notebooks to one form (`Source`). Knows the entry points only as names to look
for; chooses nothing.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from autograder.submission import notebook, script
from autograder.submission.archive import shown
from autograder.submission.flat import Cell, FlattenLimits, SubmissionUnreadable
from autograder.submission.magics import MagicBudget, to_python
from autograder.submission.syntax import SourceFault, bindings, parse

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
        notes: What was left out of it, for the student.
    """

    name: str
    is_notebook: bool
    cells: tuple[Cell, ...]
    places: tuple[Place, ...]
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
    return sources, faults


@dataclass(slots=True)
class _Reader:
    """Reads one file after the other within limits that hold for all of them together.

    Attributes:
        room: Characters of source that may still be taken.
    """

    entry_points: frozenset[str]
    limits: FlattenLimits
    budget: MagicBudget
    room: int

    def read(self, name: str, content: bytes) -> Source:
        """Read a script or a notebook.

        Raises:
            SubmissionUnreadable: It is neither, or too large.
        """
        if name.casefold().endswith(_NOTEBOOKS) or notebook.looks_like_notebook(content):
            return self._notebook(name, content)
        return self._script(name, content)

    def _script(self, name: str, content: bytes) -> Source:
        text = script.decode(content)
        self._take(name, len(text) + 1)
        cells, notes = script.split(name, text, shown(name))
        places: list[Place] = []
        # One more than can run, so that whoever cuts the list notices.
        for cell in cells[: self.limits.cells + 1]:
            places.extend(self._places(parse(cell.source), "line ", cell.first_line - 1))
        return Source(name, is_notebook=False, cells=cells, places=tuple(places), notes=notes)

    def _notebook(self, name: str, content: bytes) -> Source:
        raw_cells, read_notes = notebook.read(name, content)
        self._take(name, sum(len(raw.source) + 1 for raw in raw_cells))
        notes = list(read_notes)
        cells: list[Cell] = []
        places: list[Place] = []
        for raw in raw_cells[: self.limits.cells + 1]:
            label = f"cell {raw.number}"
            try:
                plain = to_python(raw.source, self.budget)
            except SourceFault as fault:
                where = f" line {fault.line}" if fault.line else ""
                left_out = f"{fault.reason}. The cell was left out."
                notes.append(f"{shown(name)} {label}{where}: {left_out}")
                continue
            self._take(name, max(0, len(plain.source) - len(raw.source)))
            notes.extend(f"{shown(name)} {label}: {note}" for note in plain.notes)
            cells.append(Cell(label, name, 1, plain.source))
            places.extend(self._places(plain.tree, f"{label} line ", 0))
        return Source(
            name, is_notebook=True, cells=tuple(cells), places=tuple(places), notes=tuple(notes)
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


def folder_of(name: str) -> str:
    """The folder that a file lies in, as a prefix: "src/" for `src/a.py`, "" at the top."""
    parent = PurePosixPath(name).parent
    return "" if parent == PurePosixPath() else f"{parent}/"
