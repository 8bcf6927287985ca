"""Reads each file of a submission that holds code, and says what it defines.

Brings scripts and notebooks to one form (`Source`). Knows the entry points only as names to look
for; chooses nothing.
"""

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
    room = limits.source_chars
    for name in sorted(filter(is_code, files)):
        try:
            source = _read(name, files[name], frozenset(entry_points), budget)
        except SubmissionUnreadable as error:
            faults.append(str(error))
            continue
        room -= sum(len(cell.source) for cell in source.cells)
        if room < 0:
            most = limits.source_chars
            faults.append(
                f"{shown(name)} was left out: more than {most} characters of source in sum."
            )
            break
        sources.append(source)
    return sources, faults


def _read(name: str, content: bytes, entry_points: frozenset[str], budget: MagicBudget) -> Source:
    if name.casefold().endswith(_NOTEBOOKS) or notebook.looks_like_notebook(content):
        return _read_notebook(name, content, entry_points, budget)
    cells, notes = script.split(name, script.decode(content), shown(name))
    places: list[Place] = []
    for cell in cells:
        for binding in bindings(parse(cell.source)):
            if binding.name in entry_points and not binding.imported:
                where = f"line {cell.first_line + binding.line - 1}"
                places.append(Place(binding.name, where, binding.finished, binding.conditional))
    return Source(name, is_notebook=False, cells=cells, places=tuple(places), notes=notes)


def _read_notebook(
    name: str, content: bytes, entry_points: frozenset[str], budget: MagicBudget
) -> Source:
    raw_cells, read_notes = notebook.read(name, content)
    notes = list(read_notes)
    cells: list[Cell] = []
    places: list[Place] = []
    for raw in raw_cells:
        label = f"cell {raw.number}"
        try:
            plain = to_python(raw.source, budget)
        except SourceFault as fault:
            where = f" line {fault.line}" if fault.line else ""
            notes.append(f"{shown(name)} {label}{where}: {fault.reason}. The cell was left out.")
            continue
        notes.extend(f"{shown(name)} {label}: {note}" for note in plain.notes)
        cells.append(Cell(label, name, 1, plain.source))
        for binding in bindings(plain.tree):
            if binding.name in entry_points and not binding.imported:
                where = f"{label} line {binding.line}"
                places.append(Place(binding.name, where, binding.finished, binding.conditional))
    return Source(
        name, is_notebook=True, cells=tuple(cells), places=tuple(places), notes=tuple(notes)
    )


def folder_of(name: str) -> str:
    """The folder that a file lies in, as a prefix: "src/" for `src/a.py`, "" at the top."""
    parent = PurePosixPath(name).parent
    return "" if parent == PurePosixPath() else f"{parent}/"
