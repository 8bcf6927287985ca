"""Parses a student's source, says in our own words what is wrong with it, and what it binds.

Runs nothing. The parser's own messages quote the source, so none of them is ever passed on.
"""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: Patterns of CPython's messages (3.11 to 3.14), and what we say instead.
_REASONS: Final = (
    (r"U\+00A0", "a no-break space (U+00A0) stands here, as pasted from a web page; type a space"),
    (
        r"U\+(2018|2019|201A|201C|201D|201E|00AB|00BB|2032|2033|00B4)\b",
        "a curly quote stands here, as pasted from a text editor; type a straight quote",
    ),
    (r"U\+(2013|2014|2212)\b", "a long dash stands here; type a minus sign"),
    (
        r"U\+(00AD|200[B-F]|202[A-E]|206[0-9]|FEFF)\b",
        "an invisible character stands here, as pasted from a web page; delete it",
    ),
    (
        r"U\+(FF[0-5][0-9A-F]|300[0-2]|301[01])\b",
        "a full-width character stands here; type the plain one",
    ),
    (r"U\+", "a character stands here that Python does not know"),
    (r"inconsistent use of tabs", "tabs and spaces are mixed in the indentation"),
    (r"expected an indented block", "an indented block is missing"),
    (r"unexpected indent", "the line is indented too far"),
    (
        r"unindent does not match|too many levels of indentation",
        "the indentation fits no line above",
    ),
    (r"was never closed", "a bracket opened here is never closed"),
    (r"unmatched|does not match opening", "a closing bracket has no opening one"),
    (r"unterminated triple-quoted|EOF while scanning triple", "a triple quote is never closed"),
    (r"unterminated (f-|t-)?string|EOL while scanning", "a quote is never closed"),
    (r"Missing parentheses in call to", "print needs parentheses, as in print(x)"),
    (r"expected ':'", "a colon is missing"),
    (
        r"'await' outside|outside async function|asynchronous comprehension outside",
        "await outside a function is Jupyter's own and does not run here",
    ),
    (
        r"outside function|outside loop|not properly in loop",
        "a statement stands where it may not",
    ),
    (r"cannot assign to|cannot delete", "this cannot be assigned to"),
    (r"forgot a comma", "a comma seems to be missing"),
    (r"expected 'except' or 'finally'", "a try has no except"),
    (r"null bytes", "a zero byte stands in the source"),
    (
        r"integer string conversion|invalid decimal literal",
        "a number is not written as Python writes it",
    ),
)
#: What the line at fault looks like, where that tells more than the parser's message.
_LINES: Final = (
    (r"(<{7}|={7}|>{7}|\|{7})(\s|$)", "the mark of a merge conflict stands here"),
    (
        r"\s*(pip3?|conda|cd|ls|mkdir|git|wget|curl|apt|apt-get)\s+[\w./~-]",
        "this is a command for the shell, not Python",
    ),
    (r"\s*(%\w|!)", "a line of Jupyter (% or !) stands here, which is not Python"),
)
_INCOMPLETE: Final = re.compile(r"was never closed|unterminated triple|EOF while|unexpected EOF")
#: Statements that bring names into being and compute next to nothing.
_DECLARATIONS: Final = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
    ast.Pass,
)
#: What a literal is made of: numbers, text, None, and collections of these.
_LITERALS: Final = (
    ast.Constant,
    ast.Tuple,
    ast.List,
    ast.Dict,
    ast.Set,
    ast.UnaryOp,
    ast.unaryop,
    ast.expr_context,
)


