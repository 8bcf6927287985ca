"""The three graders of ten_attacks.py, each with chain_rule at hand: set up, started, read out.

Knows where each keeps its course and its results. Knows no attack.
"""

import ast
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

import nbgrader_assignment
import otter_assignment

from autograder.records import Isolation

COURSE = Path(__file__).resolve().parents[1]


class Grader(Protocol):
    """A grader with the assignment at hand."""

    max_points: float

    def hand_in(self, cells: dict[str, Any], place: Path) -> None:
        """Sets up a course of its own in `place`, with this submission."""

    def known(self, place: Path) -> dict[str, str]:
        """What an attacker knows of it: where the course and the results are."""

    def command(self, place: Path) -> tuple[list[str], bool]:
        """What grades the submission; and if it must not run as root."""

    def read(self, place: Path) -> float:
        """The points.

        Raises:
            LookupError: There is no grade; the message says why.
        """

    def shown(self, place: Path) -> str:
        """What its student gets to read."""


class Otter:
    """`otter run`."""

    def __init__(self, course: Path, folder: Path) -> None:
        folder.mkdir()
        assignment = otter_assignment.build(course, folder)
        self._archive, self.max_points = assignment.autograder, assignment.points
        suite = (course / "tests" / "hidden" / "chain_rule" / "test_chain_rule.py").read_text()
        tests = otter_assignment._hidden_tests(ast.parse(suite))
        self._entry_points = otter_assignment._entry_points(tests)

    def hand_in(self, cells: dict[str, Any], place: Path) -> None:
        shutil.copy(self._archive, place)
        (place / "out").mkdir()
        notebook = otter_assignment._with_checks(cells, self._entry_points)
        (place / "chain_rule.ipynb").write_text(json.dumps(notebook))

    def known(self, place: Path) -> dict[str, str]:
        return {"COURSE": str(place), "RESULTS": str(place / "out" / "results.json")}

    def command(self, place: Path) -> tuple[list[str], bool]:
        program = otter_assignment.otter_program()
        archive, out = place / self._archive.name, place / "out"
        notebook = str(place / "chain_rule.ipynb")
        return [program, "run", "--no-logo", "-a", str(archive), "-o", str(out), notebook], True

    def read(self, place: Path) -> float:
        tests = self._results(place)["tests"]
        graded = [test for test in tests if test.get("max_score")]
        if sum(test["max_score"] for test in graded) != self.max_points:
            raise LookupError("results of another number of points")
        return sum(test["score"] for test in graded)

    def shown(self, place: Path) -> str:
        try:
            tests = self._results(place)["tests"]
        except LookupError:
            return ""
        return "".join(t.get("output", "") for t in tests if t.get("visibility") != "hidden")

    def _results(self, place: Path) -> dict[str, Any]:
        file = place / "out" / "results.json"
        if not file.exists():
            raise LookupError("no results")
        return dict(json.loads(file.read_text()))


class Nbgrader:
    """`nbgrader autograde`, in an environment of its own."""

    def __init__(self, course: Path, folder: Path, program: Path) -> None:
        self._course, self._prepared, self._program = course, folder, program
        self.max_points = nbgrader_assignment.build(course, folder)
        done = subprocess.run(
            [str(program), "generate_assignment", "chain_rule"],
            cwd=folder, env=environment(folder, str(program)), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"nbgrader generate_assignment failed:\n{done.stderr}")

    def hand_in(self, cells: dict[str, Any], place: Path) -> None:
        shutil.copytree(self._prepared, place, dirs_exist_ok=True)
        submitted = place / "submitted" / "student" / "chain_rule"
        submitted.mkdir(parents=True)
        notebook = nbgrader_assignment.with_tests(self._course, cells, hidden=False)
        (submitted / nbgrader_assignment.NOTEBOOK).write_text(json.dumps(notebook))

    def known(self, place: Path) -> dict[str, str]:
        return {"COURSE": str(place), "RESULTS": str(place / "gradebook.db")}

    def command(self, place: Path) -> tuple[list[str], bool]:
        del place  # it is the working folder
        return [str(self._program), "autograde", "chain_rule", "--student", "student"], True

    def read(self, place: Path) -> float:
        """As nbgrader's own gradebook does it: a score by hand goes before that of the autograder."""
        with contextlib.closing(sqlite3.connect(place / "gradebook.db")) as gradebook:
            rows = gradebook.execute("SELECT auto_score, manual_score FROM grade").fetchall()
        if not rows or any(auto is None and manual is None for auto, manual in rows):
            raise LookupError("no scores in the gradebook")
        return sum(auto if manual is None else manual for auto, manual in rows)

    def shown(self, place: Path) -> str:
        """Nothing: its feedback shows hidden tests by design, and is another command."""
        del place
        return ""


class Ours:
    """`autograder grade`."""

    def __init__(self, course: Path, max_points: float, isolation: Isolation | None) -> None:
        self._course, self.max_points, self._isolation = course, max_points, isolation
        self.engine = ""

    def hand_in(self, cells: dict[str, Any], place: Path) -> None:
        shutil.copytree(self._course, place / "course")
        (place / "submissions").mkdir()
        (place / "out").mkdir()
        (place / "submissions" / "student.ipynb").write_text(json.dumps(cells))

    def known(self, place: Path) -> dict[str, str]:
        return {"COURSE": str(place / "course"), "RESULTS": str(place / "out")}

    def command(self, place: Path) -> tuple[list[str], bool]:
        level = [] if self._isolation is None else ["--isolation", self._isolation.value]
        return [
            sys.executable, "-m", "autograder", "grade", "chain_rule", str(place / "submissions"),
            "--out", str(place / "out"), "--course", str(place / "course"),
            "--store", str(place / "store.sqlite"), *level,
        ], False  # fmt: skip

    def read(self, place: Path) -> float:
        file = place / "out" / "grades.json"
        if not file.exists():
            raise LookupError("no results")
        results = json.loads(file.read_text())
        self.engine = results["run"]["isolation"]["level"]
        (grade,) = results["grades"]
        if grade["score"] is None:
            raise LookupError(grade["status"])
        return float(grade["score"])

    def shown(self, place: Path) -> str:
        return "".join(file.read_text() for file in (place / "out" / "feedback").rglob("*.*"))


def environment(place: Path, program: str) -> dict[str, str]:
    """Nothing of the caller's; every temporary file and every setting below `place`.

    Args:
        place: The folder of one run.
        program: What is started: nbgrader looks for programs beside it.
    """
    scratch = place / "tmp"
    scratch.mkdir(exist_ok=True)
    if os.getuid() == 0 and place.stat().st_uid:
        os.chown(scratch, place.stat().st_uid, place.stat().st_gid)
    return {
        "PATH": f"{Path(program).parent}:/usr/bin:/bin",
        "LANG": "C.UTF-8", "HOME": str(scratch), "TMPDIR": str(scratch),
        "USER": "grader", "LOGNAME": "grader", "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(COURSE), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
