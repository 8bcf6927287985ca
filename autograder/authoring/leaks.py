"""Searches what students would get for what they must not see.

Bytes and records in, findings out; reads and writes no file. A single line is told from a
coincidence by its size, a shorter one by its neighbours: `return loss` alone is in every text
about training, and a solution is seldom that alone.
"""

import base64
import binascii
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

from autograder.authoring.confidential import Confidential, Constant, Line, code_lines, squeeze

#: Words and signs of a line that cannot stand elsewhere by chance: `error = y - (x @ w + b)` has
#: 11, `with torch.no_grad():` 7, `for epoch in range(n_epochs):` 8.
_TELLING_CODE: Final = 9
_TELLING_CHARACTERS: Final = 14
#: Prose of a docstring or a comment is nearer to other prose than code to other code.
_TELLING_PROSE: Final = 40
#: Two lines in a row, each of them too short to tell alone.
_TELLING_PAIR: Final = 14
#: A number that decides is searched for by itself where it has so many digits: 0.93, not 0.9; 128,
#: not 10.
_TELLING_DIGITS: Final = 2
_TELLING_DIGITS_OF_WHOLE: Final = 3


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that must not be released, and where it would be.

    Attributes:
        place: File of the release, and the place in it: "x.ipynb, cells[3].source, line 2".
        owner: The file that it comes from.
        number: Its line there; 0 where it has none.
        kind: What it is.
        text: The line itself.
    """

    place: str
    owner: Path
    number: int
    kind: str
    text: str

    def __str__(self) -> str:
        """One line for a person."""
        source = f"{self.owner}:{self.number}" if self.number else str(self.owner)
        return f"{self.place} holds {self.kind} of {source}: {self.text}"


@dataclass(frozen=True, slots=True)
class Public:
    """What students are given on purpose.

    Attributes:
        stub: The master without its solutions.
        checks: The public checks.
    """

    stub: str
    checks: str


def find_leaks(
    released: Mapping[str, bytes],
    confidential: Sequence[Confidential],
    public: Public,
    secret: bytes | None = None,
    store: Path = Path(),
) -> tuple[Leak, ...]:
    """Returns what is released and must not be, each line once for each place.

    A line leaks where it stands, whatever the blanks in it, in any text of a released file (also in
    a string of a notebook's JSON, also in a zip) and is telling by its size. Lines of the public
    checks and of the stub are given to students anyway. Two lines in a row leak also there: a test
    that was copied into the public checks does not become public by that. Constants leak by an
    upper-case name, by name and value, or by a value of two digits
    (a whole number: of three) or more.

    Args:
        released: Name and content of every file.
        confidential: What must not be in them.
        public: What may be.
        secret: The course's secret, if there is one.
        store: Where the secret is kept, for messages.
    """
    given = code_lines(public.stub) | code_lines(public.checks)
    stub = squeeze(public.stub)
    found: dict[tuple[str, Path, int], Leak] = {}
    for name, content in released.items():
        for place, text in _texts(name, content):
            searched = _Text(text)
            for source in confidential:
                for leak in _in_text(searched, place, source, given, stub, public):
                    found.setdefault((leak.place, leak.owner, leak.number), leak)
        if secret and any(form in content for form in _forms(secret)):
            leak = Leak(name, store, 0, "the course's secret", "(not shown)")
            found[name, store, 0] = leak
    return tuple(found.values())


class _Text:
    """A text, and the same without blanks, in which places are found again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.squeezed = squeeze(text)

    def line_of(self, squeezed_offset: int) -> int:
        """Number of the line of this character of the squeezed text, from 1."""
        for number, line in enumerate(self.text.split("\n"), start=1):
            squeezed_offset -= len(squeeze(line))
            if squeezed_offset < 0:
                return number
        return 1


def _in_text(
    searched: _Text,
    place: str,
    source: Confidential,
    given: frozenset[str],
    stub: str,
    public: Public,
) -> Iterator[Leak]:
    for line in source.lines:
        if _is_telling(line) and line.code not in given and line.code in searched.squeezed:
            yield _leak(searched, line.code, place, source, line)
    for first, second in pairwise(source.lines):
        both = first.squeezed + second.squeezed
        telling = first.size + second.size >= _TELLING_PAIR and not (first.prose or second.prose)
        if telling and both in searched.squeezed and both not in stub:
            yield _leak(searched, both, place, source, first)
    for constant in source.constants:
        if at := _constant_at(searched.text, constant, public):
            number = searched.text.count("\n", 0, at.start()) + 1
            told = f"{constant.name} = {constant.value}"
            yield Leak(
                f"{place}, line {number}", source.owner, constant.number, "a number", repr(told)
            )


def _leak(searched: _Text, code: str, place: str, source: Confidential, line: Line) -> Leak:
    number = searched.line_of(searched.squeezed.index(code))
    where = f"{place}, line {number}"
    return Leak(where, source.owner, line.number, f"a line of {source.kind}", repr(line.text))


def _is_telling(line: Line) -> bool:
    if line.prose:
        return line.size >= _TELLING_CODE and len(line.code) >= _TELLING_PROSE
    return line.size >= _TELLING_CODE and len(line.code) >= _TELLING_CHARACTERS


def _constant_at(text: str, constant: Constant, public: Public) -> re.Match[str] | None:
    """Returns where the constant stands, by name or by value, if it was not given anyway."""
    name, value = re.escape(constant.name), re.escape(constant.value)
    patterns = [rf"\b{name}\b[\s\"'`]*[=:][\s\"'`]*{value}(?![\w.]*\d)"]
    known = [public.stub] if constant.assigned else [public.stub, public.checks]
    if constant.assigned:
        if constant.name.isupper():
            patterns.append(rf"\b{name}\b")
        patterns += _by_value(constant.value)
    for pattern in patterns:
        if any(re.search(pattern, given) for given in known):
            continue
        if found := re.search(pattern, text):
            return found
    return None


def _by_value(value: str) -> Iterator[str]:
    """Patterns of a value that is recognised without its name; of a share also in percent."""
    digits = re.sub(r"[eE].*|[._]", "", value).strip("0")
    whole = value.isdecimal()
    if len(digits) < (_TELLING_DIGITS_OF_WHOLE if whole else _TELLING_DIGITS):
        return
    yield rf"(?<![\w.]){re.escape(value)}(?![\w.]*\d)"
    if 0 < float(value) < 1:
        share = re.escape(f"{float(value) * 100:.6g}")
        yield rf"(?<![\w.]){share}\s*(?:%|\\%|per ?cent)"


def _forms(secret: bytes) -> tuple[bytes, ...]:
    digits = binascii.hexlify(secret)
    letters = base64.b64encode(secret).rstrip(b"=")
    return secret, digits, digits.upper(), letters, base64.urlsafe_b64encode(secret).rstrip(b"=")


def _texts(place: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Every text of a file with its place; of JSON each string as it reads when decoded."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from _texts(f"{place}, {name}", archive.read(name))
        return
    text = content.decode("utf-8", "replace")
    if place.endswith((".ipynb", ".json")):
        yield from _strings(place, json.loads(text))
        return
    yield place, text


def _strings(place: str, value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield f"{place}, {path}", value
    elif isinstance(value, list):
        if value and all(isinstance(entry, str) for entry in value):
            # A notebook keeps a text as the list of its lines.
            yield f"{place}, {path}", "".join(value)
            return
        for number, entry in enumerate(value):
            yield from _strings(place, entry, f"{path}[{number}]")
    elif isinstance(value, dict):
        for key, entry in value.items():
            below = f"{path}.{key}" if path else str(key)
            yield f"{place}, {path or 'the top'}", str(key)
            yield from _strings(place, entry, below)
