"""Finds what a student handed in for a manual task: the cells that name it, and what they show.

Reads notebooks with their outputs, and scripts in percent format, in memory. Runs nothing, and
trusts nothing: a part is data, to be escaped where it is shown.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Final

from autograder.records import AnswerPart, Submission
from autograder.submission.archive import shown, unpack
from autograder.submission.flat import FlattenLimits

__all__ = ["answer_of"]

#: A larger notebook takes long to read, and most of it is what its cells printed.
_MOST_BYTES: Final = 16 << 20
_MOST_PARTS: Final = 40
_MOST_CHARS: Final = 40_000
_MOST_PICTURE_BYTES: Final = 4 << 20
_PICTURES: Final = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}

_CELL: Final = re.compile(r"^#\s*%%(?P<options>.*)$", re.MULTILINE)
_TASK: Final = re.compile(r'(?<!\w)task\s*=\s*"(?P<id>[^"\\]+)"')


def answer_of(submission: Submission, task: str) -> tuple[AnswerPart, ...]:
    """Returns the parts of an answer in their order; a fault in our own words where there is none."""
    if submission.refused:
        return (AnswerPart(shown(submission.source), "fault", submission.refused),)
    files = unpack({file.name: file.content for file in submission.files}, FlattenLimits()).files
    parts: list[AnswerPart] = []
    for name, content in sorted(files.items()):
        if name.lower().endswith(".ipynb"):
            parts += _of_notebook(shown(name), content, task)
        elif name.lower().endswith(".py"):
            parts += _of_script(shown(name), content, task)
    if len(parts) > _MOST_PARTS:
        more = f"{len(parts) - _MOST_PARTS} more parts are not shown; look at the file itself."
        parts = [*parts[:_MOST_PARTS], AnswerPart(shown(submission.source), "fault", more)]
    if any(part.kind != "fault" for part in parts):
        return tuple(parts)
    words = f'No cell names task {task}; look at the file itself, where its metadata ("task") may be lost.'
    return (*parts, AnswerPart(shown(submission.source), "fault", words))


def _of_notebook(name: str, content: bytes, task: str) -> Iterator[AnswerPart]:
    if len(content) > _MOST_BYTES:
        yield AnswerPart(
            name, "fault", f"Larger than {_MOST_BYTES >> 20} MiB; look at it yourself."
        )
        return
    try:
        document = json.loads(content.decode("utf-8-sig"))
        cells = document["cells"]
    except (ValueError, RecursionError, LookupError, TypeError):
        yield AnswerPart(name, "fault", "It cannot be read as a notebook.")
        return
    for number, cell in enumerate(cells if isinstance(cells, list) else [], start=1):
        metadata = cell.get("metadata") if isinstance(cell, dict) else None
        if isinstance(metadata, dict) and metadata.get("task") == task:
            place = f"{name}, cell {number}"
            is_code = cell.get("cell_type") == "code"
            yield AnswerPart(place, "code" if is_code else "text", _text(cell.get("source")))
            outputs = cell.get("outputs")
            for output in outputs if is_code and isinstance(outputs, list) else []:
                yield from _of_output(place, output)


def _of_output(place: str, output: object) -> Iterator[AnswerPart]:
    if not isinstance(output, dict):
        return
    data = output.get("data")
    if isinstance(data, dict):
        for kind, beginning in _PICTURES.items():
            picture = _picture(data.get(kind))
            if picture.startswith(beginning):
                yield AnswerPart(place, "picture", picture=picture)
                return
    printed = _text(output.get("text")) or _text(output.get("evalue"))
    if isinstance(data, dict):
        printed = printed or _text(data.get("text/plain"))
    if printed:
        yield AnswerPart(place, "printed", printed)


def _picture(value: object) -> bytes:
    encoded = "".join(_text(value, 2 * _MOST_PICTURE_BYTES).split())
    try:
        picture = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return picture if len(picture) <= _MOST_PICTURE_BYTES else b""


def _of_script(name: str, content: bytes, task: str) -> Iterator[AnswerPart]:
    text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    cells = list(_CELL.finditer(text))
    for number, cell in enumerate(cells):
        named = _TASK.search(cell["options"])
        if named is None or named["id"] != task:
            continue
        end = cells[number + 1].start() if number + 1 < len(cells) else len(text)
        body = text[cell.end() : end].strip("\n")
        is_text = "[markdown]" in cell["options"]
        if is_text:
            body = re.sub(r"^# ?", "", body, flags=re.MULTILINE)
        line = text.count("\n", 0, cell.start()) + 1
        yield AnswerPart(f"{name}, line {line}", "text" if is_text else "code", body[:_MOST_CHARS])


def _text(value: object, most: int = _MOST_CHARS) -> str:
    """The text of a notebook's field, which is a string or the list of its lines; cut where it is very long."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    return value[:most] if isinstance(value, str) else ""
