"""verify, calibrate and explain on a small course, as an instructor types them."""

import json
import os
import shutil
import subprocess
import sys

import pytest

FILES = {
    "grading.yml": "course: Small\n",
    "assignments/small/assignment.yml": """\
title: Small
version: "1.0"
tasks:
  "1": {title: Mean, entry_point: mean}
  "2": {title: Luck, entry_point: lucky}
""",
    "assignments/small/README.md": "# Small\n\nTwo functions.\n\n<!-- points -->\n",
    "assignments/small/small.py": '''\
# %% [markdown]
# # Small

# %%
import torch


# %% task="1"
def mean(x):
    """The mean of x, shape (N,), as a number."""
    # BEGIN SOLUTION
    total = x.sum()
    count = torch.tensor(float(len(x)))
    return total / count
    # END SOLUTION


# %% task="2"
def lucky(seed):
    """A number around 0.95, from torch's generator seeded with `seed`."""
    # BEGIN SOLUTION
    torch.manual_seed(seed)
    return 0.95 + 0.01 * torch.rand(())
    # END SOLUTION
''',
    "assignments/small/checks.py": '''\
"""Public checks."""

import torch


def check_mean(submission):
    found = submission.mean(torch.tensor([1.0, 3.0]))
    assert abs(float(found) - 2) < 1e-6, "the mean of 1 and 3 is 2"


def check_lucky(submission):
    raise_nothing = 0
    assert 0 < float(submission.lucky(3)) < 1, "expected a number between 0 and 1"


TASKS = {"1": check_mean, "2": check_lucky}
''',
    "reference/small.py": '''\
"""The oracle."""

import torch


def mean(x):
    return x.double().mean()


def lucky(seed):
    return torch.tensor(0.955)
''',
    "tests/hidden/small/test_small.py": """\
import pytest


@pytest.mark.task("1", points=2, hint="By how many do you divide?")
def test_mean_of_seven(student, reference, draw, close):
    for repeat in range(2):
        x = draw("x", repeat=repeat).normal(7, mean=3.0)
        close(student.mean(x), reference.mean(x))


@pytest.mark.task("2", points=1)
def test_luck(student, draw, at_least):
    def measure(number):
        return float(student.lucky(int(draw("seeds", repeat=number).integers(high=2**31))))

    at_least("luck", measure)
""",
    "tests/hidden/small/misconceptions.py": """\
from autograder.judging.diagnosis.misconceptions import Example, Misconception
import torch

EXAMPLES = [Example("mean", (torch.tensor([1.0, 2.0, 6.0]),), "x = (1, 2, 6)")]
MISCONCEPTIONS = [
    Misconception(
        id="G18",
        what="the values are added up and never divided",
        question="What happens to your answer when every value comes twice?",
        reading="lecture 1",
        variants={"mean": lambda x: x.double().sum()},
    ),
]
""",
    "tests/hidden/small/wrong/G18_sum.py": """\
# id: G18
# misconception: a sum for a mean
# fails: 1
import torch


def mean(x):
    return x.sum()


def lucky(seed):
    torch.manual_seed(seed)
    return 0.95 + 0.01 * torch.rand(())
""",
    "tests/hidden/small/wrong/X01_unlucky.py": """\
# id: X01
# misconception: too small by far
# fails: 2
def mean(x):
    return x.mean()


def lucky(seed):
    return 0.8 + seed * 0.0
""",
    "tests/hidden/small/right/V05_numpy.py": """\
import numpy as np
import torch


def mean(x):
    return np.mean(x.numpy())


def lucky(seed):
    torch.manual_seed(seed)
    return float(0.95 + 0.01 * torch.rand(()))
""",
}


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory, isolation):
    """A small course whose thresholds were measured; and what calibrate printed."""
    root = tmp_path_factory.mktemp("small")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = run(root, "calibrate", "small", "--runs", "12", "--threads", "1", "--write")
    assert done.returncode == 0, done.stdout + done.stderr
    return root, done.stdout


@pytest.fixture
def course(calibrated, tmp_path):
    """A copy of the small course, to be spoiled."""
    root = tmp_path / "course"
    shutil.copytree(calibrated[0], root)
    return root


