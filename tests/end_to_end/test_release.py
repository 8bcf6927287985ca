"""Released folders as students get them: unsolved, solved and wrong, in a real kernel.

One kernel for each assignment runs its notebook three times, each time in a folder of its own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.authoring.master import solution_lines, solved_notebook
from autograder.authoring.release import make_release
from autograder.settings.assignment import load_assignment

COURSE = Path(__file__).resolve().parents[2]
ASSIGNMENTS = sorted(path.parent.name for path in COURSE.glob("assignments/*/assignment.yml"))

pytestmark = [
    pytest.mark.slow,
    # Of jupyter_client and zmq, which are not ours to mend.
    pytest.mark.filterwarnings("default"),
]


def autograder(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, words)], cwd=cwd, capture_output=True, text=True,
        timeout=120, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


@dataclass(frozen=True)
class Released:
    """An assignment and its released folder."""

    name: str
    folder: Path

    @property
    def notebook(self):
        return json.loads((self.folder / f"{self.name}.ipynb").read_text("utf-8"))

    @property
    def tasks(self):
        return load_assignment(COURSE, self.name).tasks

    @property
    def master(self):
        return COURSE / "assignments" / self.name / f"{self.name}.py"


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def released(request, tmp_path_factory):
    """One assignment, released by the command itself."""
    folder = tmp_path_factory.mktemp("released") / request.param
    done = autograder("release", request.param, "--out", folder, "--trial", cwd=COURSE)
    assert done.returncode == 0, done.stderr
    return Released(request.param, folder)


def solved(released):
    """The released notebook with the master's solutions in its question cells."""
    master = json.loads(solved_notebook(released.master.read_text("utf-8"), released.master))
    answers = [cell["source"] for cell in master["cells"] if cell["metadata"].get("task")]
    notebook = released.notebook
    questions = [cell for cell in notebook["cells"] if cell["metadata"].get("task")]
    for question, answer in zip(questions, answers, strict=True):
        question["source"] = answer
    return notebook


def wrong(released):
    """The same, and all that the tasks ask for gives back None at last."""
    notebook = solved(released)
    names = [task.entry_point for task in released.tasks.values()]
    redefined = {
        "cell_type": "code", "id": "wrong", "metadata": {}, "outputs": [], "execution_count": None,
        "source": "".join(f"def {name}(*_, **__): return None\n" for name in names),
    }  # fmt: skip
    last = max(n for n, cell in enumerate(notebook["cells"]) if cell["metadata"].get("task"))
    checks = [c for c in notebook["cells"] if "".join(c["source"]).startswith("grader.check(")]
    rest = [cell for cell in notebook["cells"][: last + 1] if cell not in checks]
    return {**notebook, "cells": [*rest, redefined, *checks]}


def told(cells):
    """What each check cell shows, by task; no other cell may show an error, or anything at all."""
    found = {}
    for cell in cells:
        check = re.fullmatch(r'grader\.check\("(.+)"\)', "".join(cell["source"]))
        if check is None:
            assert not cell.get("outputs"), cell
            continue
        (output,) = cell["outputs"]
        assert output["output_type"] == "execute_result", output
        found[check[1]] = output["data"]
    return found


@pytest.fixture(scope="module")
def shown(released, tmp_path_factory):
    """What the check cells show: unsolved as released, solved under another name, wrong.

    Without this package: with torch and otter a student has all that is needed.
    """
    import nbformat
    from nbclient import NotebookClient

    parts = []
    for name, notebook in (
        (f"{released.name}.ipynb", released.notebook),
        ("my work (1).ipynb", solved(released)),
        ("wrong.ipynb", wrong(released)),
    ):
        folder = tmp_path_factory.mktemp("student")
        shutil.copytree(released.folder, folder, dirs_exist_ok=True)
        (folder / f"{released.name}.ipynb").unlink()
        (folder / name).write_text(json.dumps(notebook), encoding="utf-8")
        before = f"%reset -f\nimport os, sys\nos.chdir({str(folder)!r})\nsys.modules['autograder'] = None"
        parts.append(([{**_CODE, "source": before}, *notebook["cells"]], folder))
    together = {**released.notebook, "cells": [cell for part, _ in parts for cell in part]}
    for number, cell in enumerate(together["cells"]):
        cell["id"] = f"c{number}"
    client = NotebookClient(
        nbformat.reads(json.dumps(together), as_version=4),
        timeout=60,
        allow_errors=True,
        kernel_name="python3",
    )
    executed = iter(client.execute().cells)
    return [told([next(executed) for _ in part]) for part, _ in parts]


