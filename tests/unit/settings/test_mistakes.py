"""Wrong grading.yml and assignment.yml: each message names file and line, what was expected, and what to do.

All of them in one place to read: tests/mistakes.txt.
"""

import re

import pytest

from autograder.errors import CourseError
from autograder.settings.assignment import load_assignment
from autograder.settings.course import load_course

COURSE = "course: Deep learning\n"
ASSIGNMENT = """\
title: Double sums
version: "1.0"
tasks:
  "1.1": {title: Twice the sum, entry_point: double_sum}
  "1.2": {title: The mean, entry_point: mean}
"""


def changed(old, new):
    assert ASSIGNMENT.count(old) == 1
    return ASSIGNMENT.replace(old, new)


GRADING = {
    "a key is misspelled": COURSE + "limits:\n  call_time: 3\n",
    "a unit is another than the key's": COURSE + "limits:\n  memory_gb: 4\n",
    "gigabytes where megabytes are asked for": COURSE + "limits:\n  memory_mb: 4\n",
    "a unit stands in the value": COURSE + "limits:\n  call_time_s: 10 s\n",
    "a number stands in quotes": COURSE + 'limits:\n  threads: "2"\n',
    "a limit is negative": COURSE + "limits:\n  processes: -1\n",
    "a limit is zero": COURSE + "limits:\n  task_time_s: 0\n",
    "a key of a group is not indented": COURSE + "limits:\ncall_time_s: 3\n",
    "the required isolation is none that there is": COURSE + "isolation:\n  require: docker\n",
    "a value stands where a group is expected": COURSE + "isolation: landlock\n",
    "a word is none of those that are known": COURSE + "device: gpu\n",
    "a key is there twice": COURSE + "device: cpu\ndevice: cuda\n",
    "an alias is used": COURSE + "limits: &short {call_time_s: 1}\nisolation: *short\n",
    "a tag would run code": "course: !!python/object/apply:os.system [ls]\n",
    "a tab indents a line": COURSE + "limits:\n\tcall_time_s: 3\n",
    "a text holds a colon": "course: Deep learning: an introduction\n",
    "a year is no text": COURSE + "term: 2026\n",
    "a date is no text": COURSE + "term: 2026-10-01\n",
    "a second document begins": COURSE + "---\ncourse: Another\n",
    "the file is a list": "- course: Deep learning\n",
    "the file is empty": "# still to be written\n",
    "the file is not in UTF-8": "# Prüfung\ncourse: Künstliche Intelligenz\n".encode("latin-1"),
    "the file is huge": "# a log by mistake\n" * 20_000,
}
ASSIGNMENTS = {
    "a task id stands without quotes": changed('"1.2"', "1.20"),
    "a task is there twice": changed('"1.2"', '"1.1"'),
    "a task id has a blank": changed('"1.2"', '"1.2 b"'),
    "a version stands without quotes": changed('"1.0"', "1.0"),
    "points stand in assignment.yml": changed("point: mean", "point: mean, points: 3"),
    "an entry point is a call": changed("point: mean", "point: mean(x)"),
    "an entry point is a keyword": changed("point: mean", "point: lambda"),
    "a task has no entry point": changed(", entry_point: mean", ""),
    "a task is only a name": changed("{title: The mean, entry_point: mean}", "mean"),
    "the tasks are a list": 'title: Sums\nversion: "1"\ntasks:\n  - {title: Mean, entry_point: mean}\n',
    "there are no tasks": 'title: Sums\nversion: "1"\n',
    "a brace is not closed": changed("point: mean}", "point: mean"),
    "a data set is unknown": ASSIGNMENT + "data: [cifar10]\n",
    "a data set is no list": ASSIGNMENT + "data: mnist\n",
    "a yes stands in quotes": changed("point: mean", "point: mean, by_hand: 'yes'"),
    "isolation is the course's": ASSIGNMENT + "isolation: {require: uid}\n",
}


@pytest.fixture
def told(tmp_path):
    """Writes one of the two files and returns what its author reads, paths relative to the course."""
    folder = tmp_path / "assignments" / "sums"
    folder.mkdir(parents=True)

    def tell(name, content):
        path = tmp_path / name if name == "grading.yml" else folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(CourseError) as caught:
            load_course(tmp_path) if name == "grading.yml" else load_assignment(tmp_path, "sums")
        assert caught.value.exit_code == 2
        return str(caught.value).replace(f"{path}", name)

    return tell


@pytest.mark.parametrize(
    ("name", "table"), [("grading.yml", GRADING), ("assignment.yml", ASSIGNMENTS)]
)
def test_each_mistake_in_a_file_of_settings_is_told_as_on_the_page(
    name, table, told, as_on_the_page
):
    messages = {mistake: told(name, content) for mistake, content in table.items()}
    as_on_the_page(f"Wrong {name}", messages)
    for mistake, message in messages.items():
        for line in message.splitlines():
            assert re.match(rf"{name}(:[1-9]\d*)?: .{{15,}}", line), mistake
