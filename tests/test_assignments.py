"""Every assignment is proven through the real path: master full, stub nothing, the rest as their heads say."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.authoring.master import solved_notebook, stub_notebook, stub_script

COURSE = Path(__file__).resolve().parents[1]
ASSIGNMENTS = sorted(path.parent.name for path in COURSE.glob("assignments/*/assignment.yml"))


@dataclass(frozen=True)
class Verdict:
    """One submission's grade as grades.json tells it."""

    score: float | None
    max_score: float
    status: str
    lost: frozenset[str]
    outcomes: frozenset[str]
    advice: str


def corpus(name):
    """Every known submission of an assignment: id, path, head."""
    suite = COURSE / "tests" / "hidden" / name
    for kind in ("right", "wrong"):
        for path in sorted((suite / kind).iterdir()):
            yield kind, path, head(path)


def head(path):
    """The declarations `# key: value` at the top of a submission."""
    if path.is_dir():
        return {}
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        text = "".join(cells[0]["source"])
    return dict(re.findall(r"^# (\w+): (.*?)\r?$", text, re.MULTILINE))


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def graded(request, tmp_path_factory):
    """All known submissions of one assignment, graded as one class by the command itself."""
    name = request.param
    folder = tmp_path_factory.mktemp(name)
    submissions = folder / "class"
    submissions.mkdir()
    for _, path, _ in corpus(name):
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, submissions / path.name)
    master_path = COURSE / "assignments" / name / f"{name}.py"
    master = master_path.read_text()
    (submissions / "0_master.py").write_text(master)
    (submissions / "0_master_notebook.ipynb").write_text(solved_notebook(master, master_path))
    (submissions / "0_stub.py").write_text(stub_script(master, master_path))
    (submissions / "0_stub_notebook.ipynb").write_text(stub_notebook(master, master_path))
    (submissions / "0_empty.py").write_text("")
    command = [
        sys.executable, "-m", "autograder", "grade", name, str(submissions),
        "--course", str(COURSE), "--out", str(folder / "out"), "--store", str(folder / "store.sqlite"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    grades = json.loads((folder / "out" / "grades.json").read_text())
    assert grades["run"]["official"]
    return name, {
        grade["student"]: Verdict(
            grade["score"],
            grade["max_score"],
            grade["status"],
            frozenset(t["id"] for t in grade["tasks"] if t["outcome"] != "passed"),
            frozenset(t["outcome"] for t in grade["tasks"]),
            " ".join(grade["advice"]),
        )
        for grade in grades["grades"]
    }


@pytest.mark.slow
@pytest.mark.parametrize("form", ["0_master", "0_master_notebook"])
def test_the_master_gets_full_marks(graded, form):
    _, verdicts = graded
    assert verdicts[form].score == verdicts[form].max_score
    assert verdicts[form].status == "graded"


@pytest.mark.slow
@pytest.mark.parametrize("form", ["0_stub", "0_stub_notebook"])
def test_the_stub_gets_nothing_and_is_told_unwritten_from_wrong(graded, form):
    _, verdicts = graded
    assert verdicts[form].score == 0
    assert verdicts[form].outcomes == {"not_implemented"}


@pytest.mark.slow
def test_an_empty_file_has_no_score_rather_than_zero(graded):
    _, verdicts = graded
    assert verdicts["0_empty"].status == "ungradable"
    assert verdicts["0_empty"].score is None


@pytest.mark.slow
def test_every_wrong_submission_fails_just_where_it_says(graded):
    name, verdicts = graded
    found = {
        path.stem: verdicts[path.stem].lost for kind, path, _ in corpus(name) if kind == "wrong"
    }
    said = {
        path.stem: frozenset(about["fails"].split())
        for kind, path, about in corpus(name)
        if kind == "wrong"
    }
    assert found == said
    assert len(said) >= 15


@pytest.mark.slow
def test_every_right_submission_keeps_full_marks(graded):
    name, verdicts = graded
    names = [
        path.name if path.is_dir() else path.stem
        for kind, path, _ in corpus(name)
        if kind == "right"
    ]
    assert [n for n in names if verdicts[n].score != verdicts[n].max_score] == []
    assert len(names) >= 8


@pytest.mark.slow
def test_autograd_where_by_hand_was_asked_is_an_advice_and_costs_nothing(graded):
    name, verdicts = graded
    for kind, path, about in corpus(name):
        if kind == "right" and path.is_file():
            verdict = verdicts[path.stem]
            expected = "needs_review" if about.get("advice") == "autograd" else "graded"
            assert (path.stem, verdict.status) == (path.stem, expected)
            assert ("autograd" in verdict.advice) == (expected == "needs_review")


@pytest.mark.slow
def test_every_task_has_a_wrong_submission_that_fails_it(graded):
    name, verdicts = graded
    proven = {
        task
        for kind, _, about in corpus(name)
        if kind == "wrong"
        for task in about["fails"].split()
    }
    assert proven >= verdicts["0_stub"].lost