_CODE = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}


def test_the_folder_holds_what_is_listed_and_nothing_else(released):
    found = {
        path.relative_to(released.folder).as_posix()
        for path in released.folder.rglob("*")
        if path.is_file()
    }
    name = released.name
    listed = {f"{name}.ipynb", f"{name}.py", "README.md", "checks.py", "gradient_check.py"}
    listed |= {"requirements.txt", "CHANGELOG.md"}
    figures = {path.name for path in (COURSE / "assignments" / name / "figures").iterdir()}
    listed |= {f"figures/{figure}" for figure in figures}
    assert found == listed | {f"tests/{task}.py" for task in released.tasks}
    needed = (released.folder / "requirements.txt").read_text().split()
    assert all(f'"{line}"' in (COURSE / "pyproject.toml").read_text() for line in needed)


def test_unsolved_every_check_fails_and_names_its_task(released, shown):
    unsolved = shown[0]
    assert list(unsolved) == list(released.tasks)
    for task, settings in released.tasks.items():
        text = unsolved[task]["text/plain"]
        assert text.startswith(f"Task {task}: {settings.entry_point}"), text
        assert text.endswith(" is not implemented yet."), text
        assert text.split("\n")[0] in unsolved[task]["text/html"].replace("&#x27;", "'")


def test_solved_every_check_passes_also_in_a_renamed_notebook(released, shown):
    passes = {task: data["text/plain"] for task, data in shown[1].items()}
    assert passes == {
        task: f"Task {task} passes. Hidden tests check more." for task in released.tasks
    }


def test_wrong_every_check_says_once_what_differs_and_nothing_of_ours(released, shown):
    for task, data in shown[2].items():
        text = data["text/plain"]
        head, _, message = text.partition("\n")
        assert head == f"Task {task}: {released.tasks[task].entry_point} differs."
        assert message
        assert text.count(message) == 1
        for ours in ("Traceback", "Error at line", "AssertionError", "Test case"):
            assert ours not in text


def test_the_stub_is_unwritten_for_every_task(released):
    done = autograder("check", f"{released.name}.py", cwd=released.folder)
    states = re.findall(r"^(\S+) (\w+): (.*)$", done.stdout, re.MULTILINE)
    expected = [
        (task, settings.entry_point, "not implemented yet")
        for task, settings in released.tasks.items()
    ]
    assert [state for state in states if state[0] in released.tasks] == expected
    assert done.returncode == 1


def test_a_second_release_has_the_same_bytes(released):
    again = make_release(COURSE, load_assignment(COURSE, released.name))
    assert again.files == {name: (released.folder / name).read_bytes() for name in again.files}


def test_no_line_of_a_solution_stands_in_any_cell_or_in_the_stub(released):
    # The plain way, beside that of leaks.py: whole lines, whatever their length.
    code = [c["source"] for c in released.notebook["cells"] if c["cell_type"] == "code"]
    stub = (released.folder / f"{released.name}.py").read_text("utf-8")
    lines = {line.strip() for text in (*map("".join, code), stub) for line in text.splitlines()}
    assert not lines & set(solution_lines(released.master.read_text("utf-8"), released.master))


def test_a_leak_is_told_and_nothing_is_written(tmp_path):
    course = tmp_path / "course"
    for part in ("assignments/chain_rule", "tests/hidden/chain_rule", "reference"):
        shutil.copytree(COURSE / part, course / part)
    shutil.copy(COURSE / "grading.yml", course)
    with (course / "assignments" / "chain_rule" / "README.md").open("a") as handout:
        handout.write("\nHint: `dmse_derror = 2 * error / len(x)`\n")
    out = tmp_path / "out"
    done = autograder("release", "chain_rule", "--out", out, cwd=course)
    assert done.returncode == 2
    for words in ("README.md, line", "a line of a solution", "chain_rule.py:", "dmse_derror ="):
        assert words in done.stderr
    assert not out.exists()


def test_a_folder_that_is_no_release_is_refused(tmp_path):
    done = autograder("release", "chain_rule", "--out", COURSE / "docs", cwd=COURSE)
    assert done.returncode == 2
    assert "no earlier release of chain_rule" in done.stderr
    assert (COURSE / "docs" / "student.md").is_file()
