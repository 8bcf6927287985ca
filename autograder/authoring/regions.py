"""Finds the solution regions of a master and refuses whatever could leave a solution uncut.

Text in, regions out: knows the markers and Python's grammar; cuts nothing, reads and writes no
file.
"""

import ast
import difflib
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import CourseError

#: The lines around a solution, at any indentation.
BEGIN: Final = "# BEGIN SOLUTION"
END: Final = "# END SOLUTION"

# Anything that was meant as a marker. One that is misspelt and passed over would hand out the
# solution (nbgrader lets a stray END SOLUTION pass).
_MEANT_AS_MARKER: Final = re.compile(r"#+\s*(?:BEGIN|END|START|STOP)[\s_-]*SOLUTION", re.IGNORECASE)
# So like a marker is no prose: BEIGN SOLUTION, BEGIN SLOUTION.
_LIKE_A_MARKER: Final = 0.88
# As jupytext reads it: also indented, also without the blanks.
_CELL: Final = re.compile(r"\s*#\s*%%(?P<options>%*\s.*)?$")
_TASK: Final = re.compile(r'(?<!\w)task\s*=\s*"(?P<id>[^"\\]+)"')

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Region:
    """One solution, markers included.

    Attributes:
        begin: Number of the line with the opening marker, from 1.
        end: Number of the line with the closing marker.
        indentation: The blanks in front of the solution's first line of code.
        task_id: Task of the cell that it stands in.
        function: The function that it stands in, with its class where it has one.
    """

    begin: int
    end: int
    indentation: str
    task_id: str
    function: str


@dataclass(frozen=True, slots=True)
class _Cell:
    first: int
    task_id: str


@dataclass(frozen=True, slots=True)
class _Master:
    lines: Sequence[str]
    tree: ast.Module
    path: Path


def split_lines(text: str) -> list[str]:
    """Returns the lines as Python counts them: form feeds and U+2028 do not end one."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def find_regions(lines: Sequence[str], path: Path) -> tuple[Region, ...]:
    """Returns the solution regions from top to bottom.

    Args:
        lines: The master's lines.
        path: The master, for messages only.

    Raises:
        CourseError: A marker is misspelt, unpaired, nested, empty or not on a line of its own; a
            region is not inside one function, or its cell names no task; the master is not Python.
    """
    master = _Master(lines, _parse(lines, path), path)
    comments = _comment_lines(lines)
    regions: list[Region] = []
    cell = _Cell(0, "")
    begin: int | None = None
    for number, line in enumerate(lines, start=1):
        if marker := _CELL.match(line):
            if begin is not None:
                raise _fault(
                    path,
                    number,
                    f"a cell begins inside the solution region of line {begin}",
                    f'Close the region with "{END}" above this line',
                )
            task = _TASK.search(marker["options"] or "")
            cell = _Cell(number, task["id"] if task else "")
        if not (_MEANT_AS_MARKER.search(line) or _is_like_a_marker(line)):
            continue
        stripped = line.strip()
        if stripped not in (BEGIN, END) or number not in comments:
            raise _fault(
                path,
                number,
                f"this looks like a marker but is not one: {stripped!r}",
                f'Write "{BEGIN}" or "{END}" on a line of its own, outside any text in quotes',
            )
        if stripped == BEGIN:
            if begin is not None:
                raise _fault(
                    path,
                    number,
                    f"BEGIN SOLUTION inside the region that begins in line {begin}",
                    f'Close that one with "{END}" first, or remove this marker',
                )
            begin = number
        else:
            if begin is None:
                raise _fault(
                    path,
                    number,
                    "END SOLUTION without BEGIN SOLUTION",
                    f'Add "{BEGIN}" above the solution, or remove this marker',
                )
            regions.append(_region(master, cell, begin, number))
            begin = None
    if begin is not None:
        raise _fault(
            path,
            begin,
            "BEGIN SOLUTION without END SOLUTION",
            f'Add "{END}" below the solution',
        )
    return tuple(regions)


def tasks_of_cells(lines: Sequence[str]) -> dict[str, int]:
    """Returns the tasks that cells name, each with the number of its first cell's line."""
    found: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        marker = _CELL.match(line)
        task = _TASK.search(marker["options"] or "") if marker else None
        if task:
            found.setdefault(task["id"], number)
    return found


def _region(master: _Master, cell: _Cell, begin: int, end: int) -> Region:
    lines, path = master.lines, master.path
    code = [
        number
        for number in range(begin + 1, end)
        if lines[number - 1].strip() and not lines[number - 1].lstrip().startswith("#")
    ]
    if not code:
        raise _fault(
            path,
            begin,
            "the solution region holds no code",
            "Move the markers around the solution, or remove both",
        )
    function = _enclosing(master.tree, cell.first, begin, code[0], code[-1])
    if function is None:
        raise _fault(
            path,
            begin,
            "the solution region is not inside one function of its cell",
            'Move the markers into the body of the function, below its "def" and docstring',
        )
    if not cell.task_id:
        header = f"line {cell.first} reads {lines[cell.first - 1].strip()!r}"
        raise _fault(
            path,
            begin,
            f"the cell of this solution names no task: {header if cell.first else 'no cell begins above it'}",
            'Begin the cell with a line such as: # %% task="1.1"',
        )
    first = lines[code[0] - 1]
    indentation = first[: len(first) - len(first.lstrip())]
    return Region(begin, end, indentation, cell.task_id, function)


def _enclosing(tree: ast.Module, cell: int, begin: int, first: int, last: int) -> str | None:
    """Returns the innermost function that holds a region, its header above the region."""
    found = None
    for name, node in _functions(tree, ""):
        inside = cell < node.lineno < begin and first >= node.body[0].lineno
        if inside and node.end_lineno is not None and last <= node.end_lineno:
            found = name  # functions come from the outside in
    return found


def _functions(parent: ast.AST, prefix: str) -> Iterator[tuple[str, _Function]]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, _Function):
            yield f"{prefix}{node.name}", node
            # What helps inside a function is named as it is: "inner", not "outer.inner".
            yield from _functions(node, "")
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{prefix}{node.name}.")
        else:
            yield from _functions(node, prefix)


def _is_like_a_marker(line: str) -> bool:
    written = line.strip()
    return written.startswith("#") and bool(
        difflib.get_close_matches(written.upper(), (BEGIN, END), n=1, cutoff=_LIKE_A_MARKER)
    )


def _parse(lines: Sequence[str], path: Path) -> ast.Module:
    if lines[0].startswith("{") and any('"nbformat"' in line for line in lines):
        raise _fault(
            path,
            1,
            "this is a notebook; expected a script in jupytext's percent format",
            "Convert it: jupytext --to py:percent NAME.ipynb",
        )
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise _fault(
            path,
            line,
            f"the master is not valid Python: {getattr(error, 'msg', error)}",
            "Mend it; text below # %% [markdown], and magics of a notebook (# %matplotlib inline), stand in a master "
            "as comments",
        ) from error


def _comment_lines(lines: Sequence[str]) -> frozenset[int]:
    """Returns the numbers of the lines that hold a comment; a marker in a docstring is none."""
    tokens = tokenize.generate_tokens(io.StringIO("\n".join(lines), newline="\n").readline)
    return frozenset(token.start[0] for token in tokens if token.type == tokenize.COMMENT)


def _fault(path: Path, line: int, what: str, to_do: str) -> CourseError:
    return CourseError(f"{path}:{line}: {what}. {to_do}.")
