"""The notebook that students get, through `otter.assign`: question cells and their check cells.

Otter gets the stub, so that no solution ever reaches it, and one test for each task, whose text is
always the same: its traps (quotes in messages, lists of points, equal names, no test at all) need
an author's text to spring. Its autograder, its zip and its run of the tests are switched off.
"""

import copy
import inspect
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from autograder.authoring.check_cell import run_public_check
from autograder.authoring.figures import attach
from autograder.authoring.master import stub_notebook
from autograder.authoring.regions import split_lines
from autograder.errors import CourseError, GraderError

if TYPE_CHECKING:
    from nbformat import NotebookNode

_OTTER_TIME_S: Final = 120.0

# In a process of its own: otter changes the working directory, prints, logs, and takes a second to
# import. `-I` keeps the master's folder off its path.
_ASSIGN: Final = (
    "from otter.assign import main; main('{name}', 'dist', no_pdfs=True, no_run_tests=True)"
)

# No `init_cell` of otter's: it stands above the title and holds the notebook's file name, so that
# a renamed notebook could not be opened.
# Comments that otter obeys: it takes such lines away, or asks for a setting.
_ORDER: Final = re.compile(
    r"#\s?(?:SEED|IGNORE|SOLUTION|(?:ASSIGNMENT|EXPORT) CONFIG"
    r"|(?:BEGIN|END) (?:PROMPT|IGNORE|QUESTION|SOLUTION|TESTS))\b"
)

_CONFIG: Final = """\
# ASSIGNMENT CONFIG
init_cell: false
check_all_cell: false
export_cell: false
run_tests: false
generate: false
tests:
  files: true
  ok_format: false
"""

_START: Final = """\
# Run this cell first: it gives you grader.check, which runs the public checks of a task.
# If otter is missing: %pip install -r requirements.txt
import otter

grader = otter.Notebook()\
"""

_HAND_IN: Final = """\
## Hand in

1. Save the notebook, then choose *Restart and run all cells*. Each check cell above says whether \
its task passes.
2. Where the course's package is installed, type `autograder check {name}.ipynb` in a terminal, in \
the folder of this notebook. It loads your file as the grader does.
3. Hand in **this notebook** (or `{name}.py`, if you have worked there), under the name that your \
course asks for. The files beside it, `checks.py` and `tests/`, stay where they are.\
"""


@dataclass(frozen=True, slots=True)
class Released:
    """What otter made of a master.

    Attributes:
        notebook: The student's notebook, JSON.
        tests: Name and content of the files that `grader.check` reads, tests/<task>.py.
    """

    notebook: str
    tests: Mapping[str, str]


def make_notebook(
    text: str,
    path: Path,
    name: str,
    version: str,
    figures: Mapping[str, bytes] | None = None,
    *,
    manual: Mapping[str, float] | None = None,
) -> Released:
    """Returns the notebook that students get; the same master gives the same bytes.

    Args:
        text: The master.
        path: Where it stands, for messages only.
        name: The assignment's name, which is the notebook's.
        version: The assignment's version; both are kept in the notebook's metadata.
        figures: Name and content of the figures that the master shows.
        manual: The points of the tasks that people grade, by task id: they get a line in place of a check cell.

    Raises:
        CourseError: As for `master.stub_script`; or a line of the master would be an order to otter.
        GraderError: Otter failed.
    """
    import nbformat  # noqa: PLC0415  # heavy, and only for a release

    stub: NotebookNode = nbformat.reads(stub_notebook(text, path), as_version=4)  # type: ignore[no-untyped-call]
    _check_orders(stub, text, path)
    with tempfile.TemporaryDirectory(prefix="autograder-otter-") as folder:
        made, tests = _assign(_otter_master(stub, manual or {}), Path(folder), name)
    _check_untouched(stub, made, text, path)
    _tell_of_manual_tasks(made, manual or {})
    _finish(made, name)
    for cell in made.cells:
        attach(cell, figures or {})
    made.metadata.clear()
    made.metadata.update(stub.metadata)
    made.metadata["autograder"] = {"assignment": name, "version": version}
    made.nbformat, made.nbformat_minor = 4, 5
    for number, cell in enumerate(made.cells, start=1):
        # Otter takes ids away and nbformat draws new ones at random; two releases must be alike.
        cell.id = f"cell-{number:03d}"
    nbformat.validate(made)
    written: str = nbformat.writes(made)  # type: ignore[no-untyped-call]  # not annotated there
    return Released(written.rstrip("\n") + "\n", tests)


