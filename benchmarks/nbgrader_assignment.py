"""chain_rule as an nbgrader assignment: the same hidden tests, word for word, in autograder cells.

One test of the suite is one locked cell between nbgrader's marks for hidden tests, with the same
points. nbgrader itself lives in a virtual environment of its own, which borrows torch and all else
that it does not bring along from the running one: nothing is installed there.
"""

import ast
import json
import subprocess
import sys
import sysconfig
from pathlib import Path
from textwrap import indent
from typing import Any

import otter_assignment

VERSION = "0.9.6"
NOTEBOOK = "chain_rule.ipynb"

#: nbgrader's only setting: where nothing is exchanged, a course needs no more.
_CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'course'\n"


def environment(folder: Path) -> Path:
    """The folder of nbgrader's environment; made on the first call, which needs the package index.

    Args:
        folder: Where it is kept, once made.
    """
    ready = folder / f"nbgrader-{VERSION}-is-ready"
    if not ready.exists():
        print(f"Installing nbgrader {VERSION} into {folder}, once ...", file=sys.stderr)
        # The folder above may hold the store of grades: closed, as the store would make it.
        folder.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.parent.mkdir(exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, f"nbgrader=={VERSION}"], check=True)
        # After its own packages, so that those come first.
        own = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
        root = Path(__file__).resolve().parents[1]
        (own / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n{root}\n")
        ready.touch()
    return folder


def build(course: Path, folder: Path) -> float:
    """Writes the instructor's side into `folder`, but for what nbgrader itself makes of it.

    Args:
        course: Holds assignments/, reference/ and tests/hidden/.
        folder: The root of nbgrader's course.

    Returns:
        The points of a right submission.
    """
    from autograder.authoring.master import solved_notebook

    master = course / "assignments" / "chain_rule" / "chain_rule.py"
    solved = json.loads(solved_notebook(master.read_text(), master))
    source = folder / "source" / "chain_rule"
    source.mkdir(parents=True)
    notebook = with_tests(course, solved, hidden=True)
    (source / NOTEBOOK).write_text(json.dumps(notebook))
    (folder / "nbgrader_config.py").write_text(_CONFIG)
    return sum(cell["metadata"].get("nbgrader", {}).get("points", 0) for cell in notebook["cells"])


def with_tests(course: Path, notebook: dict[str, Any], *, hidden: bool) -> dict[str, Any]:
    """The notebook with nbgrader's metadata and a cell per test after each task.

    Args:
        course: Holds reference/ and tests/hidden/.
        notebook: Solved, blank or handed in; its task cells have the task in their metadata.
        hidden: The instructor's cells; else the empty ones that students get.
    """
    suite = ast.parse(
        (course / "tests" / "hidden" / "chain_rule" / "test_chain_rule.py").read_text()
    )
    reference = (course / "reference" / "chain_rule.py").read_text()
    helpers = otter_assignment._helpers(suite)
    tests = otter_assignment._hidden_tests(suite)
    cells = []
    for cell in notebook["cells"]:
        cells.append(cell)
        task = cell["metadata"].get("task")
        if task is None:
            continue
        cell["metadata"]["nbgrader"] = _about(f"task-{task.replace('.', '-')}", solution=True)
        for test in tests:
            if test.task == task:
                text = _test_cell(test.name, test.body, helpers, reference) if hidden else ""
                about = _about(test.name, points=test.points)
                cells.append(otter_assignment._code(test.name[-64:], text))
                cells[-1]["metadata"]["nbgrader"] = about
    return {**notebook, "cells": cells}


def _about(name: str, *, solution: bool = False, points: float | None = None) -> dict[str, Any]:
    graded = {} if points is None else {"points": points}
    return {
        "grade": points is not None, "solution": solution, "locked": not solution, "task": False,
        "grade_id": name, "schema_version": 3, "cell_type": "code", **graded,
    }  # fmt: skip


def _test_cell(name: str, body: str, helpers: str, reference: str) -> str:
    return f"""\
### BEGIN HIDDEN TESTS
from types import SimpleNamespace

from autograder.judging.compare import close
from autograder.judging.draw import Draw

_oracle = {{"__name__": "reference"}}
exec({reference!r}, _oracle)

{helpers}


def {name}(student, reference, draw, close):
{indent(body, "    ")}


{name}(
    SimpleNamespace(**globals()), SimpleNamespace(**_oracle), Draw(bytes(32), {name!r}).draw, close
)
### END HIDDEN TESTS
"""
