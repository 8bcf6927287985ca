"""The store gives back what was saved, refuses what is not a store, and survives kills."""

import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import CourseError, GraderError
from autograder.records import Grade, Outcome, Status, TaskResult
from autograder.store import Store
from autograder.store.schema import CURRENT_VERSION

REPOSITORY = Path(__file__).resolve().parents[3]

HOSTILE_TEXTS = (
    "\x1b[2J\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\u202egnp.exe\u200b",
    "=cmd|'/c calc'!A0",
    "<script>alert(1)</script>",
    "'; DROP TABLE attempts; --",
    "nul\x00inside",
    "\ud800lone\udfff",
    "",
    "e\u0301\U0001f600" * 1000,
)


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "state" / "store.db"


@pytest.fixture
def store(path, run):
    with Store.open(path) as opened:
        opened.begin_run(run)
        yield opened


def python(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )


# Opening


def test_a_new_store_and_its_folder_are_readable_by_their_owner_alone(store, path):
    store.secret(lambda: bytes(32))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_new_store_writes_ahead_and_syncs_every_commit(store):
    ask = store._connection.execute
    assert ask("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert ask("PRAGMA synchronous").fetchone()[0] == 2
    assert ask("PRAGMA foreign_keys").fetchone()[0] == 1
    assert ask("PRAGMA busy_timeout").fetchone()[0] >= 10_000


def test_an_empty_file_is_version_0_and_becomes_a_store(path, run, grade):
    path.parent.mkdir()
    path.touch()
    with Store.open(path) as store:
        store.begin_run(run)
        store.save("run-1", "k", grade)
        assert store.find("k") == grade
        version = store._connection.execute("SELECT version FROM schema_version").fetchall()
    assert version == [(CURRENT_VERSION,)]


def test_a_store_is_opened_again_with_all_that_it_holds(path, run, grade):
    with Store.open(path) as store:
        store.begin_run(run)
        store.save("run-1", "k", grade)
    with Store.open(path) as store:
        assert store.find("k") == grade


def test_a_newer_store_is_refused_and_left_alone(path):
    Store.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE schema_version SET version = ?", (CURRENT_VERSION + 1,))
    connection.close()
    before = path.read_bytes()
    with pytest.raises(CourseError, match=r"newer autograder .*Update autograder"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(path):
    path.parent.mkdir()
    path.write_text("student,score\nada,7\n" * 100)
    before = path.read_bytes()
    with pytest.raises(CourseError, match=r"not a store of autograder.*Name another file"):
        Store.open(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(path):
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE schema_version (version TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(CourseError, match="not a store of autograder"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_place_that_cannot_hold_a_store_is_named_with_what_to_do(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match=r"file.store\.db.*must be writable"):
        Store.open(tmp_path / "file" / "store.db")
    with pytest.raises(CourseError, match="must be writable"):
        Store.open(tmp_path)


def test_a_folder_without_permission_is_named_with_what_to_do(path, monkeypatch):
    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(CourseError, match=r"Permission denied.*must be writable"):
        Store.open(path)


def test_processes_that_open_a_new_store_at_once_all_get_it(path):
    script = (
        "import sys; from pathlib import Path; from autograder.store import Store\n"
        "with Store.open(Path(sys.argv[1])) as store:\n"
        "    print(store.secret(lambda: sys.argv[2].encode() * 32).decode())\n"
    )
    processes = [python(script, str(path), letter) for letter in "abcdef"]
    answers = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert [process.returncode for process in processes] == [0] * 6
    assert len(answers) == 1
    assert len(answers.pop()) == 32


def test_opening_waits_for_another_process_that_is_making_the_store(path):
    """SQLite refuses the switch to a write-ahead log at once, without its busy timeout."""
    path.parent.mkdir()
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, other.execute, ("COMMIT",))
    release.start()
    Store.open(path).close()
    release.join()
    other.close()


# The course secret


def test_the_secret_is_made_once(path):
    with Store.open(path) as store:
        first = store.secret(lambda: os.urandom(32))
        assert store.secret(lambda: os.urandom(32)) == first
    with Store.open(path) as store:
        assert store.secret(lambda: os.urandom(32)) == first
    assert len(first) == 32


def test_a_secret_of_another_length_is_refused_and_not_kept(store):
    with pytest.raises(GraderError, match="32 bytes, got 16"):
        store.secret(lambda: bytes(16))
    assert store.secret(lambda: b"s" * 32) == b"s" * 32


# Saving and finding

NUMBERS = st.floats(min_value=0, max_value=1e9)


@st.composite
def tasks(draw):
    outcome = draw(st.sampled_from([word for word in Outcome if word is not Outcome.PENDING]))
    points = None if outcome is Outcome.GRADER_ERROR else draw(NUMBERS)
    texts = [draw(st.text(max_size=20)) for _ in range(4)]
    return TaskResult(
        texts[0], texts[1], points, draw(NUMBERS), outcome, *texts[2:], draw(NUMBERS), draw(NUMBERS)
    )


@st.composite
def grades(draw):
    status = draw(st.sampled_from([word for word in Status if word is not Status.PENDING]))
    lines = st.lists(st.text(max_size=20), max_size=3).map(tuple)
    return Grade(
        student=draw(st.text()),
        assignment=draw(st.text(max_size=10)),
        score=None if status is Status.WITHHELD else draw(st.none() | NUMBERS),
        max_score=draw(NUMBERS),
        status=status,
        official=draw(st.booleans()),
        tasks=tuple(draw(st.lists(tasks(), max_size=4))),
        notes=draw(lines),
        advice=draw(lines),
        source=draw(st.text(max_size=10)),
        submission_sha256=draw(st.text("0123456789abcdef", max_size=64)),
        matched=draw(st.booleans()),
        time_s=draw(NUMBERS),
    )


def test_any_grade_comes_back_equal(store):
    @settings(max_examples=60, deadline=None)
    @given(grades())
    def comes_back(grade):
        store.save("run-1", "key", grade)
        assert store.history(grade.assignment, grade.student)[-1] == grade
        if grade.status is not Status.WITHHELD:
            assert store.find("key") == grade

    comes_back()


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_weird_text_never_stops_a_save(store, grade, text):
    task = replace(grade.tasks[0], message=text, staff_message=text, title=text)
    weird = replace(grade, student=text, source=text, notes=(text,), advice=(text,), tasks=(task,))
    store.save("run-1", text, weird)
    (found,) = store.history("chain_rule", text)
    assert store.find(text) == found
    if "\ud800" not in text:
        assert found == weird


def test_an_unknown_key_finds_nothing(store):
    assert store.find("nobody") is None


def test_the_latest_attempt_is_found_and_none_is_overwritten(store, grade):
    better = replace(grade, score=5.0)
    store.save("run-1", "k", grade)
    store.save("run-1", "k", better)
    assert store.find("k") == better
    assert store.history("chain_rule", "ada") == (grade, better)


def test_a_withheld_grade_is_kept_but_never_found(store, grade):
    withheld = replace(grade, score=None, status=Status.WITHHELD)
    store.save("run-1", "new", withheld)
    assert store.find("new") is None
    store.save("run-1", "k", grade)
    store.save("run-1", "k", withheld)
    assert store.find("k") == grade
    assert store.history("chain_rule", "ada") == (withheld, grade, withheld)


def test_history_tells_students_and_assignments_apart(store, grade):
    store.save("run-1", "k1", grade)
    store.save("run-1", "k2", replace(grade, student="Ada"))
    store.save("run-1", "k3", replace(grade, assignment="mlp"))
    assert store.history("chain_rule", "ada") == (grade,)


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.WITHHELD, "score": 0.0},
        {"status": Status.PENDING, "score": None},
        {"tasks": (TaskResult("1.1", "", 0.0, 1.0, Outcome.GRADER_ERROR, ""),)},
    ],
)
def test_points_where_the_grader_is_at_fault_are_refused_whole(store, grade, change):
    with pytest.raises(GraderError, match="CHECK"):
        store.save("run-1", "k", replace(grade, **change))
    assert store.history("chain_rule", "ada") == ()


def test_a_run_is_begun_once_and_before_its_attempts(store, run, grade):
    with pytest.raises(GraderError, match="UNIQUE"):
        store.begin_run(run)
    with pytest.raises(GraderError, match="FOREIGN KEY"):
        store.save("run-2", "k", grade)


# What goes wrong on a real machine


def test_a_full_disk_loses_nothing_that_was_saved(store, path, grade):
    store.save("run-1", "before", grade)
    ask = store._connection.execute
    pages = ask("PRAGMA page_count").fetchone()[0]
    ask(f"PRAGMA max_page_count = {pages}")  # SQLite then answers as on a full disk
    large = replace(grade, notes=("x" * 100_000,))
    with pytest.raises(GraderError, match=r"disk is full.*run the same command again"):
        store.save("run-1", "during", large)
    assert store.find("before") == grade
    assert store.find("during") is None
    ask("PRAGMA max_page_count = 1000000")
    store.save("run-1", "during", large)
    assert store.find("during") == large


def test_threads_may_share_one_store(store, grade):
    def save(name):
        for n in range(20):
            store.save("run-1", f"{name}{n}", replace(grade, student=name))

    threads = [threading.Thread(target=save, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(store.history("chain_rule", name)) for name in "ab"] == [20, 20]


def test_a_forked_process_may_not_use_the_connection(store, grade, monkeypatch):
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with pytest.raises(GraderError, match="does not survive a fork"):
        store.save("run-1", "k", grade)


SAVES = """
import sys
from pathlib import Path
from autograder.records import Grade, Outcome, Status, TaskResult
from autograder.store import Store
path, student, first, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with Store.open(path) as store:
    for n in range(first, first + count):
        tasks = tuple(
            TaskResult(f"{n}.{i}", "t", 1.0, 1.0, Outcome.PASSED, "m" * 500) for i in range(5)
        )
        grade = Grade(student, "chain_rule", float(n), 5.0, Status.GRADED, True, tasks)
        store.save("run-1", f"{student}-{n}", grade)
        print(n, flush=True)
"""


def test_two_processes_save_into_one_store_at_once(store, path):
    processes = [python(SAVES, str(path), name, "0", "60") for name in ("ada", "bob")]
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    for name in ("ada", "bob"):
        assert [grade.score for grade in store.history("chain_rule", name)] == list(range(60))


def test_a_process_killed_while_saving_loses_nothing_that_it_reported(path, run):
    with Store.open(path) as store:
        store.begin_run(run)
    moments = random.Random(20)
    reported: list[int] = []
    for attempt in range(8):
        first = 100_000 * attempt
        process = python(SAVES, str(path), "ada", str(first), "100000")
        reported.append(int(process.stdout.readline()))
        time.sleep(moments.uniform(0, 0.15))
        process.kill()  # SIGKILL
        reported += [int(line) for line in process.stdout if line.endswith("\n")]
        process.wait()
        process.stdout.close()
    assert len(reported) > 20
    with Store.open(path) as store:
        for n in reported:
            found = store.find(f"ada-{n}")
            assert found is not None
            assert len(found.tasks) == 5
        saved = store.history("chain_rule", "ada")
        assert all(len(grade.tasks) == 5 for grade in saved)  # no half attempt
        # At most one attempt of each killed process was on the disk and not yet reported.
        assert len(reported) <= len(saved) <= len(reported) + 8
        check = store._connection.execute("PRAGMA integrity_check").fetchone()[0]
    assert check == "ok"
