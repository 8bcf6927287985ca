"""The course's settings, their defaults, and the grading.yml that explains them."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from autograder.errors import CourseError
from autograder.records import Isolation
from autograder.settings.course import (
    CourseSettings,
    GradescopeSettings,
    IsolationSettings,
    Limits,
    find_course,
    load_course,
)

ROOT = Path(__file__).parents[3]


def write(folder: Path, text: str) -> Path:
    (folder / "grading.yml").write_text(text)
    return folder


def test_a_course_needs_no_more_than_a_name(tmp_path: Path) -> None:
    found = load_course(write(tmp_path, "course: Deep learning\n"))
    assert found.course == "Deep learning"
    assert found.isolation.require is Isolation.LANDLOCK
    assert (found.device, found.parallel, found.term, found.mnist_folder) == ("cpu", "auto", "", "")
    assert found.limits == Limits()
    assert (found.limits.call_time_s, found.limits.memory_mb) == (10, 4096)


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    text = (
        "course: c\nterm: t\nisolation: {require: namespaces}\ndevice: cuda\nparallel: 4\n"
        "mnist_folder: ../mnist\n"
        "limits: {call_time_s: 0.5, threads: 2}\n"
    )
    found = load_course(write(tmp_path, text))
    assert found.isolation.require is Isolation.NAMESPACES
    assert (found.term, found.device, found.parallel) == ("t", "cuda", 4)
    assert found.mnist_folder == "../mnist"
    assert found.limits == Limits(call_time_s=0.5, threads=2)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("limits: {call_time: 3}", 'unknown key "call_time". Did you mean "call_time_s"?'),
        ("limits: {call_time_s: 0}", '"limits.call_time_s": expected more than 0, got 0'),
        ("limits: {call_time_s: .inf}", '"limits.call_time_s": expected '),
        ("limits: {call_time_s: .nan}", '"limits.call_time_s": expected '),
        ("limits: {call_time_s: yes}", '"limits.call_time_s": expected a number, got yes'),
        ("limits: {threads: 1.5}", '"limits.threads": expected a whole number, got 1.5'),
        ("limits: {memory_mb: -1}", '"limits.memory_mb": expected at least 64, got -1'),
        ("isolation: {require: none}", "\"isolation.require\": expected 'namespaces', 'landlock'"),
        ("isolation: process", '"isolation": expected a group of keys'),
        ("device: gpu", "\"device\": expected 'cpu', 'cuda' or 'auto', got 'gpu'"),
        ("parallel: 0", '"parallel": expected at least 1'),
        ("mnist_folder: 3", '"mnist_folder": expected text (put it in quotes), got 3'),
        ("points: 3", 'unknown key "points".'),
        ("course: ''", 'key "course" is there twice'),
    ],
)
def test_a_wrong_setting_is_told_with_line_and_key(tmp_path: Path, line: str, words: str) -> None:
    write(tmp_path, f"course: c\n{line}\n")
    with pytest.raises(CourseError) as caught:
        load_course(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'grading.yml'}:2: {words}")


def test_settings_cannot_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Limits().threads = 2  # type: ignore[misc]


def test_only_limits_that_are_given_override() -> None:
    course = Limits(call_time_s=20, memory_mb=512)
    given = Limits(call_time_s=10)  # equal to the default, yet given
    assert course.overridden_by(given) == Limits(call_time_s=10, memory_mb=512)
    assert course.overridden_by(None) == course
    assert course.overridden_by(Limits()) == course


def test_the_course_is_the_nearest_folder_with_a_grading_file(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    write(tmp_path, "course: outer\n")
    assert find_course(inner) == tmp_path
    write(inner.parent, "course: inner\n")
    assert find_course(inner) == inner.parent
    assert find_course(inner.parent / "grading.yml") == inner.parent


def test_outside_of_a_course_it_is_said_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"No grading\.yml in .*--course"):
        find_course(tmp_path)


def test_grading_yml_shows_exactly_the_defaults_of_the_code() -> None:
    lines = (ROOT / "grading.yml").read_text().splitlines()
    uncommented = [re.sub(r"^# (?=( {2})?[a-z_]+:( |$))", "", line) for line in lines]
    shown = CourseSettings.model_validate(yaml.safe_load("\n".join(uncommented)), strict=False)
    assert shown == load_course(ROOT) == CourseSettings(course=shown.course)
    assert shown.model_fields_set == set(CourseSettings.model_fields)
    assert shown.limits.model_fields_set == set(Limits.model_fields)


def test_grading_yml_explains_every_key_in_the_words_of_the_code() -> None:
    text = (ROOT / "grading.yml").read_text()
    for name, about in CourseSettings.model_fields.items():
        (above,) = re.findall(rf"((?:^# .*\n)+)(?:# )?{name}:", text, re.MULTILINE)
        words = about.description or str(about.annotation.__doc__)
        assert " ".join(above.replace("# ", "").split()).startswith(words.rstrip(".")), name
    groups = {"limits": Limits, "isolation": IsolationSettings, "gradescope": GradescopeSettings}
    for key, group in groups.items():
        (part,) = re.findall(rf"^(?:# )?{key}:\n((?:.+\n)+)", text, re.MULTILINE)
        for name, about in group.model_fields.items():
            (beside,) = re.findall(rf"^(?:# )?  {name}: \S+ +# (.*)$", part, re.MULTILINE)
            assert beside == about.description
