"""Turns one notebook cell from IPython's dialect into plain Python, without running any of it.

Plain Python is left as it is. The rest goes through IPython's own transformer, which is imported
only then and whose work is bounded: 44 KB of `%time x` lines would cost it a minute
(measured).
"""

import ast
import re
import warnings
from dataclasses import dataclass
from typing import Final

from autograder.submission.salvage import parsing_parts
from autograder.submission.syntax import SourceFault, bindings, parse

#: Cell magics whose body is Python that runs in the notebook's namespace.
_BODY_IS_CODE: Final = frozenset(
    {"time", "timeit", "capture", "prun", "memit", "debug", "snakeviz", "scalene", "wandb"}
)
#: Line magics whose argument is such Python.
_LINE_IS_CODE: Final = frozenset({"time", "timeit"})
#: Options of %time and %timeit in front of the code: `-n 10 -r3 -o`, `--no-raise-error`.
_OPTIONS: Final = re.compile(r"\s*(-[nrpv]\s*\d+\s+|--?[a-zA-Z][\w-]*\s+)*")
#: Lines that the transformer may rewrite: each one makes it tokenise the whole cell again.
_REWRITTEN: Final = re.compile(r"^\s*[%!?,;/]|=\s*[%!]|\?\s*$", re.MULTILINE)
#: What a call of the transformer costs however short its text, in the unit of `magic_work`.
_CALL_WORK: Final = 100
#: `%%writefile layers.py`, and the rest of the cell.
_WRITES: Final = re.compile(
    r"\s*%%(?:writefile|file)[ \t]+(-a[ \t]+|--append[ \t]+)?([\"']?)([^\n\"']+?\.py)\2[ \t]*(?:\n|\Z)"
)
_SHELL_CALLS: Final = frozenset({"system", "getoutput"})


@dataclass(slots=True)
class MagicBudget:
    """How much work IPython's transformer may still be given (unit: `FlattenLimits.magic_work`)."""

    left: int


