"""What a release holds, what it refuses, and what it does to a folder that is there already."""

import json
from pathlib import Path

import pytest

from autograder.authoring.master import stub_notebook
from autograder.authoring.notebook import Released
from autograder.authoring.release import Release, make_release
from autograder.authoring.release_folder import write_release
from autograder.errors import CourseError
from autograder.judging.calibration import Calibration, Threshold
from autograder.settings.assignment import load_assignment

COURSE = {
    "assignments/demo/assignment.yml": """\
title: Demo
version: "1.0"
tasks:
  "1.1": {title: Twice, entry_point: double}
""",
    "assignments/demo/demo.py": '''\
# %% [markdown]
# # Demo

# %% task="1.1"
def double(x):
    """Doubles x."""
    # BEGIN SOLUTION
    twice = x + x * (2 - 1) + 0.0
    return twice
    # END SOLUTION
''',
    "assignments/demo/checks.py": """\
def check_double(submission):
    assert submission.double(2) == 4


TASKS = {"1.1": check_double}
""",
    "assignments/demo/README.md": "# Demo\n<!-- points -->\nWrite `double`.\n",
    "reference/demo.py": "def double(x):\n    return x.double() * 2 + 0 * x.double().sum()\n",
    "tests/hidden/demo/test_demo.py": """\
import pytest

THRESHOLD = 0.935


@pytest.mark.task("1.1", points=1)
def test_double_holds(student, reference, draw, close):
    x = draw("x").normal(7, 3) + THRESHOLD
    close(student.double(x), reference.double(x))
""",
}


@pytest.fixture
def course(tmp_path):
    for name, text in COURSE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture(autouse=True)
def without_otter(monkeypatch):
    """Otter and the collecting of a suite take seconds; they are tested in test_notebook.py and test_points.py."""

    def make(text, path, name, version, figures, *, manual):
        del name, version, figures, manual
        return Released(stub_notebook(text, path), {"tests/1.1.py": "OK_FORMAT = False\n"})

    monkeypatch.setattr("autograder.authoring.release.make_notebook", make)
    monkeypatch.setattr(
        "autograder.authoring.release.points_of_suite",
        lambda suite, tasks: dict.fromkeys(tasks, 1.0),
    )


def release(course, secret=None):
    return make_release(course, load_assignment(course, "demo"), secret, course / "store.sqlite")


def small(text="new", assignment="demo"):
    notebook = json.dumps({"metadata": {"autograder": {"assignment": assignment}}})
    files = {f"{assignment}.ipynb": notebook.encode(), "README.md": text.encode()}
    return Release(assignment, {**files, "tests/1.1.py": b""}, 0)


