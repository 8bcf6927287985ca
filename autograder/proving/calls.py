"""The edits of calls: axes, reductions, layers' sizes, losses, arguments in the wrong order, calls that are forgotten.

Knows the shape of a call; the names are the tables of `vocabulary`.
"""

import ast
from collections.abc import Iterator, Sequence

from autograder.proving import vocabulary as words
from autograder.proving.edits import Edit, Kind, Source

__all__ = ["call_edits", "name_of", "renamed", "special_numbers"]

_Argument = ast.expr | ast.keyword


def call_edits(source: Source, node: ast.Call) -> Iterator[Edit]:
    """Yields the edits of a call, but for those of its arguments as expressions of their own."""
    subject = _subject(node)
    if name_of(node.func) in words.PASSES and subject is not None:
        yield source.unwrapped(node, subject, Kind.CALL)
    yield from _other_words(source, node)
    yield from _axes(source, node)
    yield from _arguments(source, node)
    for size in _sizes(node):
        yield source.replaced(size, _one_more(source, size), Kind.LAYER)
    for stop in _stops(node):
        yield source.replaced(stop, f"{source.operand(stop)} - 1", Kind.LOOP)
        yield source.replaced(stop, f"{source.operand(stop)} + 1", Kind.LOOP)


def special_numbers(node: ast.Call) -> Iterator[ast.AST]:
    """Yields the numbers that mean something else than a number: one more or less is no student's bug."""
    yield from _axis_arguments(node)
    shape = node.args if name_of(node.func) in words.SHAPES else []
    for argument in (*shape, *_sizes(node), *_stops(node)):
        if _number(argument) is not None:
            yield argument


def name_of(function: ast.expr) -> str:
    """Returns the last word of what is called; empty where it is no name."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def renamed(source: Source, named: ast.expr, other: str, kind: Kind) -> Edit:
    """Returns the edit of the last word of a name."""
    end = source.end(named)
    return Edit(end - len(name_of(named)), end, other, kind)


def _other_words(source: Source, node: ast.Call) -> Iterator[Edit]:
    name = name_of(node.func)
    # A bare name is a function of the master's own, which has no sibling and no option `reduction`.
    if isinstance(node.func, ast.Name) and name not in words.BUILT_IN:
        return
    for other in words.REDUCTIONS.get(name, ()):
        yield renamed(source, node.func, other, Kind.REDUCTION)
    for other in words.SIBLINGS.get(name, ()):
        yield renamed(source, node.func, other, Kind.SIBLING)
    for other in words.ACTIVATIONS.get(name, ()):
        yield renamed(source, node.func, other, Kind.LAYER)
    given = {keyword.arg for keyword in node.keywords}
    if name in words.LOSSES and "reduction" not in given:
        yield _appended(source, node, 'reduction="sum"', Kind.REDUCTION)
    if name in words.LAYERS_WITH_BIAS and "bias" not in given:
        yield _appended(source, node, "bias=False", Kind.LAYER)


def _arguments(source: Source, node: ast.Call) -> Iterator[Edit]:
    for keyword in node.keywords:
        if keyword.arg is not None and keyword.arg in words.BOUNDS:
            start, other = source.start(keyword), words.BOUNDS[keyword.arg]
            yield Edit(start, start + len(keyword.arg), other, Kind.SIBLING)
    if len(node.args) == 2 and not any(
        isinstance(argument, ast.Starred) or argument in _axis_arguments(node)
        for argument in node.args
    ):
        yield source.exchanged(*node.args)


def _axes(source: Source, node: ast.Call) -> Iterator[Edit]:
    axes = _axis_arguments(node)
    for argument in axes:
        value = argument.value if isinstance(argument, ast.keyword) else argument
        number = _number(value)
        if isinstance(number, bool):
            yield source.replaced(value, repr(not number), Kind.AXIS)
            continue
        yield source.replaced(value, "1" if number == 0 else "0", Kind.AXIS)
        yield _without(source, node, argument, axes)


def _without(source: Source, node: ast.Call, axis: _Argument, axes: Sequence[_Argument]) -> Edit:
    """Returns the edit that drops an axis, and a `keepdim` behind it, which means nothing alone."""
    given: list[_Argument] = [*node.args, *node.keywords]
    first = given.index(axis)
    behind = [argument for argument in given[first:] if argument not in axes]
    if behind:
        return Edit(source.start(axis), source.start(behind[0]), "", Kind.AXIS)
    start = source.end(given[first - 1]) if first else source.start(axis)
    return Edit(start, source.end(given[-1]), "", Kind.AXIS)


def _axis_arguments(node: ast.Call) -> list[_Argument]:
    """Returns the arguments that name an axis, or say whether it is kept."""
    found: list[_Argument] = [
        keyword
        for keyword in node.keywords
        if keyword.arg in words.AXIS_KEYWORDS and _number(keyword.value) is not None
    ]
    place = 0 if _is_method(node) else 1
    if name_of(node.func) in words.WITH_AXIS and not isinstance(node.func, ast.Name):
        found += [axis for axis in node.args[place : place + 1] if _number(axis) is not None]
    return found


def _sizes(node: ast.Call) -> list[ast.expr]:
    given = node.args if name_of(node.func) in words.LAYERS else []
    return [size for size in given if not isinstance(_number(size), bool)]


def _stops(node: ast.Call) -> list[ast.expr]:
    return node.args[:2][-1:] if name_of(node.func) == "range" else []


def _is_method(node: ast.Call) -> bool:
    root = node.func
    while isinstance(root, ast.Attribute):
        root = root.value
    is_module = isinstance(root, ast.Name) and root.id in words.MODULES
    return isinstance(node.func, ast.Attribute) and not is_module


def _subject(node: ast.Call) -> ast.expr | None:
    """Returns what a call is about: `x` of `x.abs()` and of `torch.abs(x)`."""
    if isinstance(node.func, ast.Attribute) and _is_method(node):
        return node.func.value
    return node.args[0] if node.args else None


def _appended(source: Source, node: ast.Call, argument: str, kind: Kind) -> Edit:
    comma = ", " if node.args or node.keywords else ""
    closing = source.end(node) - len(")")
    return Edit(closing, closing, f"{comma}{argument}", kind)


def _one_more(source: Source, size: ast.expr) -> str:
    number = _number(size)
    return f"{source.operand(size)} + 1" if number is None else repr(number + 1)


def _number(node: ast.expr) -> int | float | None:
    """Returns the number (or truth value) that is written, with its sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _number(node.operand)
        return None if number is None else -number
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    return None
