"""Finds the parts of broken source that parse, so that one bad line costs its own statement only.

Knows nothing of files; what a part is translated to is its caller's business.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from autograder.submission.syntax import SourceFault

T = TypeVar("T")

#: A line at column 0 that goes on with the statement above it.
_CONTINUES: Final = re.compile(r"(elif|else|except|finally)\b|[)\]}]")
#: Broken source is parsed at most so many times in sum while its blocks are found, ...
_REPARSE_FACTOR: Final = 200
#: ... and a block that is not complete is tried with at most so many of the blocks below it.
_LONGEST_SEARCH: Final = 60


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A part that parses.

    Attributes:
        start: Index of its first line, ...
        stop: ... and of the one behind its last.
        value: What `translate` made of it.
    """

    start: int
    stop: int
    value: T


def parsing_parts(
    lines: Sequence[str], translate: Callable[[str], T]
) -> tuple[list[Part[T]], list[SourceFault]]:
    """The blocks that parse, and a fault for every one that does not, its line counted in `lines`.

    Args:
        lines: The whole source.
        translate: Raises `SourceFault` for a block that does not parse.
    """
    starts = [*_block_starts(lines), len(lines)]
    budget = _REPARSE_FACTOR * (sum(map(len, lines)) + len(lines))
    parts: list[Part[T]] = []
    faults: list[SourceFault] = []
    index = 0
    while index < len(starts) - 1 and budget > 0:
        start = starts[index]
        first_fault: SourceFault | None = None
        end = index
        while end < min(len(starts) - 1, index + _LONGEST_SEARCH) and budget > 0:
            source = "\n".join(lines[start : starts[end + 1]]) + "\n"
            budget -= len(source)
            try:
                parts.append(Part(start, starts[end + 1], translate(source)))
            except SourceFault as fault:
                first_fault = first_fault or fault
                if not fault.incomplete:
                    break
                end += 1  # A bracket or a triple-quoted string may go on below, at column 0.
            else:
                first_fault = None
                break
        if first_fault is None:
            index = end + 1
        else:
            faults.append(SourceFault(start + (first_fault.line or 1), first_fault.reason))
            index += 1
    if index < len(starts) - 1:
        faults.append(SourceFault(starts[index] + 1, "from here on it could not be read"))
    return parts, faults


def _block_starts(lines: Sequence[str]) -> list[int]:
    """Lines where a top-level statement may start; decorators and comments above belong to it."""
    starts: list[int] = []
    pending: int | None = None
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        if line[0].isspace() or _CONTINUES.match(line):
            pending = None  # The comment above stood inside a statement.
            continue
        if line[0] in "#@":
            pending = index if pending is None else pending
            continue
        starts.append(index if pending is None else pending)
        pending = None
    return starts or [0]
