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

from autograder.submission.syntax import SourceFault, parse

#: Cell magics whose body is Python that runs in the notebook's namespace.
_BODY_IS_CODE: Final = frozenset({"time", "timeit", "capture", "prun"})
#: Line magics whose argument is such Python.
_LINE_IS_CODE: Final = frozenset({"time", "timeit"})
#: Options of %time and %timeit in front of the code: `-n 10 -r3 -o`, `--no-raise-error`.
_OPTIONS: Final = re.compile(r"\s*(-[nrpv]\s*\d+\s+|--?[a-zA-Z][\w-]*\s+)*")
#: Lines that the transformer may rewrite: each one makes it tokenise the whole cell again.
_REWRITTEN: Final = re.compile(r"^\s*[%!?,;/]|=\s*[%!]|\?\s*$", re.MULTILINE)
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
        notes: What does not happen, each to be put behind the name of the cell: "2 shell lines were
            not run."
    """

    source: str
    tree: ast.Module
    notes: tuple[str, ...] = ()


def to_python(source: str, budget: MagicBudget) -> PlainCell:
    """Translate one cell; lines keep their numbers.

    Raises:
        SourceFault: It is not Python even then, or is a cell of another kind (`%%bash`), or too
            large to translate.
    """
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
        if not line.strip():
            continue
        if not line.startswith("%%"):
            break
        magic, _, rest = line[2:].partition(" ")
        if magic.strip() not in _BODY_IS_CODE:
            named = f"%%{magic.strip()}" if re.fullmatch(r"\w{1,20}\s*", magic) else "a cell magic"
            raise SourceFault(index + 1, f"{named} is not Python of this notebook and is not run")
        # %%timeit's line is setup code; the others' lines are options.
        lines[index] = _OPTIONS.sub("", rest, count=1) if magic.strip() == "timeit" else ""
    return "\n".join(lines)


def _is_indented_or_prompted(source: str) -> bool:
    return re.match(r"\s|>>>|In ?\[", source) is not None


def _transform(source: str, budget: MagicBudget) -> str:
    work = len(source) * (1 + len(_REWRITTEN.findall(source)))
    if work > budget.left:
        raise SourceFault(None, "it holds more lines with % or ! than can be translated")
    budget.left -= work
    try:  # Imported here: few notebooks need it.
        from IPython.core.inputtransformer2 import TransformerManager  # noqa: PLC0415
    except ImportError:
        raise SourceFault(
            None, "it holds lines with % or !, which need IPython, not installed here"
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
    notes = (f"{_count(shell_lines)} not run.",) if shell_lines else ()
    if not replaced:
        return PlainCell(transformed, tree, notes)
    source = b"\n".join(lines).decode()
    return PlainCell(source, parse(source), notes)


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


def _count(shell_lines: int) -> str:
    return "1 shell line (!) was" if shell_lines == 1 else f"{shell_lines} shell lines (!) were"
