"""Reads a script: bytes to text, text to one cell per top-level statement, with true line numbers.

Where the file does not parse, the blocks that do are kept. Knows nothing of notebooks and runs
nothing.
"""

import ast
import codecs
import io
import tokenize
from collections.abc import Iterator, Sequence

from autograder.submission.flat import Cell
from autograder.submission.salvage import parsing_parts
from autograder.submission.syntax import SourceFault, parse


def decode(content: bytes) -> str:
    """The text of a script by its byte order mark or PEP 263 cookie, else UTF-8, else cp1252."""
    text = _decoded(content)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    if content.startswith(
        (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):  # Windows' notepad, PowerShell's `>`.
        return content.decode("utf-16", errors="replace")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except (
        SyntaxError,
        LookupError,
        ValueError,
    ):  # An unknown cookie, or bytes that are not what it says.
        pass
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except ValueError:
            continue
    return content.decode("latin-1")  # Takes every byte.


def split(file: str, text: str, place: str) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """One cell per top-level statement, so that one that fails does not stop the others.

    Args:
        file: Name of the file within the submission.
        text: Its text, with line feeds only.
        place: The file's name as a message shows it.

    Returns:
        The cells, and notes on the parts that do not parse.
    """
    lines = text.split("\n")  # Never splitlines: form feeds and U+2028 do not end a line of Python.
    notes: list[str] = []
    try:
        spans = list(_statement_spans(parse(text), len(lines)))
    except SourceFault as fault:
        parts, faults = parsing_parts(lines, parse)
        spans = [(part.start, part.stop) for part in parts]
        notes = [f"{place} line {f.line}: {f.reason}. This part was left out." for f in faults]
        if (
            not notes
        ):  # Every block parses, the whole does not: a `from __future__` out of place, for example.
            where = f" line {fault.line}" if fault.line else ""
            notes = [f"{place}{where}: {fault.reason}."]
    cells = []
    for start, stop in spans:
        source = "\n".join(lines[start:stop]) + "\n"
        cells.append(Cell(f"line {_first_code_line(lines, start, stop)}", file, start + 1, source))
    return tuple(cells), tuple(notes)


def _first_code_line(lines: Sequence[str], start: int, stop: int) -> int:
    for index in range(start, stop):
        if lines[index].strip() and not lines[index].lstrip().startswith("#"):
            return index + 1
    return start + 1


def _statement_spans(tree: ast.Module, line_count: int) -> Iterator[tuple[int, int]]:
    """Half-open line ranges of the top-level statements, each with the comments above it."""
    start = 0
    stop = 0
    for node in tree.body:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
        if stop and first >= stop:
            yield start, stop
            start = stop
        stop = max(stop, node.end_lineno or node.lineno)
    if stop:
        yield start, min(stop, line_count)
