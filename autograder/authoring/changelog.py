"""The changelog of an assignment: what each version changed, and for whom.

Text in, entries out; knows its form, and which lines students may read. `code:` and `handout:` lines
are released, `hidden:` lines never. Refuses to know whether a change is told truly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, Literal

from autograder.errors import CourseError

__all__ = ["FILE", "Change", "Entry", "check_version", "for_students", "parse", "since"]

FILE: Final = "CHANGELOG.md"

Kind = Literal["code", "handout", "hidden"]

_TITLE: Final = "# Changelog"
_HEADING: Final = re.compile(
    r"## (?P<version>[0-9]+(?:\.[0-9]+){0,3})(?: \((?P<date>[0-9-]{10})\))?"
)
_LINE: Final = re.compile(r"- (?P<kind>code|handout|hidden): (?P<text>\S.*)")
_FORM: Final = (
    "expected a heading such as `## 1.1 (2027-03-31)`, the date if you like, or a line that begins with "
    "`- code:`, `- handout:` or `- hidden:`, continued by lines that two blanks indent"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an entry.

    Attributes:
        kind: Whom it is for: students' code, the handout's readers, or staff alone.
        lines: Numbers of its first and last line in the file, from 1.
        text: In one line.
    """

    kind: Kind
    lines: tuple[int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One version.

    Attributes:
        heading: As it stands in the file.
        line: Its number, from 1.
    """

    version: str
    heading: str
    line: int
    changes: tuple[Change, ...]


def parse(text: str, path: Path) -> tuple[Entry, ...]:
    """Returns the entries, newest first.

    Args:
        text: The changelog.
        path: Where it stands, for messages.

    Raises:
        CourseError: A line is none of a changelog, an entry says nothing, or the versions do not fall from top to
            bottom; names file and line, every mistake at once.
    """
    faults: list[str] = []
    entries: list[Entry] = []
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.rstrip()
        if not stripped or (number == 1 and stripped == _TITLE):
            continue
        if heading := _HEADING.fullmatch(stripped):
            entries.append(Entry(heading["version"], stripped, number, ()))
        elif not entries:
            faults.append(
                f"{path}:{number}: {stripped[:60]!r} stands above the first version; {_FORM}"
            )
        elif change := _LINE.fullmatch(stripped):
            kind: Kind = change["kind"]  # type: ignore[assignment]  # the pattern admits the three
            _add(entries, Change(kind, (number, number), change["text"]))
        elif stripped.startswith("  ") and entries[-1].changes:
            *before, last = entries[-1].changes
            more = Change(last.kind, (last.lines[0], number), f"{last.text} {stripped.strip()}")
            entries[-1] = _with(entries[-1], (*before, more))
        else:
            faults.append(f"{path}:{number}: {stripped[:60]!r}: {_FORM}")
    faults += _faults_of_order(entries, path)
    if faults:
        raise CourseError("\n".join(faults))
    return tuple(entries)


def check_version(entries: Sequence[Entry], version: str, path: Path, settings: Path) -> None:
    """Checks that the newest entry is about the version at hand.

    Args:
        entries: The changelog's.
        version: That of assignment.yml.
        path: The changelog, for messages.
        settings: assignment.yml, for messages.

    Raises:
        CourseError: It is about another one, or there is no entry.
    """
    newest = entries[0] if entries else None
    if newest is None or newest.version != version:
        found = "there is no entry" if newest is None else f"the newest entry is {newest.version}"
        message = (
            f"{path}:{newest.line if newest else 1}: {found}, and the version in {settings} is {version}. "
            f"Begin the changelog with `## {version}` and say what it changes, or mend the version."
        )
        raise CourseError(message)


def since(entries: Sequence[Entry], version: str) -> tuple[Change, ...]:
    """Returns the changes of all versions that are newer than this one, newest first."""
    newer = [entry for entry in entries if _order(entry.version) > _order(version)]
    return tuple(change for entry in newer for change in entry.changes)


def for_students(entries: Sequence[Entry]) -> str:
    """Returns the changelog without what is for staff; empty where nothing is left of it."""
    parts = []
    for entry in entries:
        told = [change for change in entry.changes if change.kind != "hidden"]
        if told:
            lines = "\n".join(f"- {change.kind}: {change.text}" for change in told)
            parts.append(f"{entry.heading}\n\n{lines}\n")
    return "\n".join([f"{_TITLE}\n", *parts]) if parts else ""


def _add(entries: list[Entry], change: Change) -> None:
    entries[-1] = _with(entries[-1], (*entries[-1].changes, change))


def _with(entry: Entry, changes: tuple[Change, ...]) -> Entry:
    return Entry(entry.version, entry.heading, entry.line, changes)


def _faults_of_order(entries: Sequence[Entry], path: Path) -> list[str]:
    faults = [
        f"{path}:{entry.line}: version {entry.version} has no line; {_FORM}"
        for entry in entries
        if not entry.changes
    ]
    for above, below in pairwise(entries):
        if _order(above.version) <= _order(below.version):
            faults.append(
                f"{path}:{below.line}: version {below.version} stands below {above.version}; "
                "the newest version stands on top, and each stands once"
            )
    return faults


def _order(version: str) -> tuple[int, ...]:
    """Versions by their numbers: 1.10 is newer than 1.9, and 1.0 is 1."""
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
