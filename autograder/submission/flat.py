"""What a submission becomes once it is opened: cells in order, what they may import and read.

Knows no file format and runs nothing. `from_plain` is used by the trusted side on what an untrusted
process sent: it believes nothing.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.submission import plain


class SubmissionUnreadable(Exception):  # noqa: N818 (a verdict, not our error)
    """Nothing could be loaded. The message tells the student what, where and what to do."""


@dataclass(frozen=True, slots=True)
class FlattenLimits:
    """How much of a submission is taken. What goes beyond is left out with a note, or refused.

    Attributes:
        files: Files in the whole submission, zip entries included.
        file_bytes: Bytes of one file, unpacked. A notebook's outputs count, so this is generous.
        total_bytes: Bytes of all files, unpacked.
        zip_ratio: Unpacked over packed size of one zip entry above 1 MiB: a bomb, not homework.
        source_chars: Characters of source that runs or can be imported, in sum.
        cells: Cells in sum; every top-level statement of a script is one.
        data_bytes: Bytes of the other files, in sum.
        magic_work: Characters times magic lines that are given to IPython's transformer, in sum
            over the submission. It tokenises the whole cell again for every magic line, 2
            microseconds per unit: 1,000,000 are 2 s.
        notes: Notes for the student.
    """

    files: int = 1_000
    file_bytes: int = 64 << 20
    total_bytes: int = 128 << 20
    zip_ratio: int = 200
    source_chars: int = 4_000_000
    cells: int = 10_000
    data_bytes: int = 32 << 20
    magic_work: int = 1_000_000
    notes: int = 60


#: What `from_plain` accepts at most; also what `flatten` keeps to where its caller gives nothing
#: else.
CEILING = FlattenLimits()
#: Sizes of texts that we write ourselves, in characters.
MAX_NOTE = 600
MAX_LABEL = 40
MAX_ENTRY_POINTS = 500
MAX_PLACES = 200
#: Control and format characters (bidi overrides), lone surrogates, line separators.
_UNSHOWABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of source that runs or fails on its own: a notebook's cell, a script's statement.

    Attributes:
        label: What a person is told: "cell 5", counted from 1 over ALL cells of the notebook, text
            cells too, as one counts them on the screen and as VS Code does; or "line 12" of a
            script.
        file: Name of the file within the submission.
        first_line: Line of `file` on which `source` starts (scripts). 1 for a notebook's cell,
            whose lines are counted within the cell.
        source: Plain Python.
    """

    label: str
    file: str
    first_line: int
    source: str

    @property
    def filename(self) -> str:
        """The name under which the cell is compiled: what tracebacks show and `linecache` knows."""
        return f"{self.file} {self.label}" if self.label.startswith("cell ") else self.file