class SourceFault(Exception):  # noqa: N818 (the student's fault, reported as a note)
    """Source that does not parse.

    Attributes:
        line: Line within the source, from 1; None where unknown.
        reason: Our own words.
        incomplete: True where more lines might make it parse.
    """

    def __init__(self, line: int | None, reason: str, *, incomplete: bool = False) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.incomplete = incomplete


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that a top-level statement binds.

    Attributes:
        line: Line within the source, from 1.
        finished: False for a function whose body is only a docstring, `pass`, `...` or `raise
            NotImplementedError`.
        imported: True where the name comes from another module.
        conditional: True inside if, try, with or a loop: perhaps not bound, perhaps bound by one
            branch of two.
    """

    name: str
    line: int
    finished: bool = True
    imported: bool = False
    conditional: bool = False


def parse(source: str) -> ast.Module:
    """Parse and compile, so that what comes back can run.

    Raises:
        SourceFault: It does not parse.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "\d" warns; under -W error it would not even parse.
        try:
            tree = compile(source, "<cell>", "exec", flags=ast.PyCF_ONLY_AST, dont_inherit=True)
            assert isinstance(tree, ast.Module)
            # Some errors (return outside a function) only show here.
            compile(source, "<cell>", "exec", dont_inherit=True)
        except SyntaxError as error:
            raise _fault(error) from None
        except (RecursionError, MemoryError, OverflowError):
            raise SourceFault(None, "it is nested too deeply") from None
        except ValueError as error:  # Zero bytes (3.11), lone surrogates.
            raise SourceFault(None, _reason(str(error))) from None
    return tree


def _fault(error: SyntaxError) -> SourceFault:
    message = error.msg if isinstance(error.msg, str) else ""
    line = error.text if isinstance(error.text, str) else ""
    looks = (words for pattern, words in _LINES if re.match(pattern, line))
    return SourceFault(
        error.lineno or None,
        next(looks, None) or _reason(message),
        incomplete=_INCOMPLETE.search(message) is not None,
    )


def _reason(message: str) -> str:
    for pattern, words in _REASONS:
        if re.search(pattern, message):
            return words
    return "this is not valid Python"


def bindings(tree: ast.Module) -> tuple[Binding, ...]:
    """The names that the module's own level binds, by line, also inside if or try."""
    found: list[Binding] = []
    bodies = [(tree.body, False)]
    while bodies:  # Not recursive: a chain of a thousand elifs is that deep a tree.
        body, conditional = bodies.pop()
        for node in body:
            found.extend(_bound_by(node, conditional=conditional))
            bodies.extend((inner, True) for inner in _inner_bodies(node))
    return tuple(sorted(found, key=lambda binding: binding.line))


def imported_modules(tree: ast.Module) -> set[str]:
    """Last parts of the dotted names that are imported anywhere: `layers` of `src.layers`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.rpartition(".")[2] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").rpartition(".")[2])
            found.update(alias.name for alias in node.names)  # from src import layers
    return found


def is_declaration(node: ast.stmt) -> bool:
    """True where it defines, imports or names a literal: running it costs next to nothing."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) and node.value is not None:
        return all(isinstance(part, _LITERALS) for part in ast.walk(node.value))
    return isinstance(node, _DECLARATIONS)


def _bound_by(node: ast.stmt, *, conditional: bool) -> Iterator[Binding]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            finished = _is_finished(node.body)
            yield Binding(node.name, node.lineno, finished, conditional=conditional)
        case ast.ClassDef():
            yield Binding(node.name, node.lineno, conditional=conditional)
        case ast.Import() | ast.ImportFrom():
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                yield Binding(name, node.lineno, imported=True, conditional=conditional)
        case ast.Assign() | ast.AnnAssign() if node.value is not None:
            for name in _assigned(node):
                yield Binding(name, node.lineno, conditional=conditional)
        case ast.For() | ast.AsyncFor():
            for name in _targets(node.target):
                yield Binding(name, node.lineno, conditional=True)
        case _:
            return


def _assigned(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    parts = ast.walk(node.value) if node.value is not None else ()
    used = {part.id for part in parts if isinstance(part, ast.Name)}
    for target in targets:
        for name in _targets(target):
            if name not in used:  # f = torch.compile(f) wraps f; it is not another f.
                yield name


def _inner_bodies(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return  # What these bind is their own.
    for field in ("body", "orelse", "finalbody"):
        inner = getattr(node, field, None)
        if isinstance(inner, list):
            yield inner
    for branch in [*getattr(node, "handlers", ()), *getattr(node, "cases", ())]:
        yield branch.body


def _targets(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _targets(element)
    elif isinstance(target, ast.Starred):
        yield from _targets(target.value)


def _is_finished(body: list[ast.stmt]) -> bool:
    rest = [
        node
        for node in body
        if not isinstance(node, ast.Pass)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    return not (not rest or (len(rest) == 1 and _is_unimplemented(rest[0])))


def _is_unimplemented(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Raise) or node.exc is None:
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
