"""A manual task from release to score, and a suite that is changed under a version that students have."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

pytestmark = pytest.mark.slow

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "grades.schema.json").read_text("utf-8"))
FILES = {
    "assignments/demo/demo.py": '''\
# %% [markdown]
# # Demo

# %% task="1"
def f():
    """Returns one."""
    # BEGIN SOLUTION
    return 10 // 9 + 0 * 17
    # END SOLUTION

# %% [markdown] task="2"
# *Write your answer here.*

# %% task="2"
def plot():
    """Plots it."""
    # BEGIN SOLUTION
    return [10 // 9, 10 % 9]
    # END SOLUTION
''',
    "assignments/demo/checks.py": """\
def check_f(submission):
    assert submission.f() > 0, "f() is positive."


TASKS = {"1": check_f}
""",
    "assignments/demo/README.md": "# Demo\n\n<!-- points -->\n",
    "assignments/demo/CHANGELOG.md": """\
# Changelog

## 1

- code: The first version.
- hidden: The value is compared with that of the reference.
""",
    "tests/hidden/demo/rubrics/2.md": "- 2 points: it says that ten ninths are cut off\n",
}
SUITE = """
import pytest


@pytest.mark.task("1", points=3)
def test_f(student, reference):
    assert student.f() == reference.f()
