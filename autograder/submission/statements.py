"""A cell as its top-level statements, compiled one by one, each with the names that it binds.

So that a line that fails costs what needs it and nothing else: real cells load a file of the
student's own machine first and define a function below. Runs nothing.
"""

import __future__

import ast
import warnings
from dataclasses import dataclass
from types import CodeType
from typing import Final

from autograder.submission.flat import Cell
from autograder.submission.syntax import SourceFault, bindings, is_declaration, parse

#: A cell of more statements is a table of numbers, not a lesson: what comes after runs as one.
_MOST: Final = 500
_FUTURE_FLAGS: Final = sum(
    getattr(__future__, name).compiler_flag for name in __future__.all_feature_names
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A top-level statement, ready to run.

    Attributes:
        code: None where this Python cannot compile it, though the one that flattened it could.
        names: What it binds.
        declares: True where it only defines, imports or names a literal, at next to no cost.
    """

    code: CodeType | None
    names: tuple[str, ...] = ()
    declares: bool = False


def statements_of(cell: Cell, flags: int) -> tuple[tuple[Statement, ...], int]:
    """Compile a cell; `inspect` and tracebacks find its lines under the cell's file name.

    Args:
        cell: What `flatten` made of it.
        flags: The compiler's, from `from __future__ import ...` in the cells above.

    Returns:
        The statements, and the flags for the cells below.
    """
    try:
        tree = parse(cell.source)
    except SourceFault:
        return (Statement(None),), flags
    ast.increment_lineno(tree, cell.first_line - 1)
    found: list[Statement] = []
    parts = [[node] for node in tree.body[:_MOST]]
    if len(tree.body) > _MOST:
        parts.append(tree.body[_MOST:])
    for part in parts:
        module = ast.Module(body=part, type_ignores=[])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Odd escapes are no failure of the submission.
            code = compile(module, cell.filename, "exec", flags=flags, dont_inherit=True)
        assert isinstance(code, CodeType)
        flags |= code.co_flags & _FUTURE_FLAGS
        names = tuple(dict.fromkeys(binding.name for binding in bindings(module)))
        found.append(Statement(code, names, all(map(is_declaration, part))))
    return tuple(found), flags
