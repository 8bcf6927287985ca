"""What was handed out stands beside the hidden suite, and is compared with what judges today."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.running.judges import FileState, file_states
from autograder.running.released import (
    changed_since,
    load_releases,
    record_path,
    unsaid_change,
    version_faults,
    with_release,
)
from autograder.settings.assignment import Assignment, Task

NOW = datetime(2027, 3, 31, 12, tzinfo=UTC)
LATER = datetime(2027, 4, 30, 12, tzinfo=UTC)
SUITE = "tests/hidden/demo/test_demo.py"


def about(version):
    tasks = {"1": Task(title="One", entry_point="f")}
    return Assignment(name="demo", title="Demo", version=version, tasks=tasks, manual={})


def state(content):
    return FileState(sha256=content, meaning_sha256=content, read_by="bytes")


def states(content):
    return {SUITE: state(content), "assignments/demo/assignment.yml": state(content)}


def write(root: Path, version, content, now=NOW):
    path = record_path(root, about(version))
    path.parent.mkdir(parents=True, exist_ok=True)
    text = with_release(load_releases(root, about(version)), about(version), states(content), now)
    path.write_text(text)
    return load_releases(root, about(version))


def test_without_a_record_nothing_was_released(tmp_path):
    assert load_releases(tmp_path, about("1.0")) == ()


def test_a_release_is_found_again_and_changes_of_that_version_are_named(tmp_path):
    (release,) = write(tmp_path, "1.0", "a")
    assert (release.version, release.released_at) == ("1.0", "2027-03-31T12:00:00+00:00")
    assert changed_since(release, about("1.0"), states("a")) == ()
    assert f"{SUITE} (changed)" in changed_since(release, about("1.0"), states("b"))
    assert changed_since(release, about("1.1"), states("b")) == ()


def test_a_second_release_of_a_version_keeps_its_date_and_a_new_version_comes_last(tmp_path):
    write(tmp_path, "1.0", "a")
    write(tmp_path, "1.1", "b", LATER)
    releases = write(tmp_path, "1.0", "a", LATER)
    assert [(one.version, one.released_at[:10]) for one in releases] == [
        ("1.0", "2027-03-31"), ("1.1", "2027-04-30"),
    ]  # fmt: skip


def test_a_new_version_must_say_what_judges_otherwise_but_not_that_its_number_has_changed(tmp_path):
    releases = write(tmp_path, "1.0", "a")
    only_number = {**states("a"), "assignments/demo/assignment.yml": state("b")}
    assert unsaid_change(releases, about("1.1"), only_number) == ()
    assert unsaid_change(releases, about("1.1"), states("b")) == (f"{SUITE} (changed)",)
    assert unsaid_change(releases, about("1.0"), states("b")) == ()


def test_a_record_that_was_written_by_hand_and_wrongly_is_told_with_its_line(tmp_path):
    write(tmp_path, "1.0", "a")
    path = record_path(tmp_path, about("1.0"))
    path.write_text(path.read_text().replace("released_at", "released"))
    with pytest.raises(CourseError, match=r'released\.yml:\d+: unknown key "released"'):
        load_releases(tmp_path, about("1.0"))


def test_what_a_release_would_refuse_is_a_fault_that_says_what_to_do(tmp_path):
    for name in (SUITE, "reference/demo.py", "assignments/demo/assignment.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert version_faults(tmp_path, about("1.0")) == ()
    text = with_release([], about("1.0"), file_states(tmp_path, about("1.0")), NOW)
    record_path(tmp_path, about("1.0")).write_text(text)
    assert version_faults(tmp_path, about("1.0")) == ()
    (tmp_path / SUITE).write_text("POINTS = 3\n")
    (fault,) = version_faults(tmp_path, about("1.0"))
    assert f"was released on 2027-03-31, and has changed since: {SUITE} (changed)." in fault
    assert "raise `version` in" in fault
    assert version_faults(tmp_path, about("1.1")) == ()
