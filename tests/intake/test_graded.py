"""A class that hands in right answers in odd forms: `autograder grade` gives each what it earns."""

import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring.master import solved_notebook

ROOT = Path(__file__).parents[2]
MASTER = ROOT / "assignments" / "chain_rule" / "chain_rule.py"
FULL = "20"
#: What the task that a bad character costs is worth.
WITHOUT_PRODUCT = "18"


def beside(name: str):
    """A module beside this one: pytest's import mode, importlib, puts no folder on the path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


building = beside("building")
notebook, zipped = building.notebook, building.zipped


def code_cells() -> list[str]:
    """The solved notebook's code, cell by cell."""
    solved = json.loads(solved_notebook(MASTER.read_text("utf-8"), MASTER))
    return ["".join(c["source"]) for c in solved["cells"] if c["cell_type"] == "code"]


def forms() -> dict[str, tuple[dict[str, bytes], str]]:
    """By student: what is handed in, and the score that it earns."""
    cells = code_cells()
    whole = "\n\n".join(cells)
    good = notebook(*cells)
    outputs = [{"output_type": "stream", "name": "stdout", "text": ["loss\n" * 200_000]}]
    heavy = json.loads(good)
    heavy["cells"].append({"cell_type": "code", "source": "1", "outputs": outputs})
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": whole}]}]}
    mistyped = [cell.replace("q = x + y", "q = x \u2013 y") for cell in cells]
    training = "import torch\ndata = torch.load('/home/me/data.pt')\nwhile True:\n    pass\n\n"
    return {
        "one_cell": ({"hw.ipynb": notebook(training + whole + "\n\nprint(data)")}, FULL),
        "backwards": ({"hw.ipynb": notebook(*reversed(cells))}, FULL),
        "utf16": ({"hw.ipynb": good.decode().encode("utf-16")}, FULL),
        "heavy": ({"hw.ipynb": json.dumps(heavy).encode()}, FULL),
        "old_format": ({"hw.ipynb": json.dumps(old).encode()}, FULL),
        "packed_twice": ({"hw.zip": zipped({"x/hw.zip": zipped({"hw/hw.ipynb": good})})}, FULL),
        "written": ({"hw.ipynb": notebook(f"%%writefile hw1.py\n{whole}", "import hw1")}, FULL),
        "no_gradients": (
            {"hw.ipynb": notebook(*cells, "import torch\ntorch.set_grad_enabled(False)")},
            FULL,
        ),
        "long_dash": ({"hw.ipynb": notebook(*mistyped)}, WITHOUT_PRODUCT),
        "pdf": ({"hw.ipynb": b"%PDF-1.7\n"}, ""),
    }


@pytest.mark.slow
def test_right_answers_earn_their_points_in_every_form(tmp_path, engine):
    course, expected = tmp_path / "course", {}
    for name in ("assignments/chain_rule", "reference", "tests/hidden/chain_rule"):
        ignored = shutil.ignore_patterns("__pycache__", "right", "wrong")
        shutil.copytree(ROOT / name, course / name, ignore=ignored)
    limits = "limits: {cell_time_s: 0.5, load_time_s: 2}\n"
    (course / "grading.yml").write_text(f"course: Intake\n{limits}")
    for student, (files, score) in forms().items():
        (course / "in" / student).mkdir(parents=True)
        for name, content in files.items():
            (course / "in" / student / name).write_bytes(content)
        expected[student] = score
    command = [
        sys.executable, "-m", "autograder", "grade", "chain_rule", str(course / "in"),
        "--out", str(course / "out"), "--course", str(course), "--store", str(course / "s.sqlite"),
        "--isolation", engine.level.value,
    ]  # fmt: skip
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    with (course / "out" / "grades.csv").open(newline="", encoding="utf-8") as file:
        assert {row["student"]: row["score"] for row in csv.DictReader(file)} == expected
    told = {
        student: (course / "out" / "feedback" / f"{student}.txt").read_text()
        for student in expected
    }
    assert "a long dash stands here" in " ".join(told["long_dash"].split())
    assert "not a notebook but a PDF" in " ".join(told["pdf"].split())