def files(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_release_holds_what_is_listed_and_nothing_else(course):
    (course / "assignments" / "demo" / "notes.md").write_text("for staff")
    made = release(course, secret=b"\xff" * 32)
    assert list(made.files) == [
        "demo.ipynb", "demo.py", "README.md", "checks.py", "gradient_check.py", "requirements.txt", "tests/1.1.py",
    ]  # fmt: skip
    assert b"raise NotImplementedError" in made.files["demo.py"]
    assert made.compared == 8


def test_the_handout_of_a_release_holds_the_points_and_the_authors_own_does_not(course):
    made = release(course).files["README.md"].decode()
    assert made.startswith("# Demo\n| Task | ")
    assert "| 1.1 | Twice | `double` | 1 |\n| | **Total** | | **1** |\nWrite `double`.\n" in made
    assert "| Task |" not in (course / "assignments/demo/README.md").read_text()


def append(course, name, text):
    with (course / name).open("a") as file:
        file.write(text)


PLANTED = {
    "a solution in the handout": (
        "assignments/demo/README.md", "`twice = x + x * (2 - 1) + 0.0`", ["README.md, line 4", "demo.py:8"],
    ),
    "a solution in a text cell": (
        "assignments/demo/demo.py", "\n# %% [markdown]\n# twice = x + x*(2-1) + 0.0\n",
        ["demo.ipynb, cells[2].source, line 1", "demo.py:8"],
    ),
    "a reference in the handout": (
        "assignments/demo/README.md", COURSE["reference/demo.py"], ["README.md, line 5", "reference/demo.py:2"],
    ),
    "a hidden test among the checks": (
        "assignments/demo/checks.py", "\n" + COURSE["tests/hidden/demo/test_demo.py"].partition("0.935\n")[2],
        ["checks.py", "tests/hidden/demo/test_demo.py:6"],
    ),
    "a threshold in the handout": (
        "assignments/demo/README.md", "You need 93.5 %.", ["README.md, line 4", "test_demo.py:3", "THRESHOLD"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_what_would_give_something_away_is_not_released(course, planted):
    name, text, told = PLANTED[planted]
    append(course, name, text)
    with pytest.raises(CourseError) as error:
        release(course)
    for words in told:
        assert words in str(error.value)


def test_a_solution_in_the_title_of_a_task_is_found_in_the_table_of_points(course):
    path = course / "assignments/demo/assignment.yml"
    path.write_text(path.read_text().replace("Twice", "twice = x + x * (2 - 1) + 0.0"))
    with pytest.raises(CourseError, match=r"the table of points, line 3 .*demo\.py:8"):
        release(course)


@pytest.mark.parametrize("text", ["You need 0.9274.", "At least 92.74 % are asked for."])
def test_a_calibrated_threshold_is_not_released(course, text):
    threshold = Threshold(value=0.9274, right_runs=141, false_fail=1e-4, right_mean=0.95)
    written = Calibration(thresholds={"accuracy": threshold}).model_dump_json()
    (course / "tests/hidden/demo/calibration.json").write_text(written)
    release(course)
    append(course, "assignments/demo/README.md", text)
    with pytest.raises(CourseError, match=r"README\.md, line 4.*\n?.*calibration\.json"):
        release(course)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("checks.py", '{"1.1": check_double}', '{"1.2": check_double}', "missing: 1.1; not in assignment.yml: 1.2"),
        ("checks.py", '{"1.1": check_double}', "dict()", 'expected a line such as TASKS = {"1.1"'),
        ("checks.py", "check_double}", "check_triple}", 'TASKS["1.1"] is check_triple, expected check_double'),
        ("checks.py", "assert submission", "assert (submission", "checks.py:2: not valid Python: '(' was"),
        ("demo.py", 'task="1.1"', 'task="1.3"', "missing: 1.1; not in assignment.yml: 1.3"),
    ],
)  # fmt: skip
def test_tasks_that_do_not_agree_are_refused_by_name(course, name, old, new, told):
    path = course / "assignments" / "demo" / name
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(CourseError) as error:
        release(course)
    assert told in str(error.value)


@pytest.mark.parametrize("name", ["demo.py", "checks.py", "README.md"])
def test_a_missing_file_is_named(course, name):
    (course / "assignments" / "demo" / name).unlink()
    with pytest.raises(CourseError, match=f"{name}: there is no such file"):
        release(course)


def test_a_new_folder_is_made_with_the_folders_above_it(tmp_path):
    write_release(small(), tmp_path / "a" / "b")
    assert files(tmp_path / "a") == {"b/demo.ipynb", "b/README.md", "b/tests/1.1.py"}


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "out").mkdir()
    write_release(small(), tmp_path / "out")
    assert len(files(tmp_path)) == 3


def test_an_earlier_release_is_replaced_as_a_whole(tmp_path):
    out = tmp_path / "out"
    write_release(small("old"), out)
    (out / "tests" / "9.9.py").write_text("a task that is gone")
    write_release(small("new"), out)
    assert (out / "README.md").read_text() == "new"
    assert files(tmp_path) == {"out/demo.ipynb", "out/README.md", "out/tests/1.1.py"}


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ({"grading.yml": ""}, "no earlier release of demo"),
        ({"demo.ipynb": "not JSON"}, "no earlier release of demo"),
        ({"demo.ipynb": "[]"}, "no earlier release of demo"),
    ],
)
def test_a_folder_that_is_something_else_is_left_alone(tmp_path, there, told):
    out = tmp_path / "out"
    out.mkdir()
    for name, text in there.items():
        (out / name).write_text(text)
    with pytest.raises(CourseError, match=told):
        write_release(small(), out)
    assert {name: (out / name).read_text() for name in files(out)} == there


def test_a_release_of_another_assignment_is_left_alone(tmp_path):
    write_release(small(assignment="other"), tmp_path / "out")
    with pytest.raises(CourseError, match="no earlier release of demo"):
        write_release(small(), tmp_path / "out")


def test_work_beside_an_earlier_release_is_named_and_kept(tmp_path):
    out = tmp_path / "out"
    write_release(small("old"), out)
    (out / "my notes.txt").write_text("mine")
    with pytest.raises(CourseError, match=r"my notes\.txt\. It would be lost"):
        write_release(small("new"), out)
    assert (out / "README.md").read_text() == "old"


def test_a_file_and_a_link_are_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link"):
        with pytest.raises(CourseError, match="but a file or a link"):
            write_release(small(), tmp_path / name)


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match="nothing was released"):
        write_release(small(), tmp_path / "file" / "out")
    assert files(tmp_path) == {"file"}


def test_where_moving_fails_the_earlier_release_stays(tmp_path, monkeypatch):
    out = tmp_path / "out"
    write_release(small("old"), out)
    rename = Path.rename

    def fails_for_the_new(self, target):
        if self.name.endswith(".new"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails_for_the_new)
    with pytest.raises(CourseError, match="Input/output error"):
        write_release(small("new"), out)
    monkeypatch.undo()
    assert (out / "README.md").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_wheel_is_put_beside(course):
    made = make_release(course, load_assignment(course, "demo"), beside={"a.whl": b"PK"})
    assert made.files["a.whl"] == b"PK"


