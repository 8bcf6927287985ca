"""Reads a notebook's JSON directly: code cells only, of nbformat 3 and 4.

Outputs and metadata are dropped unread. nbformat's own validation would refuse notebooks that run
(no kernelspec, no cell ids). Knows nothing of magics.
"""

import json
from dataclasses import dataclass

from autograder.submission.archive import shown
from autograder.submission.flat import SubmissionUnreadable


@dataclass(frozen=True, slots=True)
class RawCell:
    """A code cell as it stands in the file.

    Attributes:
        number: Position among all cells of the notebook, text cells too, from 1.
        source: IPython's dialect, with line feeds only.
    """

    number: int
    source: str


def looks_like_notebook(content: bytes) -> bool:
    """True for a notebook under another ending, such as .py where only that could be handed in."""
    head = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return head == b"{" and b'"nbformat"' in content


def read(name: str, content: bytes) -> tuple[tuple[RawCell, ...], tuple[str, ...]]:
    """The code cells of a notebook, and notes on those that cannot be read.

    Raises:
        SubmissionUnreadable: The file is not a notebook; says where it breaks.
    """
    place = shown(name)
    cells: list[RawCell] = []
    notes: list[str] = []
    for number, cell in enumerate(_cells(_document(place, content), place), start=1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = _source(cell)
        if source is None:
            notes.append(f"{place} cell {number}: its source is not text; the cell was left out.")
        elif source.strip():
            cells.append(RawCell(number, source.replace("\r\n", "\n").replace("\r", "\n")))
    return tuple(cells), tuple(notes)


def _document(place: str, content: bytes) -> object:
    advice = "Open it in Jupyter, save it again and hand that in."
    try:
        return json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        if not content.strip():
            raise SubmissionUnreadable(
                f"{place} is empty. Save the notebook and hand it in."
            ) from None
        raise SubmissionUnreadable(
            f"{place} is not a notebook: its JSON breaks at line {error.lineno}. {advice}"
        ) from None
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
        source = "".join(source)
    return source if isinstance(source, str) else None
