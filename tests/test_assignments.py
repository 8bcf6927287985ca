"""Every assignment of this course is proven by `autograder verify`, on the walk that students' work takes.

One round and a few mutants here; more of both by hand: `autograder verify NAME --rounds 5 --mutants 1000`.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

COURSE = Path(__file__).resolve().parents[1]
ASSIGNMENTS = sorted(path.parent.name for path in COURSE.glob("assignments/*/assignment.yml"))
MUTANTS = 24


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def proof(request, tmp_path_factory):
    """What verify found out about one assignment."""
    file = tmp_path_factory.mktemp(request.param) / "proof.json"
    command = [
        sys.executable, "-m", "autograder", "verify", request.param, "--course", str(COURSE),
        "--rounds", "1", "--mutants", str(MUTANTS), "--json", str(file),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return json.loads(file.read_text())


def names(proof, kind):
    return [row["name"] for row in proof["rows"] if row["kind"] == kind]


@pytest.mark.slow
def test_nothing_has_to_be_mended(proof):
    assert proof["faults"] == []
    assert proof["proven"]


@pytest.mark.slow
def test_it_is_calibrated_and_nothing_has_changed_since(proof):
    assert proof["remarks"] == []


@pytest.mark.slow
def test_no_mutant_survives_unexplained(proof):
    assert proof["mutants"]["tried"] == MUTANTS
    assert [(m["before"], m["after"]) for m in proof["mutants"]["survivors"]] == []


@pytest.mark.slow
def test_the_corpus_is_large(proof):
    assert len(names(proof, "wrong")) >= 25
    assert len(names(proof, "right")) >= 15
    assert len(names(proof, "master")) == 2
    assert len(names(proof, "stub")) == 4


@pytest.mark.slow
def test_every_task_has_a_wrong_submission_that_fails_it(proof):
    proven = {task for row in proof["rows"] if row["kind"] == "wrong" for task in row["fails"]}
    assert proven == {
        task for row in proof["rows"] if row["name"] == "stub" for task in row["fails"]
    }