def test_the_wheel_and_the_figures_of_an_earlier_release_make_way(tmp_path):
    out = tmp_path / "out"
    old = small()
    left = {"torch_autograder-1-py3-none-any.whl": b"PK", "figures/old.svg": b"<svg/>"}
    write_release(Release("demo", {**old.files, **left}, 0), out)
    write_release(old, out)
    assert files(out) == old.files.keys()


def test_a_figure_that_the_master_shows_is_released_and_others_are_not(course):
    folder = course / "assignments" / "demo"
    (folder / "figures").mkdir()
    for name in ("line.svg", "answer.svg"):
        (folder / "figures" / name).write_text("<svg/>")
    master = folder / "demo.py"
    master.write_text(
        master.read_text().replace("# # Demo", "# # Demo\n# ![A line](figures/line.svg)")
    )
    made = make_release(course, load_assignment(course, "demo"))
    assert made.files["figures/line.svg"] == b"<svg/>"
    assert "figures/answer.svg" not in made.files


def test_a_figure_is_searched_like_any_other_file(course):
    folder = course / "assignments" / "demo"
    (folder / "figures").mkdir()
    (folder / "figures" / "line.svg").write_text(
        "<svg><text>\ntwice = x + x * (2 - 1) + 0.0\n</text></svg>"
    )
    (folder / "README.md").write_text("![A line](figures/line.svg)\n\n<!-- points -->\n")
    with pytest.raises(CourseError, match=r"figures/line\.svg, line 2 holds a line of a solution"):
        make_release(course, load_assignment(course, "demo"))


CHANGELOG = """\
# Changelog

## 1.0

- code: The first version.
- hidden: The sum of seven by three values is tried with a threshold above.
"""
MANUAL = 'manual:\n  "2.1": {title: "Why?", points: 2, rubric: rubrics/2.1.md}\n'


def write(course, name, text):
    (course / name).parent.mkdir(parents=True, exist_ok=True)
    (course / name).write_text(text)


def with_manual_task(course):
    append(course, "assignments/demo/assignment.yml", MANUAL)
    append(course, "assignments/demo/demo.py", '\n# %% [markdown] task="2.1"\n# *Write here.*\n')
    write(
        course,
        "tests/hidden/demo/rubrics/2.1.md",
        "1 point for naming that the doubled slope comes from the square\n",
    )


def test_students_get_the_changelog_without_what_is_for_staff(course):
    write(course, "assignments/demo/CHANGELOG.md", CHANGELOG)
    made = release(course)
    assert made.files["CHANGELOG.md"] == b"# Changelog\n\n## 1.0\n\n- code: The first version.\n"


def test_a_line_of_the_changelog_for_staff_that_stands_elsewhere_is_a_leak(course):
    write(course, "assignments/demo/CHANGELOG.md", CHANGELOG)
    append(course, "assignments/demo/README.md", CHANGELOG.splitlines()[-1])
    with pytest.raises(CourseError, match=r"README\.md, line 4.*changelog for staff"):
        release(course)


@pytest.mark.parametrize("text", ["## 0.9\n- code: A\n", "## 1.0\n- Code: A\n"])
def test_a_changelog_that_is_wrong_or_of_another_version_is_refused(course, text):
    write(course, "assignments/demo/CHANGELOG.md", text)
    with pytest.raises(CourseError, match=r"CHANGELOG\.md:[12]: "):
        release(course)


def test_a_manual_task_needs_no_check_and_its_rubric_is_not_released(course):
    with_manual_task(course)
    made = release(course)
    assert b"Write here" in made.files["demo.ipynb"]
    assert not any(b"doubled slope" in content for content in made.files.values())


def test_a_line_of_a_rubric_in_a_released_file_is_a_leak(course):
    with_manual_task(course)
    append(
        course,
        "assignments/demo/README.md",
        "1 point for naming that the doubled slope comes from the square",
    )
    with pytest.raises(CourseError, match="a line of a rubric"):
        release(course)


def test_a_manual_task_without_a_rubric_or_without_a_cell_is_refused(course):
    with_manual_task(course)
    rubric = course / "tests/hidden/demo/rubrics/2.1.md"
    rubric.rename(rubric.with_name("moved.md"))
    with pytest.raises(CourseError, match=r"2\.1\.md: there is no such file"):
        release(course)
    rubric.with_name("moved.md").rename(rubric)
    write(course, "assignments/demo/demo.py", COURSE["assignments/demo/demo.py"])
    with pytest.raises(CourseError, match=r"demo\.py: no cell is for task 2\.1"):
        release(course)
