"""chain_rule as an otter assignment: the same hidden tests, word for word, in otter's exception format.

The test bodies are taken out of the hidden suite's text, so that both graders draw inputs of the
same sizes and compare in the same way, and stay so when the suite changes. Only pytest is left
out: a kernel that imported it would pay for nothing.
"""

import ast
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

from autograder.authoring.master import solved_notebook

#: otter refers to its notebook by name; a renamed one is graded differently (otter.md, section 3).
_NOTEBOOK = "chain_rule.ipynb"


@dataclass(frozen=True, slots=True)
class OtterAssignment:
    """What `otter run` needs.

    Attributes:
        autograder: The autograder zip.
        notebook: A right submission.
        tests: Number of hidden tests.
        points: What a right submission gets.
    """

    autograder: Path
    notebook: Path
    tests: int
    points: float


@dataclass(frozen=True, slots=True)
class _HiddenTest:
    """A test of the suite as text, without its decorator."""

    task: str
    name: str
    points: float
    body: str


def build(course: Path, folder: Path) -> OtterAssignment:
    """Writes the assignment into `folder`, by `otter generate` and from the master; needs no network."""
    suite = (course / "tests" / "hidden" / "chain_rule" / "test_chain_rule.py").read_text()
    reference = (course / "reference" / "chain_rule.py").read_text()
    master = course / "assignments" / "chain_rule" / "chain_rule.py"
    tests = _hidden_tests(ast.parse(suite))
    entry_points = _entry_points(tests)
    tests_folder = folder / "tests"
    tests_folder.mkdir()
    helpers = _helpers(ast.parse(suite))
    for task in entry_points:
        own = [test for test in tests if test.task == task]
        (tests_folder / f"{_question(task)}.py").write_text(
            _test_file(task, own, helpers, reference)
        )
    notebook = folder / _NOTEBOOK
    solved = json.loads(solved_notebook(master.read_text(), master))
    notebook.write_text(json.dumps(_with_checks(solved, entry_points)))
    archive = folder / "autograder.zip"
    subprocess.run(
        [otter_program(), "generate", "-t", str(tests_folder), "-o", str(archive),
         "--no-config", "--no-requirements", "--no-environment"],
        cwd=folder, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return OtterAssignment(archive, notebook, len(tests), sum(test.points for test in tests))


def otter_program() -> str:
    """otter's command beside the running interpreter."""
    return str(Path(sys.executable).with_name("otter"))


def _question(task: str) -> str:
    return f"q{task.replace('.', '_')}"


def _hidden_tests(suite: ast.Module) -> list[_HiddenTest]:
    tests = []
    for node in suite.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            [mark] = [call for call in node.decorator_list if isinstance(call, ast.Call)]
            points = next(word.value for word in mark.keywords if word.arg == "points")
            body = "\n".join(ast.unparse(statement) for statement in node.body)
            tests.append(
                _HiddenTest(
                    ast.literal_eval(mark.args[0]), node.name, ast.literal_eval(points), body
                )
            )
    return tests


def _entry_points(tests: list[_HiddenTest]) -> dict[str, str]:
    """By task, the function that its tests call."""
    found = {}
    for test in tests:
        for node in ast.walk(ast.parse(test.body)):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "student":
                found[test.task] = node.attr
    return found


def _helpers(suite: ast.Module) -> str:
    kept = [
        node
        for node in suite.body
        if isinstance(node, ast.FunctionDef | ast.Import)
        and not getattr(node, "name", "").startswith("test_")
        and ast.unparse(node) != "import pytest"
    ]
    return "\n\n\n".join(ast.unparse(node) for node in kept)


def _test_file(task: str, tests: list[_HiddenTest], helpers: str, reference: str) -> str:
    head = f"""\
from types import SimpleNamespace

from autograder.judging.compare import close
from autograder.judging.draw import Draw
from otter.test_files import test_case

OK_FORMAT = False
name = {_question(task)!r}
points = None
_oracle = {{"__name__": "reference"}}
exec({reference!r}, _oracle)
reference = SimpleNamespace(**_oracle)

{helpers}
"""
    cases = [
        f"""
@test_case(name={test.name!r}, points={test.points!r}, hidden=True)
def {test.name}(env):
    student, draw = SimpleNamespace(**env), Draw(bytes(32), {test.name!r}).draw
{indent(test.body, "    ")}
"""
        for test in tests
    ]
    return "\n".join([head, *cases])


def _with_checks(notebook: dict[str, Any], entry_points: dict[str, str]) -> dict[str, Any]:
    """The notebook as `otter assign` lays it out: otter's cell first, a check after every question."""
    cells = [_code("otter", f'import otter\n\ngrader = otter.Notebook("{_NOTEBOOK}")')]
    for cell in notebook["cells"]:
        cells.append(cell)
        source = "".join(cell["source"])
        for task, name in entry_points.items():
            if cell["cell_type"] == "code" and f"def {name}(" in source:
                question = _question(task)
                cells.append(_code(f"check-{question}", f'grader.check("{question}")'))
    return {**notebook, "cells": cells}


def _code(name: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code", "id": name, "execution_count": None, "metadata": {}, "outputs": [],
        "source": source,
    }  # fmt: skip
