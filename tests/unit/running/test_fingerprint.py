"""The same key exactly where judging again would change nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.records import HandedInFile, Isolation, Submission
from autograder.running.fingerprint import assignment_sha256, attempt_key, settings_sha256
from autograder.settings.assignment import load_assignment
from autograder.settings.course import Limits

SUBMISSION = Submission("ada", "ada.py", (HandedInFile("ada.py", b"x = 1"),), "a" * 64)
SECRET = bytes(32)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    files = {
        "assignments/demo/assignment.yml": (
            'title: Demo\nversion: "1"\ntasks:\n  "1": {title: One, entry_point: f}\n'
        ),
        "assignments/demo/README.md": "Read me.",
        "assignments/demo/checks.py": "TASKS = {}",
        "reference/demo.py": "def f(): return 1\n",
        "reference/other.py": "",
        "tests/hidden/demo/test_demo.py": "def test(): pass\n",
        "tests/hidden/demo/points.py": "N = 1\n",
        "tests/hidden/demo/wrong/W1.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def assignment_hash(course):
    return assignment_sha256(course, load_assignment(course, "demo"))


@pytest.mark.parametrize(
    "name",
    [
        "tests/hidden/demo/test_demo.py",
        "tests/hidden/demo/points.py",
        "reference/demo.py",
        "assignments/demo/assignment.yml",
    ],
)
def test_a_change_in_what_judges_is_another_hash(course, name):
    before = assignment_hash(course)
    with (course / name).open("a") as file:
        file.write("\n# a change\n")
    assert assignment_hash(course) != before


@pytest.mark.parametrize(
    "name",
    [
        "assignments/demo/README.md",
        "assignments/demo/checks.py",
        "reference/other.py",
        "tests/hidden/demo/wrong/W1.py",
    ],
)
def test_a_change_in_what_does_not_judge_is_not(course, name):
    before = assignment_hash(course)
    (course / name).write_text("changed")
    assert assignment_hash(course) == before


def test_a_new_or_a_renamed_test_file_is_another_hash(course):
    suite = course / "tests" / "hidden" / "demo"
    seen = {assignment_hash(course)}
    (suite / "test_more.py").write_text("")
    seen.add(assignment_hash(course))
    (suite / "test_more.py").rename(suite / "test_others.py")
    seen.add(assignment_hash(course))
    assert len(seen) == 3


def test_the_hash_does_not_depend_on_where_the_course_lies(course, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "course"
    before = assignment_hash(course)
    course.rename(elsewhere)
    assert assignment_hash(elsewhere) == before


def test_every_limit_and_the_device_are_in_the_hash_of_settings():
    seen = {
        settings_sha256(Limits(), "cpu", "course", "required"),
        settings_sha256(Limits(), "cuda", "course", "required"),
    }
    seen.add(settings_sha256(Limits(), "cpu", "student", "required"))
    seen.add(settings_sha256(Limits(), "cpu", "course", "left out"))
    for name in Limits.model_fields:
        value = getattr(Limits(), name)
        seen.add(settings_sha256(Limits(**{name: value + 1}), "cpu", "course", "required"))
    assert len(seen) == 4 + len(Limits.model_fields)
    assert settings_sha256(
        Limits(call_time_s=10.0), "cpu", "course", "required"
    ) == settings_sha256(Limits(), "cpu", "course", "required")


def key(submission=SUBMISSION, judge="j", settings="s", level=Isolation.LANDLOCK, secret=SECRET):
    return attempt_key(submission, judge, settings, level, secret)


def test_each_thing_that_a_grade_depends_on_makes_another_key(monkeypatch):
    keys = [
        key(),
        key(replace(SUBMISSION, student="bob")),
        key(replace(SUBMISSION, sha256="b" * 64)),
        key(judge="k"),
        key(settings="t"),
        key(level=Isolation.PROCESS),
        key(secret=bytes(31) + b"1"),
    ]
    monkeypatch.setattr("autograder.running.fingerprint.__version__", "another")
    keys.append(key())
    assert len(set(keys)) == len(keys)


def test_the_same_things_make_the_same_key():
    assert key(replace(SUBMISSION, source="renamed.py")) == key()


def test_two_fields_cannot_be_taken_for_two_others():
    assert key(replace(SUBMISSION, student='ada", "b')) != key(replace(SUBMISSION, student="ada"))
    assert key(judge="ab", settings="c") != key(judge="a", settings="bc")


def test_the_secret_cannot_be_read_off_the_key():
    assert SECRET.hex() not in key(secret=SECRET)
