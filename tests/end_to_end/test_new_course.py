"""The instructor's page from an idea to a graded submission: its commands, in this order, in one folder."""

import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.authoring.scaffold import plan_assignment

ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "examples" / "ridge"
HEADING = "## From an idea to a graded submission\n"
EXIT_CODES = {"autograder check ": 1}  # ben's work, which is wrong in two tasks


@dataclass(frozen=True)
class Shown:
    """A command of the page with the lines that it prints there, and what it did."""

    command: str
    promised: tuple[str, ...]
    code: int
    printed: str


def section():
    page = (ROOT / "docs" / "instructor.md").read_text("utf-8")
    return page.split(HEADING)[1].split("\n## ")[0]


def transcript():
    """Each command of the section, with the lines below it."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", section(), re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def plain(text):
    return " ".join(text.split())


@pytest.fixture(scope="module")
def walked(isolation, tmp_path_factory):
    """All commands, typed one after the other by somebody with this package and these examples."""
    del isolation  # nothing is graded without
    folder = tmp_path_factory.mktemp("idea")
    shutil.copytree(WRITTEN, folder / "examples" / "ridge")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "200",
        "OMP_NUM_THREADS": "1",
    }
    shown = []
    for command, promised in transcript():
        if command.startswith("cd "):
            folder /= shlex.split(command)[1]
            continue
        done = subprocess.run(
            shlex.split(command), cwd=folder, env=environment, capture_output=True, text=True, timeout=300
        )  # fmt: skip
        printed = done.stdout + done.stderr
        shown.append(Shown(command, tuple(promised), done.returncode, printed))
    return shown, folder


@pytest.mark.slow
def test_from_an_idea_to_a_graded_submission_every_command_does_what_the_page_shows(walked):
    shown, _ = walked
    typed = [one.command.split()[:2] for one in shown]
    order = ["init", "verify", "new", "verify", "release", "check", "grade"]
    assert [words[1] for words in typed if words[0] == "autograder"] == order
    for one in shown:
        expected = next((c for start, c in EXIT_CODES.items() if one.command.startswith(start)), 0)
        assert one.code == expected, f"{one.command}\n{one.printed}"
        lines = {plain(line) for line in one.printed.splitlines()}
        for line in one.promised:
            assert plain(line) in lines, f"{one.command}: not printed: {line}\n{one.printed}"


@pytest.mark.slow
def test_a_released_stub_of_the_new_assignment_has_every_task_unwritten(walked):
    _, course = walked
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", course / "handout" / "ridge" / "ridge.py"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout.count("not implemented yet\n") == 3


@pytest.mark.slow
def test_what_is_committed_of_a_walked_course_are_its_sources_alone(walked):
    _, course = walked
    subprocess.run(["git", "init", "--quiet", course], check=True)
    listed = subprocess.run(
        ["git", "-C", course, "ls-files", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    tops = {name.split("/")[0] for name in listed}
    assert tops == {
        ".github", ".gitignore", "README.md", "assignments", "docs", "grading.yml", "reference", "tests",
    }  # fmt: skip
    assert not [name for name in listed if "__pycache__" in name]


def test_the_lines_that_the_instructor_wrote_are_counted_on_the_page():
    generated = plan_assignment("ridge", "Ridge regression").texts
    files = [path for path in WRITTEN.rglob("*") if path.is_file()]
    files = [path for path in files if path.relative_to(WRITTEN).parts[0] != "submissions"]
    assert {path.relative_to(WRITTEN).as_posix() for path in files} >= set(generated)
    written = new = 0
    for path in files:
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        before = generated.get(path.relative_to(WRITTEN).as_posix(), "")
        compared = difflib.ndiff([line for line in before.splitlines() if line.strip()], lines)
        written += len(lines)
        new += sum(line.startswith("+ ") for line in compared)
    counted = re.search(
        r"(\d+) files, (\d+) lines that are not blank, (\d+) of which were not", section()
    )
    assert tuple(map(int, counted.groups())) == (len(files), written, new)
