"""What a new course and a new assignment hold."""

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from autograder.authoring.release import make_release
from autograder.authoring.scaffold import FIRST, course_texts, plan_assignment, titled
from autograder.errors import CourseError
from autograder.settings.assignment import load_assignment
from autograder.settings.course import CourseSettings, load_course

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "autograder" / "authoring" / "templates"


def written(folder, texts):
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


# An assignment


def test_an_assignment_has_one_folder_for_students_one_reference_and_one_hidden_folder():
    plan = plan_assignment("ridge")
    assert plan.parts == ("assignments/ridge", "reference/ridge.py", "tests/hidden/ridge")
    for name in plan.texts:
        assert sum(name == part or name.startswith(f"{part}/") for part in plan.parts) == 1, name


@pytest.mark.parametrize(
    "title",
    ["Ridge", '"Quoted": {yes} # or \\ not', "- @name@ %s {name}", "Grüße, 数学 🙂", "no", "3.10"],
)
def test_whatever_the_title_is_the_assignment_is_read_and_released(tmp_path, title):
    course = written(
        tmp_path, {"grading.yml": "course: c\n", **plan_assignment("ridge", title).texts}
    )
    about = load_assignment(course, "ridge")
    assert about.title == title
    release = make_release(course, about)
    assert f"# {title}\n" in release.files["README.md"].decode()
    assert f"# # {title}\n" in release.files["ridge.py"].decode()


def test_no_placeholder_is_left_and_every_python_file_is_python():
    for name, text in {**course_texts("A course"), **plan_assignment("ridge").texts}.items():
        assert not re.search(r"@\w+@", text), name
        if name.endswith(".py"):
            ast.parse(text)


def test_every_template_is_used(tmp_path):
    used = {**course_texts("@c@"), **plan_assignment("ridge").texts}
    there = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    schemas = [name for name in used if name.startswith("docs/")]
    assert len(there) == len(used) - len(plan_assignment(FIRST).texts) - len(schemas)


def test_the_python_of_a_new_assignment_keeps_to_the_style_of_this_repository(tmp_path):
    course = written(tmp_path, plan_assignment("ridge").texts)
    for words in (["format", "--check"], ["check", "--select", "E,F,I,B,W,UP"]):
        done = subprocess.run(
            [Path(sys.executable).parent / "ruff", *words, "--isolated", "--line-length", "100", course],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ridge Regression", 'Did you mean "ridge_regression"?'),
        ("ridge-regression", 'Did you mean "ridge_regression"?'),
        ("", "expected lower-case letters"),
        ("2nd", "a letter first"),
        ("..", "expected lower-case letters"),
        ("../ridge", 'Did you mean "ridge"?'),
        ("a/b", "expected lower-case letters"),
        ("größe", "expected lower-case letters"),
        ("a" * 65, "64 at most"),
        ("lambda", "it is a keyword of Python"),
        ("random", "`import random` would find it instead of the real module"),
        ("torch", "`import torch` would find it instead"),
        ("checks", "something else of this name"),
        ("aux", "Windows has a device of this name"),
    ],
)
def test_a_name_that_would_do_harm_is_refused_with_the_reason(name, words):
    with pytest.raises(CourseError) as caught:
        plan_assignment(name)
    assert words in str(caught.value)
    assert f'"{name}" cannot name an assignment' in str(caught.value)


@pytest.mark.parametrize("title", ["", "  ", "two\nlines", "a\x00b", "x" * 201])
def test_a_title_that_is_no_line_is_refused(title):
    with pytest.raises(CourseError, match="expected one line"):
        plan_assignment("ridge", title)


def test_a_title_is_made_of_the_name():
    assert titled("ridge_regression") == "Ridge regression"
    assert plan_assignment("ridge_regression").title == "Ridge regression"


# A course


def test_the_settings_of_a_new_course_are_the_explained_ones_of_this_repository():
    template = (TEMPLATES / "course" / "grading.yml").read_text("utf-8")
    ours = (ROOT / "grading.yml").read_text("utf-8")
    name = yaml.safe_load(ours)["course"]
    assert template.replace("@quoted_course@", name) == ours, (
        "grading.yml and autograder/authoring/templates/course/grading.yml differ; "
        "change both in the same way"
    )


def test_a_new_course_shows_every_key_with_its_default(tmp_path):
    text = course_texts("Deep: learning")["grading.yml"]
    (tmp_path / "grading.yml").write_text(text, "utf-8")
    assert load_course(tmp_path) == CourseSettings(course="Deep: learning")
    shown = re.sub(r"^# (?=( {2})?\w+:( |$))", "", text, flags=re.MULTILINE)
    assert set(yaml.safe_load(shown)) == set(CourseSettings.model_fields)


def test_a_course_begins_with_an_assignment_as_new_makes_it():
    texts = course_texts("c")
    assert plan_assignment(FIRST).texts.items() <= texts.items()


def test_the_workflow_may_read_and_nothing_else_and_runs_pinned_actions():
    text = course_texts("c")[".github/workflows/verify.yml"]
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read"}
    uses = re.findall(r"uses: (\S+)(.*)", text)
    assert uses
    for action, comment in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)
    script = "\n".join(step.get("run", "") for step in job["steps"])
    assert "autograder verify" in script
    assert "kernel.apparmor_restrict_unprivileged_userns=0" in script
    assert "${{" not in script  # what an expression holds would be run


def test_students_work_and_the_store_are_not_committed():
    ignored = course_texts("c")[".gitignore"].splitlines()
    assert {"/.autograder/", "/submissions/", "/results/", "/roster.csv"} <= set(ignored)


# The wheel


@pytest.mark.slow
def test_a_wheel_holds_every_template_and_nothing_of_the_course(tmp_path):
    build = (
        "import sys; from setuptools import build_meta;"
        "print(build_meta.build_wheel(sys.argv[1], {'--build-option': ['--quiet']}))"
    )
    source = tmp_path / "source"
    for name in ("pyproject.toml", "README.md", "LICENSE", "autograder"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", ROOT / name, source / name], check=True)
    for name in ("reference", "tests/hidden", "assignments"):
        subprocess.run(["mkdir", "-p", source / name], check=True)
        (source / name / "secret.py").write_text("secret = 1\n")
    subprocess.run(
        [sys.executable, "-c", build, tmp_path], cwd=source, check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    templates = {
        path.relative_to(ROOT).as_posix() for path in TEMPLATES.rglob("*") if path.is_file()
    }
    assert templates <= names
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"autograder"}
