"""assignment.yml and the ways to misspell it."""

from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.settings.assignment import Task, load_assignment
from autograder.settings.course import Limits

GOOD = """\
title: Gradients by hand
version: "1.0"
tasks:
  "1.1": {title: "Gradients of (x + y) z", entry_point: product_gradients, by_hand: true}
  "1.2": {title: "Mean squared error", entry_point: mse_gradients}
"""


def write(root: Path, text: str, name: str = "chain_rule") -> Path:
    folder = root / "assignments" / name
    folder.mkdir(parents=True)
    (folder / "assignment.yml").write_text(text)
    return root


def refusal(root: Path, name: str = "chain_rule") -> str:
    with pytest.raises(CourseError) as caught:
        load_assignment(root, name)
    return str(caught.value)


def test_an_assignment_holds_its_tasks_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = load_assignment(write(tmp_path, GOOD), "chain_rule")
    assert (found.name, found.title, found.version) == ("chain_rule", "Gradients by hand", "1.0")
    assert list(found.tasks) == ["1.1", "1.2"]
    assert found.tasks["1.1"] == Task(
        title="Gradients of (x + y) z", entry_point="product_gradients", by_hand=True
    )
    assert not found.tasks["1.2"].by_hand
    assert found.limits is None


def test_its_limits_are_only_those_it_sets(tmp_path: Path) -> None:
    found = load_assignment(write(tmp_path, GOOD + "limits: {call_time_s: 60}\n"), "chain_rule")
    course = Limits(memory_mb=512)
    assert course.overridden_by(found.limits) == Limits(call_time_s=60, memory_mb=512)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"1.0"', "1.0", ':2: "version": expected text (put it in quotes), got 1.0'),
        ('"1.2"', "1.10", ':5: keys must be text; write "1.10" in quotes'),
        ('"1.2"', '"1.1"', ':5: key "1.1" is there twice, first on line 4'),
        ('"1.2"', '"1 <b>"', ':5: "tasks.1 <b>": "1 <b>" is no task id'),
        ("by_hand", "byhand", ':4: unknown key "byhand". Did you mean "by_hand"?'),
        ("mse_gradients", "mse-gradients", ':5: "tasks.1.2.entry_point": "mse-gradients" is not'),
        ("mse_gradients", "os.system", ':5: "tasks.1.2.entry_point": "os.system" is not'),
        ("mse_gradients", "class", ':5: "tasks.1.2.entry_point": "class" is not'),
        (", entry_point: mse_gradients", "", ':5: key "entry_point" is missing in "tasks.1.2"'),
        ("title: Gradients", "points: 3\ntitle: Gradients", ':1: unknown key "points".'),
        ("title: Gradients", "name: x\ntitle: Gradients", ':1: unknown key "name".'),
    ],
)
def test_a_wrong_key_or_value_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert words in refusal(write(tmp_path, GOOD.replace(old, new, 1)))


def test_an_assignment_without_tasks_is_refused(tmp_path: Path) -> None:
    text = 'title: x\nversion: "1"\ntasks: {}\n'
    assert "at least one entry, got nothing" in refusal(write(tmp_path, text))


def test_an_unknown_name_is_answered_with_the_nearest_and_all_others(tmp_path: Path) -> None:
    write(write(tmp_path, GOOD), GOOD, "mlp")
    (tmp_path / "assignments" / "chain_rul_empty").mkdir()
    words = refusal(tmp_path, "chain_rul")
    assert 'No assignment "chain_rul"' in words
    assert 'Did you mean "chain_rule"? There are: chain_rule, mlp.' in words
    assert refusal(tmp_path / "elsewhere", "x").endswith("There is none yet.")


@pytest.mark.parametrize("name", ["", ".", "..", "../chain_rule", "/etc", "a b", "a/b", "x\n", "ä"])
def test_a_name_never_leads_out_of_the_course(tmp_path: Path, name: str) -> None:
    assert "is no name of an assignment" in refusal(write(tmp_path, GOOD), name)


MANUAL = """\
manual:
  "2.1": {title: "Why?", points: 2.5, rubric: rubrics/2.1.md}
  "2.2": {title: A plot, points: 1, rubric: rubrics/plot.md}
"""


def test_manual_tasks_stand_beside_the_others_with_points_and_rubric(tmp_path: Path) -> None:
    found = load_assignment(write(tmp_path, GOOD + MANUAL), "chain_rule")
    assert list(found.tasks) == ["1.1", "1.2"]
    assert [(task, one.points, one.rubric) for task, one in found.manual.items()] == [
        ("2.1", 2.5, "rubrics/2.1.md"),
        ("2.2", 1.0, "rubrics/plot.md"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('"2.1"', '"1.1"', '6: "manual": 1.1 stands under tasks as well'),
        ("points: 2.5", "points: 0", '7: "manual.2.1.points": expected'),
        ("points: 2.5", "points: .inf", '7: "manual.2.1.points": expected'),
        ("points: 2.5, ", "", 'key "points" is missing in "manual.2.1"'),
        ("rubrics/2.1.md", "../../2.1.md", '"../../2.1.md" is no rubric'),
        ("rubrics/2.1.md", "rubrics/2.1.txt", "is no rubric; expected a Markdown file"),
        ("rubrics/2.1.md", "rubrics/a/../b.md", "is no rubric"),
        ("title: ", "titel: ", 'unknown key "titel". Did you mean "title"?'),
        ("points: 2.5", "points: 2.5, entry_point: f", 'unknown key "entry_point"'),
    ],
)
def test_a_manual_task_that_is_wrong_is_named_with_its_line(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    text = GOOD + MANUAL.replace(before, after, 1)
    assert expected in refusal(write(tmp_path, text))
