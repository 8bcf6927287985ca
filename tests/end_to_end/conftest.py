"""Courses in a folder of their own, and the command as a person types it."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.errors import IsolationError
from autograder.records import Isolation
from autograder.sandbox import engine as engines

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def isolation():
    """The strongest isolation of this machine; without any, a test is skipped, but never in CI."""
    try:
        engine = engines.strongest([Isolation.NAMESPACES, Isolation.LANDLOCK])
    except IsolationError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must offer isolation: {error}")
        pytest.skip(f"this machine offers no isolation: {error}")
    engine.close()
    return engine.level


@dataclass(frozen=True)
class Course:
    """A course with its submissions and results beside it."""

    root: Path

    @property
    def handed_in(self):
        return self.root / "handed_in"

    @property
    def out(self):
        return self.root / "out"

    @property
    def store(self):
        return self.root / "store.sqlite"

    def command(self, assignment, *more):
        """The words of `autograder grade` for all submissions."""
        return [
            sys.executable, "-m", "autograder", "grade", assignment, str(self.handed_in),
            "--out", str(self.out), "--course", str(self.root), "--store", str(self.store), *more,
        ]  # fmt: skip

    def grade(self, assignment, *more):
        """Grades all submissions."""
        return subprocess.run(
            self.command(assignment, *more), capture_output=True, text=True, timeout=120,
            cwd=self.root, env={**os.environ, "COLUMNS": "200", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip

    def rows(self):
        """grades.csv, by student."""
        with (self.out / "grades.csv").open(newline="", encoding="utf-8") as file:
            return {row["student"]: row for row in csv.DictReader(file)}

    def report(self):
        """grades.json."""
        return json.loads((self.out / "grades.json").read_text("ascii"))

    def grades(self):
        """The grades of grades.json, by student."""
        return {grade["student"]: grade for grade in self.report()["grades"]}

    def feedback(self, student):
        """What a student reads, with single blanks."""
        return " ".join((self.out / "feedback" / f"{student}.txt").read_text("utf-8").split())

    def attempts(self):
        """Students of all attempts that the store holds, in their order; empty while there is none."""
        if not self.store.is_file():
            return []
        connection = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=30)
        try:
            found = connection.execute("SELECT id, student, score FROM attempts ORDER BY id")
            return found.fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return []  # killed before the store was made
        finally:
            connection.close()


def write(path, text):
    """Writes a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def chain_rule(tmp_path_factory):
    """Makes copies of this repository's course, with an allowance of two seconds for a call."""

    def make():
        root = tmp_path_factory.mktemp("course")
        for name in (
            "assignments/chain_rule",
            "reference",
            "tests/hidden/chain_rule/test_chain_rule.py",
            "grading.yml",
        ):
            source, target = ROOT / name, root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        with (root / "grading.yml").open("a") as file:
            file.write("\nlimits:\n  call_time_s: 2\n")
        (root / "handed_in").mkdir()
        return Course(root)

    return make


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """Makes small courses of one assignment, `demo`, with the hidden suite that is given."""

    def make(suite, entry_points=("f",), reference="def f():\n    return 1\n"):
        root = tmp_path_factory.mktemp("demo")
        write(root / "grading.yml", "course: Demo\n")
        tasks = "".join(
            f'  "{number}": {{title: Task {number}, entry_point: {name}}}\n'
            for number, name in enumerate(entry_points, 1)
        )
        write(
            root / "assignments" / "demo" / "assignment.yml",
            f'title: Demo\nversion: "1"\ntasks:\n{tasks}',
        )
        write(root / "reference" / "demo.py", reference)
        write(root / "tests" / "hidden" / "demo" / "test_demo.py", suite)
        (root / "handed_in").mkdir()
        return Course(root)

    return make
