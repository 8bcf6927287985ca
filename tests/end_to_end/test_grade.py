"""`autograder grade` as an instructor types it: a small class, exact scores, files and exit codes."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from autograder.authoring.master import solved_notebook, stub_notebook, stub_script
from autograder.records import Isolation
from autograder.sandbox.canary import PROBES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "grades.schema.json").read_text("utf-8"))
POINTS = {"1.1": 2, "2.1": 4, "3.1": 4, "3.2": 4, "4.1": 6}
RIGHT = ("folder", "helper", "master", "master_nb", "zipped")
PRODUCT_IS_NAN = "    return (x + y) * float('nan'), z, x + y\n"
MSE_IS_ENDLESS = "    while True:\n        pass\n"


def with_body(master, name, body):
    """The master with another body for one of its functions."""
    before, _, rest = master.partition(f"def {name}(")
    head, _, rest = rest.partition("    # BEGIN SOLUTION\n")
    _, _, after = rest.partition("    # END SOLUTION\n")
    return f"{before}def {name}({head}{body}{after}"


def hand_in(folder):
    """A class: unfinished, right in several forms, not code, wrong, endless."""
    path = ROOT / "assignments" / "chain_rule" / "chain_rule.py"
    master = path.read_text("utf-8")
    several = ROOT / "tests" / "hidden" / "chain_rule" / "right" / "V41_folder_with_helper"
    (folder / "stub.py").write_text(stub_script(master, path))
    (folder / "stub_nb.ipynb").write_text(stub_notebook(master, path))
    (folder / "master.py").write_text(master)
    (folder / "master_nb.ipynb").write_text(solved_notebook(master, path))
    (folder / "folder").mkdir()
    with zipfile.ZipFile(folder / "zipped.zip", "w") as archive:
        for file in several.glob("*.py"):
            (folder / "folder" / file.name).write_bytes(file.read_bytes())
            archive.write(file, f"my homework/{file.name}")
    hand_in_with_helper(folder / "helper", solved_notebook(master, path))
    (folder / "essay.txt").write_text("The chain rule is a rule about chains.\n")
    (folder / "nan.py").write_text(with_body(master, "product_gradients", PRODUCT_IS_NAN))
    (folder / "endless.py").write_text(with_body(master, "mse_gradients", MSE_IS_ENDLESS))


def hand_in_with_helper(folder, solved):
    """The notebook with one of its functions in a module beside it."""
    notebook = json.loads(solved)
    (moved,) = (c for c in notebook["cells"] if "def product_gradients" in "".join(c["source"]))
    folder.mkdir()
    (folder / "products.py").write_text("import torch\n\n" + "".join(moved["source"]))
    moved["source"] = "from products import product_gradients"
    (folder / "homework.ipynb").write_text(json.dumps(notebook))


@pytest.fixture(scope="module")
def graded(chain_rule, isolation):
    """The class, graded once with a roster in which `master_nb` does not stand."""
    course = chain_rule()
    hand_in(course.handed_in)
    names = [path.name.split(".")[0] for path in course.handed_in.iterdir()]
    names = [name for name in names if name not in {"master_nb", "essay"}] + ["essay.txt", "absent"]
    (course.root / "roster.csv").write_text("student,name\n" + "".join(f"{n},N\n" for n in names))
    return course, course.grade("chain_rule", "--roster", str(course.root / "roster.csv"))


# The class


def test_the_job_is_done_whatever_the_scores(graded):
    course, result = graded
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    assert str(course.out / "grades.csv") in result.stdout.replace("\n", "")


def test_every_submission_has_exactly_the_score_that_it_should_have(graded):
    course, _ = graded
    scores = {student: (row["score"], row["status"]) for student, row in course.rows().items()}
    assert scores == {
        **dict.fromkeys(RIGHT, ("20", "graded")),
        "stub": ("0", "graded"),
        "stub_nb": ("0", "graded"),
        "nan": ("18", "graded"),
        "endless": ("16", "graded"),
        "essay.txt": ("", "ungradable"),
    }


def test_every_task_has_a_column_with_its_points(graded):
    course, _ = graded
    rows = course.rows()
    columns = [
        "student",
        "assignment",
        "score",
        "max_score",
        "status",
        "official",
        *POINTS,
        "matched",
    ]
    assert list(rows["nan"]) == columns
    full = {task: str(points) for task, points in POINTS.items()}
    expected = {
        **dict.fromkeys(RIGHT, full),
        **dict.fromkeys(("stub", "stub_nb"), dict.fromkeys(POINTS, "0")),
        "nan": {**full, "1.1": "0"},
        "endless": {**full, "2.1": "0"},
        "essay.txt": dict.fromkeys(POINTS, ""),
    }
    assert {name: {task: row[task] for task in POINTS} for name, row in rows.items()} == expected
    assert {row["max_score"] for row in rows.values()} == {"20"}
    assert {row["assignment"] for row in rows.values()} == {"chain_rule"}
    assert {row["official"] for row in rows.values()} == {"true"}


def test_who_is_not_in_the_roster_is_graded_and_held_apart(graded):
    course, _ = graded
    rows = course.rows()
    assert {name for name, row in rows.items() if row["matched"] == "false"} == {"master_nb"}
    assert list(rows)[-1] == "master_nb"
    assert course.report()["grades"][-1]["student"] == "master_nb"


def test_who_handed_in_nothing_and_who_is_unknown_are_both_listed(graded):
    _, done = graded
    said = " ".join(done.stdout.split())
    assert "In the roster, but nothing handed in: 1: absent" in said
    assert "not in the roster (graded, held apart): 1: master_nb" in said


def test_every_task_has_its_outcome(graded):
    course, _ = graded
    outcomes = {
        name: {task["id"]: task["outcome"] for task in grade["tasks"]}
        for name, grade in course.grades().items()
    }
    passed = dict.fromkeys(POINTS, "passed")
    assert outcomes == {
        **dict.fromkeys(RIGHT, passed),
        **dict.fromkeys(("stub", "stub_nb"), dict.fromkeys(POINTS, "not_implemented")),
        "nan": {**passed, "1.1": "wrong"},
        "endless": {**passed, "2.1": "timed_out"},
        "essay.txt": dict.fromkeys(POINTS, "missing"),
    }


def test_the_json_is_what_its_schema_says(graded):
    course, _ = graded
    jsonschema.Draft202012Validator(SCHEMA).validate(course.report())


def test_the_run_is_recorded_with_its_isolation(graded, isolation):
    course, _ = graded
    run = course.report()["run"]
    assert (run["assignment"], run["device"], run["official"]) == ("chain_rule", "cpu", True)
    assert (run["isolation"]["level"], run["isolation"]["required"]) == (isolation, "landlock")
    assert tuple(probe["name"] for probe in run["isolation"]["canary"]) == PROBES
    assert all(probe["blocked"] for probe in run["isolation"]["canary"])
    assert {"autograder", "python", "torch", "numpy", "pytest"} <= set(run["versions"])


def test_an_ungradable_submission_has_no_score_anywhere_and_says_why(graded):
    course, _ = graded
    grade = course.grades()["essay.txt"]
    assert grade["score"] is None
    assert {task["points"] for task in grade["tasks"]} == {None}
    assert "no .py and no .ipynb file" in grade["notes"][0]
    feedback = course.feedback("essay.txt")
    assert "Not graded: nothing in the file could be loaded" in feedback
    assert "Score:" not in feedback


def test_feedback_says_what_is_right_and_what_to_look_at(graded):
    course, _ = graded
    assert sorted(path.name for path in (course.out / "feedback").iterdir()) == sorted(
        f"{student}.txt" for student in course.rows()
    )
    nan = course.feedback("nan")
    assert "Score: 18 of 20 points" in nan
    assert "1.1 Gradients of (x + y) z: " in nan
    assert "Hold x and y still and move only z" in nan
    endless = course.feedback("endless")
    assert "Score: 16 of 20 points" in endless
    assert "No answer within 2 s" in endless
    for task in ("1.1", "2.1", "3.1", "3.2", "4.1"):
        assert f"{task} " in course.feedback("stub")
    assert "Score: 0 of 20 points" in course.feedback("stub")


def test_feedback_holds_no_word_that_is_for_staff(graded):
    course, _ = graded
    for student, grade in course.grades().items():
        feedback = course.feedback(student)
        for task in grade["tasks"]:
            for line in task["staff_message"].splitlines():
                assert line not in feedback


def test_the_time_of_an_endless_function_is_measured(graded):
    course, _ = graded
    tasks = {task["id"]: task for task in course.grades()["endless"]["tasks"]}
    assert 2 <= tasks["2.1"]["time_s"] < 8
    assert tasks["2.1"]["student_time_s"] > 0.2


def test_a_second_run_judges_only_what_has_changed(graded):
    course, _ = graded
    roster = ("--roster", str(course.root / "roster.csv"))
    files = {name: (course.out / name).read_bytes() for name in ("grades.csv", "grades.json")}
    before = Counter(student for _, student, _ in course.attempts())
    assert before == Counter(course.rows().keys())

    same = course.grade("chain_rule", *roster)
    assert same.returncode == 0
    assert "10 of 10" in same.stderr
    assert Counter(student for _, student, _ in course.attempts()) == before
    assert {name: (course.out / name).read_bytes() for name in files} == files

    rows = course.rows()
    path = ROOT / "assignments" / "chain_rule" / "chain_rule.py"
    (course.handed_in / "nan.py").write_text(path.read_text("utf-8"))
    changed = course.grade("chain_rule", *roster)
    assert changed.returncode == 0
    assert "9 of 10" in changed.stderr
    assert Counter(student for _, student, _ in course.attempts()) == before + Counter(["nan"])
    expected = {**rows, "nan": {**rows["nan"], "score": "20", "1.1": "2"}}
    assert course.rows() == expected


# Without isolation


def test_without_isolation_all_is_unofficial_and_a_right_answer_is_still_right(chain_rule):
    course = chain_rule()
    master = ROOT / "assignments" / "chain_rule" / "chain_rule.py"
    (course.handed_in / "ada.py").write_text(master.read_text("utf-8"))
    result = course.grade("chain_rule", "--isolation", "process")
    assert result.returncode == 0, result.stderr
    assert "UNOFFICIAL" in result.stdout
    row = course.rows()["ada"]
    assert (row["score"], row["status"], row["official"]) == ("20", "graded", "false")
    report = course.report()
    assert report["run"]["official"] is False
    assert report["run"]["isolation"]["level"] == Isolation.PROCESS
    assert [grade["official"] for grade in report["grades"]] == [False]
    assert "It does not count as a grade" in course.feedback("ada")


# Our own faults

SUITE = """
import os
from pathlib import Path
import pytest