"""


class Typed:
    """A course, and commands typed in it."""

    def __init__(self, course):
        self.course = course

    def __call__(self, *words):
        done = subprocess.run(
            [sys.executable, "-m", "autograder", *map(str, words)], cwd=self.course.root, capture_output=True,
            text=True, timeout=120, env={**os.environ, "COLUMNS": "200", "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done

    def annotate(self, *words):
        return self("annotate", "demo", *words, "--store", self.course.store)

    def grade(self):
        done = self.course.grade("demo")
        jsonschema.Draft202012Validator(SCHEMA).validate(self.course.report())
        return done

    def rows(self):
        return {
            name: (row["score"], row["status"], row["2"])
            for name, row in self.course.rows().items()
        }


def answered(notebook, answer):
    """The released notebook, solved, with an answer in the cell of task 2."""
    content = json.loads(notebook.read_text("utf-8"))
    for cell in content["cells"]:
        task = cell["metadata"].get("task")
        if task == "1":
            cell["source"] = "def f():\n    return 1"
        if task == "2":
            cell["source"] = answer
    return json.dumps(content)


@pytest.fixture
def typed(demo, isolation):
    """A course with a manual task, and a class that worked on its release."""
    course = demo(SUITE)
    for name, text in FILES.items():
        path = course.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with (course.root / "assignments/demo/assignment.yml").open("a") as file:
        file.write('manual:\n  "2": {title: "Why?", points: 2, rubric: rubrics/2.md}\n')
    typed = Typed(course)
    done = typed("release", "demo", "--out", "handout")
    assert done.returncode == 0, done.stderr
    notebook = course.root / "handout" / "demo.ipynb"
    (course.handed_in / "ada.ipynb").write_text(answered(notebook, "Ten ninths, <b>cut off</b>."))
    (course.handed_in / "bob.ipynb").write_text(answered(notebook, "No idea."))
    return typed


def test_a_written_answer_is_asked_for_graded_by_hand_and_never_lost(typed):
    course = typed.course
    handout = course.root / "handout"
    assert "hidden" not in (handout / "CHANGELOG.md").read_text()
    assert not (handout / "tests" / "2.py").exists()

    # Nothing that looks like a score before people have graded.
    done = typed.grade()
    assert done.returncode == 0, done.stderr
    assert typed.rows() == {"ada": ("", "pending", ""), "bob": ("", "pending", "")}
    assert "Pending: 2" in done.stdout
    assert "3 + ? / 5" in done.stdout
    assert "So far: 3 of 5 points. Graded by hand, and still missing: 2." in course.feedback("ada")
    assert {grade["score"] for grade in course.report()["grades"]} == {None}

    # Who waits, with what they wrote.
    done = typed.annotate("--todo", "--submissions", course.handed_in, "--answers", "answers.html")
    assert (
        "ada, task 2, 2 points\nbob, task 2, 2 points\n2 to grade, 0 to look at again."
        in done.stdout
    )
    page = (course.root / "answers.html").read_text("utf-8")
    assert "Ten ninths, &lt;b&gt;cut off&lt;/b&gt;." in page
    assert "it says that ten ninths are cut off" in page

    # Given, thought better of, and in the grades with the next run, which judges nothing.
    for points, why in (("1", "Nearly."), ("1.5", "Right, but for the sign.")):
        done = typed.annotate("ada", "2", "--points", points, "--by", "Eva", "--why", why)
        assert done.returncode == 0, done.stderr
    attempts = course.attempts()
    done = typed.grade()
    assert course.attempts() == attempts
    assert typed.rows() == {"ada": ("4.5", "graded", "1.5"), "bob": ("", "pending", "")}
    feedback = course.feedback("ada")
    assert "Score: 4.5 of 5 points" in feedback
    assert "Graded by hand: Right, but for the sign." in feedback
    assert "Eva" not in feedback
    shown = typed.annotate("ada", "--show").stdout.splitlines()
    assert ["[superseded]" in line for line in shown] == [True, False]

    # Judged again, and handed in again: still there, and said to be older.
    assert course.grade("demo", "--again").returncode == 0
    assert typed.rows()["ada"] == ("4.5", "graded", "1.5")
    ada = course.handed_in / "ada.ipynb"
    ada.write_text(ada.read_text().replace("cut off", "rounded down"))
    typed.grade()
    assert typed.rows()["ada"] == ("4.5", "graded", "1.5")
    assert course.grades()["ada"]["advice"] == [
        "Task 2, graded by hand: made for an earlier submission."
    ]
    todo = typed.annotate("--todo").stdout
    assert "ada, task 2, 2 points: made for an earlier submission" in todo
    assert "1 to grade, 1 to look at again." in todo


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["adaa", "2"], '"adaa": nobody of this name was graded in demo'),
        (["adaa", "2"], 'Did you mean "ada"?'),
        (["ada", "1"], "task 1 is graded by hidden tests; graded by hand: 2."),
        (["ada", "3"], 'there is no task "3"; graded by hand: 2.'),
        (["ada", "2", "--points", "2.5"], "--points 2.5: task 2 gives 0 to 2 points."),
        (["ada", "2", "--points=-1"], "--points -1: task 2 gives 0 to 2 points."),
        (["ada", "2", "--points", "nan"], "--points nan: task 2 gives 0 to 2 points."),
        (["ada", "2", "--why", " "], "--why: expected some words"),
        (["ada", "2", "--by", "\x1b[2J"], "--by: expected some words"),
        (["ada"], "annotate takes one of three forms"),
        (["ada", "2", "--todo"], "annotate takes one of three forms"),
        (["--show"], "annotate takes one of three forms"),
    ],
)
def test_an_annotation_that_cannot_be_meant_is_refused_and_nothing_is_recorded(
    annotated, words, expected
):
    whole = ["--points", "1", "--by", "Eva", "--why", "So."]
    given = [*words, *(w for n, w in enumerate(whole) if whole[n - n % 2] not in " ".join(words))]
    done = annotated.annotate(*given)
    assert done.returncode == 2
    assert expected in " ".join(done.stderr.split())
    assert "No points were given by hand yet." in annotated.annotate("--show").stdout


@pytest.fixture(scope="module")
def annotated(demo, tmp_path_factory):
    """A course in which ada was graded; nothing is judged for it."""
    from autograder.records import Grade, Isolation, IsolationRecord, RunRecord, Status
    from autograder.store import Store

    course = demo(SUITE)
    with (course.root / "assignments/demo/assignment.yml").open("a") as file:
        file.write('manual:\n  "2": {title: "Why?", points: 2, rubric: rubrics/2.md}\n')
    level = IsolationRecord(Isolation.LANDLOCK, Isolation.LANDLOCK, "e", ())
    with Store.open(course.store) as store:
        store.begin_run(RunRecord("r", "t", "demo", "1", "a", "s", "cpu", True, level, ()))
        store.save("r", "k", Grade("ada", "demo", 1.0, 1.0, Status.GRADED, True, ()))
    return Typed(course)


def test_without_a_store_or_a_manual_task_there_is_nothing_to_annotate(demo, annotated):
    other = Typed(demo(SUITE))
    assert "no task is graded by hand" in other.annotate("--todo").stderr
    done = annotated("annotate", "demo", "--todo", "--store", "none.sqlite")
    assert done.returncode == 2
    assert "grade demo first" in done.stderr
    assert not (annotated.course.root / "none.sqlite").exists()


def test_a_suite_that_changes_under_a_version_that_students_have_is_refused_until_it_has_a_new_one(
    typed,
):
    course = typed.course
    suite = course.root / "tests/hidden/demo/test_demo.py"
    record = course.root / "tests/hidden/demo/released.yml"
    assert "version: '1'" in record.read_text()
    assert typed.grade().returncode == 0
    written = (course.out / "grades.csv").read_bytes()

    # A comment is no change; another release of the same version neither.
    suite.write_text(f"# A comment.\n{SUITE}\n\n")
    assert course.grade("demo").returncode == 0
    done = typed("release", "demo", "--out", "handout")
    assert done.returncode == 0, done.stderr

    suite.write_text(SUITE.replace("points=3", "points=4"))
    for done in (course.grade("demo"), typed("release", "demo", "--out", "handout")):
        assert done.returncode == 2
        message = " ".join(done.stderr.split())
        assert "demo: version 1 was released on 20" in message
        assert "tests/hidden/demo/test_demo.py (changed)" in message
        assert "raise `version` in" in message
        assert "`- hidden:`" in message
    assert "are to be graded again under the new one: 2: ada, bob." in course.grade("demo").stderr
    assert (course.out / "grades.csv").read_bytes() == written

    # A new version is graded, and released once its changelog says what is new.
    settings = course.root / "assignments/demo/assignment.yml"
    settings.write_text(settings.read_text().replace('version: "1"', 'version: "1.1"'))
    assert course.grade("demo").returncode == 0
    changelog = course.root / "assignments/demo/CHANGELOG.md"
    first = FILES["assignments/demo/CHANGELOG.md"].removeprefix("# Changelog\n\n")
    changelog.write_text(f"# Changelog\n\n## 1.1\n\n- code: Nothing of note.\n\n{first}")
    done = typed("release", "demo", "--out", "handout")
    assert done.returncode == 2
    assert "version 1.1 judges otherwise than 1, and no line since then" in done.stderr
    changelog.write_text(f"# Changelog\n\n## 1.1\n\n- hidden: Task 1 is worth 4 points.\n\n{first}")
    done = typed("release", "demo", "--out", "handout")
    assert done.returncode == 0, done.stderr
    assert "version: '1.1'" in record.read_text()
    assert "1.1" not in (course.root / "handout" / "CHANGELOG.md").read_text()


def test_what_was_only_graded_with_binds_as_well_and_a_trial_release_binds_nobody(typed):
    course = typed.course
    (course.root / "tests/hidden/demo/released.yml").unlink()
    shutil.rmtree(course.root / "handout")
    reference = course.root / "reference/demo.py"
    # Never released nor graded: edits are free.
    reference.write_text("def f():\n    return 2 - 1\n")
    assert typed("release", "demo", "--out", "handout", "--trial").returncode == 0
    assert not (course.root / "tests/hidden/demo/released.yml").exists()
    reference.write_text("def f():\n    return 3 - 2\n")
    assert course.grade("demo").returncode == 0
    reference.write_text("def f():\n    return 4 - 2\n")
    done = course.grade("demo")
    assert done.returncode == 2
    message = " ".join(done.stderr.split())
    assert "demo: version 1 was graded with on 20" in message
    assert "reference/demo.py (changed)" in message
    assert "2: ada, bob." in message


def test_verify_says_what_a_release_would_refuse_and_tries_no_mutant_that_no_test_looks_at(typed):
    suite = typed.course.root / "tests/hidden/demo/test_demo.py"
    suite.write_text(SUITE.replace("points=3", "points=4"))
    done = typed("verify", "demo", "--rounds", "1", "--mutants", "4", "--json", "proof.json")
    assert done.returncode == 1
    proof = json.loads((typed.course.root / "proof.json").read_text())
    assert proof["mutants"]["tried"] == 4
    assert {mutant["task"] for mutant in proof["mutants"]["survivors"]} <= {"1"}
    (fault,) = (fault for fault in proof["faults"] if fault.startswith("version "))
    assert fault.startswith("version 1 was released on 20")
    assert "test_demo.py (changed)" in fault