@dataclass(frozen=True, slots=True)
class FlatSubmission:
    """A submission as cells, importable modules and data.

    Attributes:
        main: The file whose namespace is graded.
        cells: In the order they run. Those of other files that define entry points come first;
            every file has a namespace of its own.
        modules: Dotted name and source of everything that can be imported; packages have the source
            of their `__init__.py`, or none.
        data_files: Name relative to the main file's folder, and content.
        definitions: Entry point and every place it is defined, in order: ("f", ("main.ipynb cell 3
            line 2",)).
        notes: For the student, in our own words.
    """

    main: str
    cells: tuple[Cell, ...]
    modules: tuple[tuple[str, str], ...] = ()
    data_files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    definitions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    notes: tuple[str, ...] = ()

    def to_plain(self) -> dict[str, object]:
        """The same as str, int, list and dict; data files as [name, bytes] for the caller."""
        return {
            "main": self.main,
            "cells": [[cell.label, cell.file, cell.first_line, cell.source] for cell in self.cells],
            "modules": [[name, source] for name, source in self.modules],
            "data_files": [[name, content] for name, content in self.data_files],
            "definitions": [[name, list(places)] for name, places in self.definitions],
            "notes": list(self.notes),
        }

    @classmethod
    def from_plain(cls, value: object) -> "FlatSubmission":
        """Rebuild from `to_plain`'s form, trusting nothing in it.

        Args:
            value: Whatever arrived. The content of a data file may be bytes, bytearray or
                memoryview.

        Raises:
            ValueError: A type, a size or a name is not as it must be.
        """
        keys = ("main", "cells", "modules", "data_files", "definitions", "notes")
        entries = plain.record(value, "submission", keys)
        cells = tuple(
            _cell(entry) for entry in plain.items(entries["cells"], "cells", CEILING.cells)
        )
        modules = tuple(
            _module(entry)
            for entry in plain.items(entries["modules"], "modules", 2 * CEILING.files)
        )
        _within(
            (len(cell.source) for cell in cells),
            CEILING.source_chars,
            "source of the cells (characters)",
        )
        _within(
            (len(source) for _, source in modules),
            2 * CEILING.source_chars,
            "source of the modules (characters)",
        )
        data_files = tuple(
            _data_file(entry)
            for entry in plain.items(entries["data_files"], "data files", CEILING.files)
        )
        _within(
            (len(content) for _, content in data_files), CEILING.data_bytes, "data files (bytes)"
        )
        definitions = plain.items(entries["definitions"], "definitions", MAX_ENTRY_POINTS)
        return cls(
            main=_file_name(entries["main"], "main"),
            cells=cells,
            modules=modules,
            data_files=data_files,
            definitions=tuple(_definition(entry) for entry in definitions),
            notes=plain.texts(entries["notes"], "notes", CEILING.notes + 1, MAX_NOTE),
        )


def name_fault(name: str) -> str | None:
    """Why a name may not be that of a file below a folder, in our own words; None where it may.

    Attack 48 of notes/sandbox.md: `..`, absolute names, drive letters and streams, names that
    cannot be encoded.
    """
    parts = name.split("/")
    if not name or len(name) > plain.MAX_NAME:
        return f"its name is empty or longer than {plain.MAX_NAME} characters"
    if any(part in {"", ".", ".."} for part in parts) or "\\" in name or name[1:2] == ":":
        return "its name leads out of the folder"
    if any(unicodedata.category(character) in _UNSHOWABLE for character in name):
        return "its name holds characters that cannot be shown"
    return None


def _within(sizes: Iterable[int], limit: int, what: str) -> None:
    total = sum(sizes)
    if total > limit:
        raise ValueError(f"{what}: expected at most {limit} in sum, got {total}")


def _file_name(value: object, what: str) -> str:
    name = plain.text(value, what, plain.MAX_NAME)
    fault = name_fault(name)
    if fault is not None:
        raise ValueError(f"{what}: {fault}")
    return name


def _cell(value: object) -> Cell:
    entries = plain.items(value, "cell", 4)
    if len(entries) != 4:
        raise ValueError("cell: expected label, file, first line and source")
    label, file, first_line, source = entries
    return Cell(
        label=plain.text(label, "cell label", MAX_LABEL),
        file=_file_name(file, "cell file"),
        first_line=plain.number(first_line, "cell line", 1, CEILING.source_chars),
        source=plain.text(source, "cell source", CEILING.source_chars),
    )


def _module(value: object) -> tuple[str, str]:
    name, source = plain.pair(value, "module")
    name = plain.text(name, "module name", plain.MAX_NAME)
    if not all(part.isidentifier() for part in name.split(".")):
        raise ValueError("module name: expected identifiers joined by dots")
    return name, plain.text(source, "module source", CEILING.source_chars)


def _data_file(value: object) -> tuple[str, bytes]:
    name, content = plain.pair(value, "data file")
    if type(content) not in (bytes, bytearray, memoryview):
        raise ValueError("data file: expected bytes")
    assert isinstance(content, bytes | bytearray | memoryview)
    return _file_name(name, "data file"), bytes(content)


def _definition(value: object) -> tuple[str, tuple[str, ...]]:
    name, places = plain.pair(value, "definition")
    return (
        plain.text(name, "entry point", plain.MAX_NAME),
        plain.texts(places, "place of a definition", MAX_PLACES, MAX_NOTE),
    )