@dataclass(frozen=True, slots=True)
class PlainCell:
    """A cell as plain Python.

    Attributes:
        source: Parses.
        tree: The same, parsed.
        shell_lines: Lines with an exclamation mark, which do not run.
        faults: Why parts of the cell are not in `source`; their lines are blank there.
    """

    source: str
    tree: ast.Module
    shell_lines: int = 0
    faults: tuple[SourceFault, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """What a `%%writefile` cell writes.

    Attributes:
        append: To what an earlier cell has written.
    """

    name: str
    text: str
    append: bool


class _Refused(SourceFault):
    """The cell as a whole is not for us, so that no part of it is looked for."""


def written_file(source: str) -> WrittenFile | None:
    """The script that a cell writes to disk, for others to import; None for any other cell."""
    match = _WRITES.match(source)
    if match is None:
        return None
    return WrittenFile(match[3].strip(), source[match.end() :], append=match[1] is not None)


def to_python(source: str, budget: MagicBudget) -> PlainCell:
    """Translate one cell, or those parts of it that parse; lines keep their numbers.

    Raises:
        SourceFault: No part of it that defines anything is Python even then, or it is a cell of
            another kind (`%%bash`), or too large to translate.
    """
    try:
        return _whole(source, budget)
    except _Refused:
        raise
    except SourceFault as fault:
        return _parts(_without_cell_magics(source), budget, fault)


def _parts(source: str, budget: MagicBudget, fault: SourceFault) -> PlainCell:
    """The parts that parse, where they define something; else the fault of the whole."""

    def translate(block: str) -> PlainCell:
        if block.startswith("%%"):
            raise SourceFault(1, "a cell magic may only stand at the top of its cell")
        return _whole(block, budget)

    lines = source.split("\n")
    parts, faults = parsing_parts(lines, translate)
    kept = [""] * len(lines)
    for part in parts:
        text = part.value.source.rstrip("\n").split("\n")
        if len(text) > part.stop - part.start:
            raise fault
        kept[part.start : part.start + len(text)] = text
    tree = parse("\n".join(kept))
    if not faults or not bindings(tree):
        raise fault
    shell_lines = sum(part.value.shell_lines for part in parts)
    return PlainCell("\n".join(kept), tree, shell_lines, tuple(faults))


def _whole(source: str, budget: MagicBudget) -> PlainCell:
    """Translate all of a cell."""
    try:
        return PlainCell(source, parse(source))
    except SourceFault as fault:
        plain_fault = fault
    source = _without_cell_magics(source)
    try:
        return PlainCell(source, parse(source))
    except SourceFault:
        pass
    if not _REWRITTEN.search(source) and not _is_indented_or_prompted(source):
        raise plain_fault  # Nothing for the transformer to do: its import would be for nothing.
    transformed = _transform(source, budget)
    return _resolve(transformed)


def _without_cell_magics(source: str) -> str:
    """Blank the `%%time` at the top, several too; refuse what is not Python."""
    lines = source.split("\n")
    for index, line in enumerate(lines):
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith("%%"):
            break
        magic, _, rest = line[2:].partition(" ")
        if magic.strip() not in _BODY_IS_CODE:
            named = f"%%{magic.strip()}" if re.fullmatch(r"\w{1,20}\s*", magic) else "a cell magic"
            raise _Refused(index + 1, f"{named} is not Python of this notebook and is not run")
        # %%timeit's line is setup code; the others' lines are options.
        lines[index] = _OPTIONS.sub("", rest, count=1) if magic.strip() == "timeit" else ""
    return "\n".join(lines)


def _is_indented_or_prompted(source: str) -> bool:
    return re.match(r"\s|>>>|In ?\[", source) is not None


def _transform(source: str, budget: MagicBudget) -> str:
    work = len(source) * (1 + len(_REWRITTEN.findall(source))) + _CALL_WORK
    if work > budget.left:
        raise _Refused(None, "it holds more lines with % or ! than can be translated")
    budget.left -= work
    try:  # Imported here: few notebooks need it.
        from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415
    except ImportError:
        raise SourceFault(
            1, "it holds lines with % or !, which need IPython, not installed here"
        ) from None
    # The transformer drops leading blank lines; the others' numbers would shift.
    blank = next((index for index, line in enumerate(source.split("\n")) if line.strip()), 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            manager = TransformerManager()  # type: ignore[no-untyped-call]
            return "\n" * blank + str(manager.transform_cell(source))
        except (
            SyntaxError,
            RuntimeError,
            ValueError,
            IndexError,
            AssertionError,
        ):  # Not Python to IPython either.
            raise SourceFault(None, "this is not valid Python") from None


def _resolve(transformed: str) -> PlainCell:
    """Put the code of `%time x = f()` where the transformer put a call; count shell lines."""
    tree = parse(transformed)
    lines = [line.encode() for line in transformed.split("\n")]
    shell_lines = 0
    replaced = False
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    # From the end on, so that what is still to be replaced stays where the tree says.
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        method, arguments = _shell_call(call)
        if method in _SHELL_CALLS:
            shell_lines += 1
        elif (
            method == "run_line_magic"
            and len(arguments) == 2
            and arguments[0] in _LINE_IS_CODE
            and call.lineno == call.end_lineno
        ):
            code = _OPTIONS.sub("", arguments[1], count=1).strip() or "None"
            line = lines[call.lineno - 1]
            line = line[: call.col_offset] + code.encode() + line[call.end_col_offset :]
            lines[call.lineno - 1] = line
            replaced = True
    if not replaced:
        return PlainCell(transformed, tree, shell_lines)
    source = b"\n".join(lines).decode()
    return PlainCell(source, parse(source), shell_lines)


def _shell_call(call: ast.Call) -> tuple[str, list[str]]:
    """The method and the constant arguments of `get_ipython().method("a", "b")`, or nothing."""
    method = call.func
    if (
        isinstance(method, ast.Attribute)
        and isinstance(method.value, ast.Call)
        and isinstance(method.value.func, ast.Name)
        and method.value.func.id == "get_ipython"
    ):
        values = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
        return method.attr, [value for value in values if isinstance(value, str)]
    return "", []
