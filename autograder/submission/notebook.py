"""Reads a notebook's JSON directly: the text of its cells, of nbformat 3 and 4.

Outputs and metadata are dropped unread. nbformat's own validation would refuse notebooks that run
(no kernelspec, no cell ids). Knows nothing of magics.
"""

import codecs
import json
import re
from dataclasses import dataclass
from typing import Final

from autograder.submission.archive import shown
from autograder.submission.flat import SubmissionUnreadable

_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as it stands in the file.

    Attributes:
        number: Position among all cells of the notebook, text cells too, from 1.
        source: IPython's dialect, with line feeds only.
        is_code: False for text cells and raw ones.
    """

    number: int
    source: str
    is_code: bool


def looks_like_notebook(content: bytes) -> bool:
    """True for a notebook under another ending, such as .py where only that could be handed in."""
    head = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return head == b"{" and b'"nbformat"' in content


def may_be_json(content: bytes) -> bool:
    """False for what can only be something else, such as a script."""
    head = content.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    return head in {b"", b"{", b"["} or content.startswith(_UTF_16)


def read(name: str, content: bytes) -> tuple[tuple[RawCell, ...], tuple[str, ...]]:
    """The cells of a notebook, and notes on code cells that cannot be read.

    Raises:
        SubmissionUnreadable: The file is not a notebook; says where it breaks.
    """
    place = shown(name)
    cells: list[RawCell] = []
    notes: list[str] = []
    for number, cell in enumerate(_cells(_document(place, content), place), start=1):
        if not isinstance(cell, dict):
            continue
        source, is_code = _source(cell), cell.get("cell_type") == "code"
        if source is None and is_code:
            notes.append(f"{place} cell {number}: its source is not text; the cell was left out.")
        elif source is not None and source.strip():
            text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
            cells.append(RawCell(number, text, is_code))
    return tuple(cells), tuple(notes)


def _document(place: str, content: bytes) -> object:
    advice = "Open it in Jupyter, save it again and hand that in."
    try:
        return json.loads(_decoded(content))
    except json.JSONDecodeError as error:
        if not content.strip():
            raise SubmissionUnreadable(
                f"{place} is empty. Save the notebook and hand it in."
            ) from None
        reason = _why_no_json(content, error)
        raise SubmissionUnreadable(f"{place} is not a notebook{reason or advice}") from None
    except UnicodeDecodeError:
        raise SubmissionUnreadable(
            f"{place} is not a notebook: it is not UTF-8. {advice}"
        ) from None
    except (
        RecursionError,
        MemoryError,
        ValueError,
    ):  # Deep nesting; integers of thousands of digits.
        raise SubmissionUnreadable(
            f"{place} is not a notebook: it is nested too deeply. {advice}"
        ) from None


def _decoded(content: bytes) -> str:
    """The text: UTF-8 by the format; UTF-16 by PowerShell, Windows-1252 by careless programs."""
    if content.startswith(_UTF_16):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _why_no_json(content: bytes, error: json.JSONDecodeError) -> str:
    """What the file is instead, and what to do."""
    head = content[:200].lstrip().lower()
    itself = "Hand in the notebook itself: hand in the .ipynb file that Jupyter saves."
    if head.startswith(b"%pdf"):
        return f" but a PDF. {itself}"
    if head.startswith((b"<!doctype html", b"<html")):
        return f" but a page for a browser. {itself}"
    mark = re.search(rb"^<{7}", content, re.MULTILINE)
    if mark is not None:
        line = content.count(b"\n", 0, mark.start()) + 1
        return f": in line {line} stands the mark of a merge conflict. Resolve it and hand it in."
    where = f": its JSON breaks at line {error.lineno}"
    if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"{where}, where the file breaks off. Hand in the whole file."
    return f"{where}. Open it in Jupyter, save it again and hand that in."


def _cells(document: object, place: str) -> list[object]:
    found: list[object] = []
    if isinstance(document, dict):
        holders = [document]
        if isinstance(document.get("worksheets"), list):  # nbformat 3
            holders += [sheet for sheet in document["worksheets"] if isinstance(sheet, dict)]
        lists = [holder["cells"] for holder in holders if isinstance(holder.get("cells"), list)]
        if lists:
            for cells in lists:
                found.extend(cells)
            return found
    raise SubmissionUnreadable(
        f"{place} is not a notebook: it has no list of cells. "
        "Open it in Jupyter, save it again and hand that in."
    )


def _source(cell: dict[str, object]) -> str | None:
    source = cell.get("source", cell.get("input", ""))  # "input" in nbformat 3
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        # Jupyter keeps the line feeds; some programs that write notebooks forget them.
        kept = len(source) < 2 or any(line.endswith("\n") for line in source[:-1])
        source = ("" if kept else "\n").join(source)
    return source if isinstance(source, str) else None