LOG = Path(__file__).parents[3] / "log.txt"

@pytest.mark.task("1", points=2)
def test_f(student, reference, device):
    value = student.f()
    with LOG.open("a") as log:
        log.write(f"{value} {device}\\n")
    if value == 13:
        raise OSError("the points cannot be read")
    if value == 15:
        value.parameters()
    if value == 14:
        os._exit(0)
    assert value == reference.f()

@pytest.mark.task("2", points=1)
def test_f_twice(student, reference):
    assert student.f() == reference.f()
"""


@pytest.fixture(scope="module")
def broken(demo, isolation):
    """A class of which two members bring faults of the hidden suite to light."""
    course = demo(SUITE, ("f", "f"))
    for student, value in {"ada": 1, "bob": 13, "cy": 14, "di": 2, "eve": 1, "flo": 15}.items():
        (course.handed_in / f"{student}.py").write_text(f"def f():\n    return {value}\n")
    return course, course.grade("demo", "--device", "cpu")


def test_a_fault_of_ours_withholds_that_grade_and_no_other(broken):
    course, result = broken
    assert result.returncode == 3
    assert "not by the students' fault: 2" in result.stdout
    found = {name: (row["score"], row["status"]) for name, row in course.rows().items()}
    assert found == {
        "ada": ("3", "graded"),
        "bob": ("", "withheld"),
        "cy": ("", "withheld"),
        "di": ("0", "graded"),
        "eve": ("3", "graded"),
        "flo": ("0", "needs_review"),
    }
    jsonschema.Draft202012Validator(SCHEMA).validate(course.report())


@pytest.mark.parametrize("student", ["bob", "cy"])
def test_a_withheld_grade_has_an_empty_score_everywhere_and_does_not_blame_the_student(
    broken, student
):
    course, _ = broken
    row, grade = course.rows()[student], course.grades()[student]
    assert (row["score"], row["1"], row["2"], row["max_score"]) == ("", "", "", "3")
    assert grade["score"] is None
    assert {task["points"] for task in grade["tasks"]} == {None}
    assert "grader_error" in {task["outcome"] for task in grade["tasks"]}
    feedback = course.feedback(student)
    assert "No score yet" in feedback
    assert "not the fault of your submission" in feedback
    assert "cannot be read" not in feedback


def test_a_test_that_stumbles_over_an_answer_withholds_nothing_and_calls_a_person(broken):
    course, _ = broken
    (advice,) = course.grades()["flo"]["advice"]
    assert "AttributeError" in advice
    assert "AttributeError" not in course.feedback("flo")


def test_staff_are_told_what_went_wrong(broken):
    course, _ = broken
    staff = {
        student: " ".join(task["staff_message"] for task in course.grades()[student]["tasks"])
        for student in ("bob", "cy")
    }
    assert "OSError: the points cannot be read" in staff["bob"]
    assert "the grader process died" in staff["cy"]


def test_what_is_withheld_was_tried_twice_and_what_is_wrong_was_run_on_once_for_its_diagnosis(
    broken,
):
    course, _ = broken
    lines = (course.root / "log.txt").read_text().splitlines()
    # 2 and 15 are wrong; the verdict is that of their first run.
    assert Counter(lines) == Counter(
        {"1 cpu": 2 + 1, "2 cpu": 2, "13 cpu": 2, "14 cpu": 2, "15 cpu": 2}
    )


def test_the_device_reaches_the_hidden_tests_and_the_record(broken):
    course, _ = broken
    assert course.report()["run"]["device"] == "cpu"
    assert {line.split()[1] for line in (course.root / "log.txt").read_text().splitlines()} == {
        "cpu"
    }


@pytest.mark.parametrize(
    ("submissions", "out", "words"),
    [
        (".", "results", "this is a course"),
        ("handed_in", "handed_in/results", "would take it for a student's"),
        ("handed_in", "grading.yml", "this is a file, expected a folder"),
    ],
)
def test_places_that_are_mixed_up_are_refused_before_anything_is_graded(
    tmp_path, submissions, out, words
):
    (tmp_path / "grading.yml").write_text("course: Demo\n")
    assignment = tmp_path / "assignments" / "chain_rule"
    assignment.mkdir(parents=True)
    shutil.copy(ROOT / "assignments" / "chain_rule" / "assignment.yml", assignment)
    (tmp_path / "handed_in").mkdir()
    (tmp_path / "handed_in" / "ada.py").write_text("x = 1\n")
    command = [sys.executable, "-m", "autograder", "grade", "chain_rule", submissions, "--out", out]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / ".autograder").exists()
