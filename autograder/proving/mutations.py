"""The edits of a Python text that students' bugs look like: one operator, axis, call or line at a time.

Knows Python's grammar (what can be edited, and where no bug sits); knows nothing of masters and regions.
Reads a text and runs nothing.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

from autograder.proving import vocabulary as words
from autograder.proving.calls import call_edits, name_of, renamed, special_numbers
from autograder.proving.edits import Edit, Kind, Source

__all__ = ["DROPPED", "edits_of"]

#: What stands in place of a dropped statement, so that lines keep their numbers and blocks a body.
DROPPED: Final = "pass"

# Expressions that can be numbers or tensors.
_SIGNED: Final = (ast.BinOp, ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)


def edits_of(source: Source) -> Iterator[Edit]:
    """Yields the edits of a text, from the outside in.

    Some may not parse or change nothing (`f(x, x)` with its arguments swapped): who applies them finds out.

    Raises:
        SyntaxError: The text is not Python.
    """
    for node in _nodes(source.parsed()):
        rule = _RULES.get(type(node))
        if rule is not None:
            yield from rule(source, node)


def _nodes(parent: ast.AST) -> Iterator[ast.AST]:
    """Yields what a bug can sit in: no annotation or message, no number that a call's own rule changes."""
    special = tuple(special_numbers(parent)) if isinstance(parent, ast.Call) else ()
    for field, value in ast.iter_fields(parent):
        if field in {"annotation", "returns", "msg"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            # An f-string's columns are wrong before Python 3.12, and it is a message anyway.
            if not isinstance(child, ast.AST) or isinstance(child, ast.Raise | ast.JoinedStr):
                continue
            if child not in special:
                yield child
                yield from _nodes(child)


# --- Expressions -----------------------------------------------------------------------------------


def _binary(source: Source, node: ast.BinOp) -> Iterator[Edit]:
    symbol = words.SYMBOLS[type(node.op)]
    place = source.operator(node.left, symbol)
    if place is None:
        return
    yield from _reoperated(source, node.left, symbol, Kind.OPERATOR)
    # With the parentheses that they have.
    left = source.between(source.start(node), place).rstrip()
    right = source.between(place + len(symbol), source.end(node)).lstrip()
    if symbol in {"-", "/", "@"}:
        is_bare = left == source.text(node.left)
        behind = source.operand(node.left) if is_bare else left
        yield source.replaced(node, f"{right} {symbol} {behind}", Kind.SWAPPED)
    if symbol in {"+", "*", "-", "/"}:
        yield source.replaced(node, left, Kind.TERM)
    if symbol in {"+", "*"}:
        yield source.replaced(node, right, Kind.TERM)


def _unary(source: Source, node: ast.UnaryOp) -> Iterator[Edit]:
    if isinstance(node.op, ast.USub):
        start = source.start(node)
        yield Edit(start, start + len("-"), "", Kind.SIGN)
    elif isinstance(node.op, ast.Not):
        yield source.unwrapped(node, node.operand, Kind.LOGIC)


def _compare(source: Source, node: ast.Compare) -> Iterator[Edit]:
    for left, operator in zip([node.left, *node.comparators], node.ops, strict=False):
        yield from _reoperated(source, left, words.SYMBOLS[type(operator)], Kind.COMPARISON)


def _logic(source: Source, node: ast.BoolOp) -> Iterator[Edit]:
    for left in node.values[:-1]:
        yield from _reoperated(source, left, words.SYMBOLS[type(node.op)], Kind.LOGIC)


def _reoperated(
    source: Source, left: ast.expr, symbol: str, kind: Kind, suffix: str = ""
) -> Iterator[Edit]:
    place = source.operator(left, symbol + suffix)
    if place is not None:
        for other in words.OPERATORS.get(symbol, ()):
            yield Edit(place, place + len(symbol), other, kind)


def _constant(source: Source, node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    others: tuple[float, ...] = ()
    if isinstance(value, bool):
        others = (not value,)
    elif isinstance(value, int):
        others = (value + 1, value - 1)
    elif isinstance(value, float):
        others = (2 * value or 1.0,)
    for other in others:
        yield source.replaced(node, repr(other), Kind.CONSTANT)


def _attribute(source: Source, node: ast.Attribute) -> Iterator[Edit]:
    if node.attr in {"T", "mT"}:
        yield source.unwrapped(node, node.value, Kind.CALL)
    elif node.attr in words.RESULTS:
        yield renamed(source, node, words.RESULTS[node.attr], Kind.SIBLING)


# --- Statements ------------------------------------------------------------------------------------


def _return(source: Source, node: ast.Return) -> Iterator[Edit]:
    values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    # A name has got its sign where it was assigned; here it may be a list or a model.
    yield from _signed(source, (value for value in values if not isinstance(value, ast.Name)))
    yield from _turned(source, node.value)


def _assign(source: Source, node: ast.Assign) -> Iterator[Edit]:
    yield from _turned(source, node.value)
    if isinstance(node.targets[0], ast.Tuple):
        yield from _turned(source, None if isinstance(node.value, ast.Tuple) else node.targets[0])
    else:
        yield from _signed(source, [node.value])
    bound = _names(node.targets, ast.Store)
    if bound and bound <= _names([node.value], ast.Load):  # w = w.clone() hides the argument w
        yield _dropped(source, node)


def _augmented(source: Source, node: ast.AugAssign) -> Iterator[Edit]:
    symbol = words.SYMBOLS[type(node.op)]
    yield from _reoperated(source, node.target, symbol, Kind.OPERATOR, "=")
    yield _dropped(source, node)


def _expression(source: Source, node: ast.Expr) -> Iterator[Edit]:
    if isinstance(node.value, ast.Call) and name_of(node.value.func) != "print":
        yield _dropped(source, node)


def _for(source: Source, node: ast.For) -> Iterator[Edit]:
    yield from _turned(source, node.target)
    yield from _left_early(source, node)


def _left_early(source: Source, node: ast.For | ast.While) -> Iterator[Edit]:
    last = node.body[-1]
    while isinstance(last, ast.With):
        last = last.body[-1]
    if isinstance(last, ast.Expr | ast.Assign | ast.AugAssign | ast.AnnAssign):
        yield Edit(source.end(last), source.end(last), "; break", Kind.LOOP)


def _with(source: Source, node: ast.With) -> Iterator[Edit]:
    if all(item.optional_vars is None for item in node.items):
        end = source.end(node.items[-1].context_expr)
        yield Edit(source.start(node), end, "if True", Kind.DROPPED)


def _signed(source: Source, values: Iterable[ast.expr | None]) -> Iterator[Edit]:
    for value in values:
        is_word = isinstance(value, ast.Constant) and not isinstance(value.value, int | float)
        is_object = isinstance(value, ast.Call) and name_of(value.func)[:1].isupper()
        # A difference gets its sign when its operands change places.
        is_difference = isinstance(value, ast.BinOp) and isinstance(value.op, ast.Sub)
        if isinstance(value, _SIGNED) and not (is_word or is_object or is_difference):
            yield source.replaced(value, f"-{source.operand(value)}", Kind.SIGN)


def _turned(source: Source, value: ast.expr | None) -> Iterator[Edit]:
    """Yields the edits by which neighbours in a tuple change places."""
    for first, second in pairwise(value.elts if isinstance(value, ast.Tuple) else []):
        yield source.exchanged(first, second)


def _dropped(source: Source, node: ast.stmt) -> Edit:
    newlines = "\n" * source.text(node).count("\n")
    return source.replaced(node, DROPPED + newlines, Kind.DROPPED)


def _names(nodes: Iterable[ast.expr], context: type[ast.expr_context]) -> set[str]:
    return {
        name.id
        for node in nodes
        for name in ast.walk(node)
        if isinstance(name, ast.Name) and isinstance(name.ctx, context)
    }


_RULES: Final[dict[type[ast.AST], Callable[[Source, Any], Iterator[Edit]]]] = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _logic,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.Call: call_edits,
    ast.Return: _return,
    ast.Assign: _assign,
    ast.AugAssign: _augmented,
    ast.Expr: _expression,
    ast.For: _for,
    ast.While: _left_early,
    ast.With: _with,
}
