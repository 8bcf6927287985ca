"""A changelog is read line by line, and what is for staff stays with them."""

from pathlib import Path

import pytest

from autograder.authoring.changelog import check_version, for_students, parse, since
from autograder.errors import CourseError

PATH = Path("assignments/demo/CHANGELOG.md")
REPOSITORY = Path(__file__).resolve().parents[3]

GOOD = """\
# Changelog

## 1.10 (2027-03-31)

- hidden: Task 2.1 is tried with one sample.
  It raised before.

## 1.9

- code: `mse` takes lists
  as well.
- handout: A typing error in 2.1.
- hidden: A second line.

## 1

- code: The first version.
"""


def refusal(text):
    with pytest.raises(CourseError) as caught:
        parse(text, PATH)
    return str(caught.value)


def test_entries_come_newest_first_with_their_lines():
    entries = parse(GOOD, PATH)
    assert [entry.version for entry in entries] == ["1.10", "1.9", "1"]
    (change,) = entries[0].changes
    assert (change.kind, change.lines) == ("hidden", (5, 6))
    assert change.text == "Task 2.1 is tried with one sample. It raised before."
    assert [change.kind for change in entries[1].changes] == ["code", "handout", "hidden"]


def test_students_read_code_and_handout_lines_and_nothing_else():
    assert for_students(parse(GOOD, PATH)) == (
        "# Changelog\n\n"
        "## 1.9\n\n- code: `mse` takes lists as well.\n- handout: A typing error in 2.1.\n\n"
        "## 1\n\n- code: The first version.\n"
    )


def test_where_all_is_for_staff_students_get_no_changelog():
    assert for_students(parse("## 1.0\n- hidden: All of it.\n", PATH)) == ""


def test_the_changes_since_a_version_are_those_of_newer_ones():
    entries = parse(GOOD, PATH)
    assert [change.kind for change in since(entries, "1.9")] == ["hidden"]
    assert [change.kind for change in since(entries, "1.10.0")] == []
    assert len(since(entries, "0.9")) == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## 1.0\n- code: A\n- Fixed it.\n", f"{PATH}:3: '- Fixed it.': expected a heading"),
        ("## 1.0\n- Code: A\n", f"{PATH}:2: '- Code: A'"),
        ("## 1.0\n- tests: A\n", f"{PATH}:2: '- tests: A'"),
        ("## 1.0\n- hidden:\n", f"{PATH}:2: '- hidden:'"),
        ("## v1.0\n- code: A\n", f"{PATH}:1: '## v1.0' stands above the first version"),
        ("Some words.\n## 1.0\n- code: A\n", f"{PATH}:1: 'Some words.' stands above"),
        ("## 1.0\n", f"{PATH}:1: version 1.0 has no line"),
        ("## 1.0\n  goes on\n- code: A\n", f"{PATH}:2: '  goes on'"),
        ("## 1.0\n- code: A\n## 1.1\n- code: B\n", f"{PATH}:3: version 1.1 stands below 1.0"),
        ("## 1.9\n- code: A\n## 1.10\n- code: B\n", f"{PATH}:3: version 1.10 stands below 1.9"),
        ("## 1.0\n- code: A\n## 1\n- code: B\n", f"{PATH}:3: version 1 stands below 1.0"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text, expected):
    assert expected in refusal(text)


def test_every_mistake_is_told_at_once():
    assert refusal("## 1.0\n- code: A\nOne\nTwo\n").count("CHANGELOG.md:") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD, f"{PATH}:3: the newest entry is 1.10, and the version in x.yml is 1.11"),
        ("# Changelog\n", f"{PATH}:1: there is no entry, and the version in x.yml is 1.11"),
    ],
)
def test_the_newest_entry_is_about_the_version_at_hand(text, expected):
    with pytest.raises(CourseError) as caught:
        check_version(parse(text, PATH), "1.11", PATH, Path("x.yml"))
    assert expected in str(caught.value)


@pytest.mark.parametrize("path", sorted(REPOSITORY.glob("assignments/*/CHANGELOG.md")), ids=str)
def test_the_changelogs_of_this_course_are_about_their_versions(path):
    from autograder.settings.assignment import load_assignment

    about = load_assignment(REPOSITORY, path.parent.name)
    check_version(parse(path.read_text("utf-8"), path), about.version, path, path)