def _otter_master(stub: "NotebookNode", manual: Mapping[str, float]) -> "NotebookNode":
    """The stub with otter's orders around the last cell of every task that has a check.

    A manual task is no question to otter: it would put a text of its own in place of the author's.
    """
    last = {cell.metadata.get("task"): number for number, cell in enumerate(stub.cells)}
    cells = [_cell("raw", _CONFIG)]
    for number, cell in enumerate(stub.cells):
        task = cell.metadata.get("task")
        if task is None or task in manual or last[task] != number:
            cells.append(cell)
            continue
        test = inspect.getsource(run_public_check).replace('"TASK_ID"', json.dumps(task))
        cells += [
            _cell("raw", f"# BEGIN QUESTION\nname: {json.dumps(task)}\npoints: 1"),
            _cell("raw", "# BEGIN SOLUTION"),
            cell,
            _cell("raw", "# END SOLUTION"),
            _cell("raw", "# BEGIN TESTS"),
            _cell("code", test),
            _cell("raw", "# END TESTS"),
            _cell("raw", "# END QUESTION"),
        ]
    for number, cell in enumerate(cells, start=1):
        cell.id = f"cell-{number}"
    master = copy.copy(stub)
    master.cells = cells
    return master


def _cell(kind: Literal["code", "markdown", "raw"], source: str) -> "NotebookNode":
    from nbformat import NotebookNode  # noqa: PLC0415  # heavy, and only for a release

    cell: NotebookNode = NotebookNode(cell_type=kind, source=source)  # type: ignore[no-untyped-call]
    cell.metadata = NotebookNode()  # type: ignore[no-untyped-call]
    if kind == "code":
        cell.execution_count, cell.outputs = None, []
    return cell


def _assign(
    master: "NotebookNode", folder: Path, name: str
) -> tuple["NotebookNode", dict[str, str]]:
    import nbformat  # noqa: PLC0415

    file = folder / f"{name}.ipynb"
    nbformat.write(master, file)  # type: ignore[no-untyped-call]
    command = [sys.executable, "-I", "-c", _ASSIGN.format(name=file.name)]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=_OTTER_TIME_S, check=False
        )
    except subprocess.TimeoutExpired:
        message = f"otter.assign took more than {_OTTER_TIME_S:.0f} s; nothing was written."
        raise GraderError(message) from None
    student = folder / "dist" / "student"
    if done.returncode != 0 or not (student / file.name).is_file():
        last = (done.stderr.strip() or done.stdout.strip() or "it wrote nothing").splitlines()[-1]
        message = f"otter.assign failed: {last} Nothing was written."
        raise GraderError(message)
    tests = {
        f"tests/{path.name}": path.read_text(encoding="utf-8").rstrip("\n") + "\n"
        for path in sorted((student / "tests").glob("*.py"))
    }
    made: NotebookNode = nbformat.read(student / file.name, as_version=4)  # type: ignore[no-untyped-call]
    return made, tests


def _place(line: str, text: str, path: Path) -> str:
    """Where a line of a cell stands in the master, in which text is behind a "# "."""
    wanted = line.strip()
    for number, written in enumerate(split_lines(text), 1):
        if wanted in (written.strip(), written.strip().removeprefix("#").strip()):
            return f"{path}:{number}"
    return str(path)


def _check_orders(stub: "NotebookNode", text: str, path: Path) -> None:
    for cell in stub.cells:
        for line in cell.source.splitlines():
            if _ORDER.search(line):
                message = (
                    f"{_place(line, text, path)}: otter.assign would take this line for an order to itself: {line!r}. "
                    "Reword its comment."
                )
                raise CourseError(message)


def _check_untouched(stub: "NotebookNode", made: "NotebookNode", text: str, path: Path) -> None:
    """Refuses what otter has changed all the same; every cell must be there, in the same order."""
    left = iter(cell.source.strip() for cell in made.cells)
    for cell in stub.cells:
        if cell.source.strip() not in left:
            first = next(iter(cell.source.strip().splitlines()), "")
            message = (
                f"{_place(first, text, path)}: otter.assign has changed the cell that begins with {first!r}. "
                "Take out what it reads as its own: a block fenced by ```otter, a raw cell."
            )
            raise CourseError(message)


def _tell_of_manual_tasks(made: "NotebookNode", manual: Mapping[str, float]) -> None:
    """Puts below each manual task's last cell what stands elsewhere below a task: how it is graded."""
    for task, points in manual.items():
        last = max(n for n, cell in enumerate(made.cells, 1) if cell.metadata.get("task") == task)
        words = (
            f"*Task {task} is graded by hand: {points:g} {'point' if points == 1 else 'points'}.*"
        )
        made.cells.insert(last, _cell("markdown", words))


def _finish(made: "NotebookNode", name: str) -> None:
    """Adds the first and the last cell, and locks all but the cells for students' work."""
    title = next((n for n, cell in enumerate(made.cells, 1) if cell.cell_type == "markdown"), 0)
    made.cells.insert(title, _cell("code", _START))
    made.cells.append(_cell("markdown", _HAND_IN.format(name=name)))
    for cell in made.cells:
        task = cell.metadata.get("task")
        cell.metadata.clear()
        if task:
            cell.metadata.update(task=task, deletable=False)
        elif cell.cell_type == "markdown" or cell.source.startswith(("grader.", _START)):
            cell.metadata.update(deletable=False, editable=False)
