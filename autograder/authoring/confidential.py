"""What a file that stays with the course holds and students must not see: lines, and constants.

Text in, records out. Knows Python's tokens; refuses to know what is released and where it is
searched for, which is the business of `leaks`.
"""

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.authoring.regions import find_regions, split_lines
from autograder.errors import CourseError

# Names of numbers that decide who passes. Others (N_FEATURES = 784) are no secret.
_DECIDES: Final = re.compile(r"tol|thresh|seed|margin|accura|cutoff|least|minim", re.IGNORECASE)
# A seed of one or two digits is in every second piece of code that people write.
_SMALLEST_SEED: Final = 100
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not released.

    Attributes:
        number: Where it stands in its file, from 1.
        text: As it is written, without the blanks around it.
        squeezed: Without any blanks, so that no other formatting hides it.
        code: Without its comment and without any blanks; the whole line where it is prose.
        size: How many words and signs `code` has.
        prose: True for comments and lines of a text in quotes.
    """

    number: int
    text: str
    squeezed: str
    code: str
    size: int
    prose: bool


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that decides, with the name that it has.

    Attributes:
        number: Its line, from 1.
        assigned: True for `NAME = 0.9`, false for an argument such as `rtol=1e-3`.
    """

    number: int
    name: str
    value: str
    assigned: bool


@dataclass(frozen=True, slots=True)
class Confidential:
    """A file that stays with the course, or the part of it that does.

    Attributes:
        owner: The file, as messages name it.
        kind: "a solution", "the reference", "a hidden test".
    """

    owner: Path
    kind: str
    lines: tuple[Line, ...]
    constants: tuple[Constant, ...]


def whole_file(text: str, owner: Path, kind: str) -> Confidential:
    """Returns all that a reference or a hidden suite holds, but for imports and signatures.

    A reference has the signatures that the handout names; a test's name is kept.

    Args:
        text: The file, Python.
        owner: Where it stands.
        kind: What it is, for messages.

    Raises:
        CourseError: It is not Python.
    """
    lines = split_lines(text)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        message = f"{owner}:{error.lineno}: {kind} is not valid Python: {error.msg}."
        raise CourseError(message) from error
    signatures = {
        number
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("test_")
        for number in range(node.lineno, node.body[0].lineno)
    }
    wanted = [number for number in range(1, len(lines) + 1) if number not in signatures]
    return Confidential(owner, kind, tuple(_lines(lines, wanted)), tuple(_constants(tree, text)))


def solutions_of(master: str, owner: Path) -> Confidential:
    """Returns what stands in the solution regions of a master.

    Raises:
        CourseError: See `regions.find_regions`.
    """
    lines = split_lines(master)
    inside = [
        number
        for region in find_regions(lines, owner)
        for number in range(region.begin + 1, region.end)
    ]
    return Confidential(owner, "a solution", tuple(_lines(lines, inside)), ())


def prose(text: str, wanted: Collection[int], owner: Path, kind: str) -> Confidential:
    """Returns lines of a text that is no program, such as a rubric.

    Args:
        text: The file.
        wanted: Numbers of its lines, from 1.
        owner: Where it stands.
        kind: What the lines are, for messages.
    """
    lines = split_lines(text)
    found = [
        Line(n, told, squeeze(told), squeeze(told), len(_TOKEN.findall(told)), prose=True)
        for n in sorted(wanted)
        if (told := lines[n - 1].strip())
    ]
    return Confidential(owner, kind, tuple(found), ())


def squeeze(text: str) -> str:
    """Returns the text without blanks and line ends."""
    return "".join(text.split())


def code_lines(text: str) -> frozenset[str]:
    """Returns the lines of a Python file, without comments and blanks: what it gives away."""
    lines = split_lines(text)
    return frozenset(line.code for line in _lines(lines, range(1, len(lines) + 1)))


def _lines(lines: list[str], wanted: Collection[int]) -> Iterator[Line]:
    comments, quoted = _comments_and_texts(lines)
    for number in wanted:
        text = lines[number - 1].strip()
        bare = lines[number - 1][: comments.get(number)].strip()
        prose = number in quoted or not bare
        if text and not text.startswith(("import ", "from ")):
            told = text if prose else bare
            size = len(_TOKEN.findall(told))
            yield Line(number, text, squeeze(text), squeeze(told), size, prose)


def _comments_and_texts(lines: list[str]) -> tuple[dict[int, int], frozenset[int]]:
    """Returns line and column of each comment, and the lines of texts over several lines."""
    comments: dict[int, int] = {}
    quoted: set[int] = set()
    source = io.StringIO("\n".join(lines), newline="\n")
    for token in tokenize.generate_tokens(source.readline):
        if token.type == tokenize.COMMENT:
            comments[token.start[0]] = token.start[1]
        elif token.type == tokenize.STRING and token.string.endswith(('"""', "'''")):
            quoted.update(range(token.start[0], token.end[0] + 1))
    return comments, frozenset(quoted)


def _constants(tree: ast.Module, text: str) -> Iterator[Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield from _constant(target.id, node.value, text, assigned=True)
        elif isinstance(node, ast.keyword) and node.arg:
            yield from _constant(node.arg, node.value, text, assigned=False)
        elif isinstance(node, ast.arguments):
            named = [*node.posonlyargs, *node.args]
            defaults = node.defaults
            pairs = [
                *zip(named[len(named) - len(defaults) :], defaults, strict=True),
                *zip(node.kwonlyargs, node.kw_defaults, strict=True),
            ]
            for argument, default in pairs:
                yield from _constant(argument.arg, default, text, assigned=False)


def _constant(name: str, node: ast.expr | None, text: str, *, assigned: bool) -> Iterator[Constant]:
    if not isinstance(node, ast.Constant) or not _DECIDES.search(name):
        return
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return
    if "seed" in name.lower() and abs(node.value) < _SMALLEST_SEED:
        return
    yield Constant(node.lineno, name, ast.get_source_segment(text, node) or "", assigned)