def run(root, *words):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *words, "--course", str(root)],
        capture_output=True, text=True, timeout=240, check=False, cwd=root,
        env={**os.environ, "COLUMNS": "200", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip


def verify(root, *more):
    return run(root, "verify", "small", "--rounds", "2", "--json", str(root / "proof.json"), *more)


def edit(root, name, old, new):
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.slow
def test_calibrate_writes_a_threshold_with_its_false_fail_probability(calibrated):
    root, said = calibrated
    written = json.loads((root / "tests/hidden/small/calibration.json").read_text())
    threshold = written["thresholds"]["luck"]
    assert 0.95 <= threshold["value"] < 0.96
    assert threshold["right_runs"] == 12
    assert threshold["false_fail"] == pytest.approx(2 / (13 * 14))
    assert threshold["nearest_wrong"] == "X01_unlucky"
    strain = written["strains"]["test_mean_of_seven"]
    assert strain["right_greatest"] < 0.1
    assert strain["wrong_least"] > 100
    assert strain["nearest_wrong"] == "G18_sum"
    assert "2 / ((n + 1) (n + 2))" in said


@pytest.mark.slow
def test_a_good_assignment_is_proven(course):
    done = verify(course)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.rstrip().endswith("PROVEN")
    proof = json.loads((course / "proof.json").read_text())
    assert proof["proven"] is True
    assert proof["mutants"]["killed"] > 5
    assert {row["name"] for row in proof["rows"]} >= {"master", "stub", "G18_sum", "V05_numpy"}
    assert not any("source" in mutant for mutant in proof["mutants"]["survivors"])


@pytest.mark.slow
def test_each_kind_of_fault_is_named_and_ends_in_1(course):
    edit(course, "tests/hidden/small/wrong/G18_sum.py", "# fails: 1", "# fails: 1 2")
    edit(course, "tests/hidden/small/right/V05_numpy.py", "np.mean(x.numpy())", "np.sum(x.numpy())")
    edit(course, "assignments/small/checks.py", "raise_nothing = 0", "assert False, 'never right'")
    with (course / "assignments/small/README.md").open("a") as file:
        file.write("\n    count = torch.tensor(float(len(x)))\n")
    # A hidden test that asks what a public check has asked.
    edit(
        course,
        "tests/hidden/small/test_small.py",
        'x = draw("x", repeat=repeat).normal(7, mean=3.0)',
        "import torch; x = torch.tensor([1.0, 3.0])",
    )
    with (course / "tests/hidden/small/test_small.py").open("a") as file:
        file.write(
            "\n\n@pytest.mark.task('2', points=1)\ndef test_it_answers(student):\n    student.lucky(3)\n"
        )
    done = verify(course, "--mutants", "0")
    assert done.returncode == 1, done.stdout + done.stderr
    for words in (
        "hidden test test_it_answers, task 2: passes where the answer is None, so it compares nothing",
        "wrong G18_sum: round 1: passes 2, which its head says it fails",
        "right V05_numpy: round 2: fails 1, which it must not",
        "public check 2: the master does not pass it (differs)",
        "by heart: round 1: passes 1",
        "release:",
        "the calibration of",
        "is stale",
        "NOT PROVEN: ",
    ):
        assert words in done.stdout


@pytest.mark.slow
def test_explain_shows_staff_what_was_drawn_expected_and_diagnosed_and_that_it_is_the_stored_grade(
    course,
):
    handed_in = course / "handed_in"
    handed_in.mkdir()
    shutil.copy(course / "tests/hidden/small/wrong/G18_sum.py", handed_in / "ada.py")
    graded = run(course, "grade", "small", str(handed_in), "--out", str(course / "out"))
    assert graded.returncode == 0, graded.stderr
    feedback = " ".join((course / "out" / "feedback" / "ada.txt").read_text().split())
    assert (
        "The same numbers come out, at 2 independent points, when the values are added up"
        in feedback
    )
    assert "For x = (1, 2, 6), the right answer is 3; with that slip it is 9." in feedback
    evidence = course / "evidence.json"
    done = run(course, "explain", "small", "ada", str(handed_in), "--json", str(evidence))
    assert done.returncode == 0, done.stdout + done.stderr
    for words in (
        "For staff only",
        "asked     mean(tensor(7,)",
        "beyond it",
        "diagnosis G18",
        "The same outcomes",
    ):
        assert words in done.stdout
    tests = {test["test"]: test for test in json.loads(evidence.read_text())}
    assert tests["test_mean_of_seven"]["diagnosis"] == "G18"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explain", "small", "adda", "handed_in"], 'nothing is handed in by "adda". Did you mean "ada"?'),
        (["explain", "small", "ada", "handed_in", "--task", "3"], "there is no such task"),
        (["calibrate", "small", "--threads", "two"], "expected numbers above 0"),
        (["calibrate", "small", "--plot", "x.doc"], "ends in .svg, .png or .pdf"),
        (["verify", "smal"], 'Did you mean "small"?'),
        (["verify", "small", "--json", "handed_in"], "this is a folder"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_arguments_is_told_and_ends_in_2(course, words, said):
    (course / "handed_in").mkdir()
    shutil.copy(course / "tests/hidden/small/right/V05_numpy.py", course / "handed_in" / "ada.py")
    done = run(course, *words)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in " ".join(done.stderr.split())
