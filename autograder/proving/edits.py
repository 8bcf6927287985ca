"""An edit of a Python text, and a text as bytes, in which edits are placed.

Knows where `ast` says that nodes lie; knows nothing of what is worth an edit.
"""

import ast
import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Final

__all__ = ["Edit", "Kind", "Source"]

_Node = ast.expr | ast.stmt | ast.keyword

# What may lie between an operand and its operator.
_BEFORE_OPERATOR: Final = re.compile(rb"(?:[\s()\\]|#[^\n]*)*")
# As operands they need no parentheses.
_ATOMS: Final = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant, ast.List)


class Kind(StrEnum):
    """What an edit changes."""

    OPERATOR = "operator"
    TERM = "dropped term"
    SIGN = "sign"
    COMPARISON = "comparison"
    LOGIC = "logic"
    CONSTANT = "constant"
    AXIS = "axis"
    REDUCTION = "reduction"
    CALL = "call"
    SIBLING = "sibling"
    SWAPPED = "swapped"
    DROPPED = "dropped line"
    LOOP = "loop"
    LAYER = "layer"


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement.

    Attributes:
        start: Where it begins, in bytes of the text's UTF-8.
        end: Where it ends.
        text: What takes the place.
        kind: What it changes.
    """

    start: int
    end: int
    text: str
    kind: Kind


class Source:
    """A text as bytes, since `ast` counts columns in bytes of UTF-8; its lines end in newlines alone."""

    def __init__(self, text: str) -> None:
        self._data = text.encode()
        self._starts = [0, *accumulate(len(line) + 1 for line in self._data.split(b"\n"))]

    def parsed(self) -> ast.Module:
        """Returns the tree that the nodes are taken from.

        Raises:
            SyntaxError: The text is not Python.
        """
        # The text and not its bytes: those would be read as a coding comment says.
        return ast.parse(self._data.decode())

    def start(self, node: _Node) -> int:
        """Where a node begins."""
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: _Node) -> int:
        """Where a node ends."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def line(self, place: int) -> int:
        """The number of the line, from 1, in which a place lies."""
        return bisect_right(self._starts, place)

    def between(self, start: int, end: int) -> str:
        """What is written from one place to another."""
        return self._data[start:end].decode()

    def text(self, node: _Node) -> str:
        """What a node is written as, without parentheses around it."""
        return self.between(self.start(node), self.end(node))

    def operand(self, node: ast.expr) -> str:
        """What a node is written as, with parentheses where an operator beside it needs them."""
        return self.text(node) if isinstance(node, _ATOMS) else f"({self.text(node)})"

    def operator(self, left: ast.expr, symbol: str) -> int | None:
        """Where the operator behind an operand begins; None where it is written in another way."""
        gap = _BEFORE_OPERATOR.match(self._data, self.end(left))
        is_there = gap is not None and self._data.startswith(symbol.encode(), gap.end())
        return gap.end() if gap is not None and is_there else None

    def replaced(self, node: _Node, text: str, kind: Kind) -> Edit:
        """The edit that writes a text in place of a node."""
        return Edit(self.start(node), self.end(node), text, kind)

    def unwrapped(self, node: ast.expr, inner: ast.expr, kind: Kind) -> Edit:
        """The edit that leaves of a node one that lies in it."""
        around = (
            self._data[self.start(node) - 1 : self.start(node)] + self._data[self.end(node) :][:1]
        )
        return self.replaced(
            node, self.text(inner) if around == b"()" else self.operand(inner), kind
        )

    def exchanged(self, first: ast.expr, second: ast.expr) -> Edit:
        """The edit by which two expressions change places."""
        gap = self.between(self.end(first), self.start(second))
        text = f"{self.text(second)}{gap}{self.text(first)}"
        return Edit(self.start(first), self.end(second), text, Kind.SWAPPED)

    def applied(self, edit: Edit) -> str:
        """The whole text with an edit in it."""
        return (self._data[: edit.start] + edit.text.encode() + self._data[edit.end :]).decode()
