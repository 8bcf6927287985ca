"""What the tables of this folder are written in: a case, and small builders where bytes matter."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FILES = Path(__file__).with_name("files")

#: A right answer, as most files of the corpus hold it.
DOUBLE = "def double(x):\n    return 2 * x\n"
RIGHT = {"double(21)": 42}


@dataclass(frozen=True)
class Case:
    """One thing that somebody handed in, and what must come out.

    Attributes:
        sentence: What must come out, for a person.
        files: Names and contents; or the name of a file or folder in `files/`.
        gives: Calls and what they must give. Their names are the entry points.
        notes: Exactly the notes that must be given, in their order; " ... " stands for any words.
        failing: Exactly the cells that must be reported as failed or interrupted.
        refused: Words of the message, where nothing can be graded; " ... " as above.
        cell_time_s: What a cell may take; all together take four times that.
    """

    sentence: str
    files: Mapping[str, bytes] | str
    gives: Mapping[str, object] = field(default_factory=lambda: RIGHT)
    notes: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    refused: str = ""
    cell_time_s: float = 0.6

    def contents(self) -> dict[str, bytes]:
        """The files as the grader gets them."""
        if not isinstance(self.files, str):
            return dict(self.files)
        path = FILES / self.files
        if path.is_file():
            return {path.name: path.read_bytes()}
        inside = sorted(file for file in path.rglob("*") if file.is_file())
        return {file.relative_to(path).as_posix(): file.read_bytes() for file in inside}


def told(pattern: str, text: str) -> bool:
    """True where the words of `pattern` stand in `text` in their order."""
    place = 0
    for words in pattern.split(" ... "):
        found = text.find(words, place)
        if found < 0:
            return False
        place = found + len(words)
    return True


def notebook(*cells: str | tuple[str, str], **top: object) -> bytes:
    """A notebook of code cells; ("markdown", text) or ("raw", text) for another kind."""
    pairs = [cell if isinstance(cell, tuple) else ("code", cell) for cell in cells]
    entries = [{"cell_type": kind, "metadata": {}, "source": text} for kind, text in pairs]
    return json.dumps(
        {"cells": entries, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | top,
        ensure_ascii=False,
    ).encode()


def one(*cells: str | tuple[str, str]) -> dict[str, bytes]:
    """One notebook, hw.ipynb."""
    return {"hw.ipynb": notebook(*cells)}


def script(text: str) -> dict[str, bytes]:
    """One script, hw.py."""
    return {"hw.py": text.encode()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()
