"""A master (jupytext percent format) to what students get: the stub, as a script and as a notebook.

Text in, text out; the solution's notebook is made here as well. Which lines are a solution is the
business of `regions`; nothing here reads or writes a file.
"""

import ast
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from autograder.authoring.regions import Region, find_regions, split_lines
from autograder.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

_KERNEL: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}

_HEADER_RULE: Final = "# ---"


def stub_script(text: str, path: Path) -> str:
    """Returns the master with each solution replaced by a NotImplementedError that names its task.

    Args:
        text: The master.
        path: Where it stands, for messages only.

    Raises:
        CourseError: See `regions.find_regions`; or there is no region at all, or what is left after
            the cut is not Python.
    """
    lines = split_lines(text)
    regions = find_regions(lines, path)
    if not text.strip():
        raise CourseError(
            f"{path}:1: the master is empty. Begin it with a line such as: # %% [markdown]."
        )
    if not regions:
        raise CourseError(
            f"{path}: no solution region, so that the stub would be the whole solution. Put "
            '"# BEGIN SOLUTION" and "# END SOLUTION" around what students shall write.'
        )
    for region in regions:
        _check_whole_statements(lines, region, path)
    return _cut(lines, regions)


def stub_notebook(text: str, path: Path) -> str:
    """Returns the stub as a notebook (nbformat 4.5, JSON); the same text gives the same bytes.

    Args:
        text: The master.
        path: Where it stands, for messages only.

    Raises:
        CourseError: As for `stub_script`.
    """
    return _notebook(stub_script(text, path))


def solved_notebook(text: str, path: Path) -> str:
    """Returns the master as a notebook, solutions included and markers left out.

    Args:
        text: The master.
        path: Where it stands, for messages only.

    Raises:
        CourseError: See `regions.find_regions`.
    """
    lines = split_lines(text)
    markers = {
        number for region in find_regions(lines, path) for number in (region.begin, region.end)
    }
    return _notebook(
        "\n".join(line for number, line in enumerate(lines, 1) if number not in markers)
    )


def solution_lines(text: str, path: Path = Path("master.py")) -> tuple[str, ...]:
    """Returns the lines that must not stand in anything a student gets, for leak checks.

    Each once and without the blanks around it. A line that also stands outside all regions, such as
    `return loss`, is given to students anyway and is left out.

    Args:
        text: The master.
        path: Where it stands, for messages only.

    Raises:
        CourseError: See `regions.find_regions`.
    """
    lines = split_lines(text)
    inside: dict[str, None] = {}
    outside: set[str] = set()
    done = 0
    for region in find_regions(lines, path):
        outside.update(line.strip() for line in lines[done : region.begin - 1])
        inside.update(dict.fromkeys(line.strip() for line in lines[region.begin : region.end - 1]))
        done = region.end
    outside.update(line.strip() for line in lines[done:])
    return tuple(line for line in inside if line and line not in outside)


def _placeholder(region: Region) -> str:
    message = f"Task {region.task_id}: {region.function} is not implemented yet."
    # JSON's quoting is Python's for what can stand here: no control characters, no lone surrogates.
    return (
        f"{region.indentation}raise NotImplementedError({json.dumps(message, ensure_ascii=False)})"
    )


def _cut(lines: Sequence[str], regions: Iterable[Region]) -> str:
    kept: list[str] = []
    done = 0
    for region in regions:
        kept += [*lines[done : region.begin - 1], _placeholder(region)]
        done = region.end
    return "\n".join([*kept, *lines[done:]])


def _check_whole_statements(lines: Sequence[str], region: Region, path: Path) -> None:
    try:
        ast.parse(_cut(lines, [region]))
    except SyntaxError as error:
        raise CourseError(
            f"{path}:{region.begin}: without this solution the rest is not valid Python: "
            f"{error.msg}. A region must hold whole statements; move its markers."
        ) from error


def _notebook(script: str) -> str:
    # Imported here: `autograder --help` must not pay for them.
    import jupytext  # noqa: PLC0415
    import nbformat  # noqa: PLC0415

    notebook: NotebookNode = jupytext.reads(_without_header(script), fmt="py:percent")
    notebook.metadata.clear()
    notebook.metadata.update(kernelspec=dict(_KERNEL), language_info={"name": "python"})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, start=1):
        # jupytext draws ids at random; a release must not differ from the one before in its ids.
        cell.id = f"cell-{number:03d}"
        # Only of use to jupytext, on the way back to a script.
        cell.metadata.pop("lines_to_next_cell", None)
        cell.metadata.pop("lines_to_end_of_cell_marker", None)
    nbformat.validate(notebook)
    written: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]  # not annotated there
    return written.rstrip("\n") + "\n"


def _without_header(script: str) -> str:
    """Returns the script without jupytext's header: the author's kernel is not the students'."""
    first, *rest = script.split("\n")
    if first == _HEADER_RULE and _HEADER_RULE in rest:
        # A blank line in front would become an empty cell.
        return "\n".join(rest[rest.index(_HEADER_RULE) + 1 :]).lstrip("\n")
    return script
