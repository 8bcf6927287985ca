"""What the command leaves in results.json when there can be no grade."""

import json

import pytest

from autograder.cli.gradescope import gradescope_command
from autograder.errors import CourseError, IsolationError
from autograder.running import alone

METADATA = {"users": [{"email": "ada@example.edu", "id": 1, "name": "Ada"}]}


@pytest.fixture
def root(tmp_path):
    """/autograder with an unpacked bundle of an assignment without a suite."""
    source = tmp_path / "source"
    about = source / "course" / "assignments" / "demo"
    about.mkdir(parents=True)
    (source / "course" / "grading.yml").write_text("course: Demo\n")
    (about / "assignment.yml").write_text(
        'title: D\nversion: "1"\ntasks:\n  "1": {title: One, entry_point: f}\n'
    )
    (source / "version.key").write_text("ab" * 32)
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission_metadata.json").write_text(json.dumps(METADATA))
    return tmp_path


@pytest.fixture(autouse=True)
def _ordinary_process(monkeypatch):
    """The process that runs the tests is not to become the last that the kernel kills."""
    monkeypatch.setattr("autograder.running.container.be_last_to_go", lambda: None)


def refused(root):
    """Runs it; what a student reads and what staff reads of the results, in which there is no score."""
    assert gradescope_command("demo", root) == 3
    results = json.loads((root / "results" / "results.json").read_bytes())
    assert "score" not in results
    (staff,) = results["tests"]
    assert "score" not in staff
    assert staff["visibility"] == "hidden"
    return results["output"], staff["output"]


@pytest.mark.parametrize(
    "error",
    [IsolationError("the canary read a decoy"), CourseError("no suite"), RuntimeError("a bug")],
)
def test_whatever_goes_wrong_is_told_to_staff_and_scores_nothing(root, monkeypatch, capsys, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(alone, "open_workshop", fail)
    student, staff = refused(root)
    assert str(error) in staff
    assert str(error) in capsys.readouterr().out
    assert str(error) not in student
    assert "not the fault of your submission" in student


@pytest.mark.parametrize("key", ["ab" * 16, "no key", ""])
def test_a_key_that_is_none_is_refused(root, key):
    (root / "source" / "version.key").write_text(key)
    assert "key" in refused(root)[1]


@pytest.mark.parametrize("metadata", ["{", "{}", '{"users": []}', '{"users": [{"name": "Ada"}]}'])
def test_nobody_is_guessed(root, metadata):
    (root / "submission_metadata.json").write_text(metadata)
    (root / "submission" / "eve@example.edu.py").write_text("")
    assert "who handed in" in refused(root)[1]
