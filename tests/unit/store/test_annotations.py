"""Annotations are only ever added, survive kills, and are there for whoever asks next."""

import random
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.records import Annotation
from autograder.store import Store
from autograder.store.annotations import annotations, latest_submissions, record_annotation

REPOSITORY = Path(__file__).resolve().parents[3]

ADA = Annotation(
    "chain_rule", "1.0", "ada", "5", 2.5, 4.0, "Eva", "Half of it.", "2027-01-01T00:00:00+00:00", "s"
)  # fmt: skip


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "state" / "store.db"


@pytest.fixture
def store(path, run):
    with Store.open(path) as opened:
        opened.begin_run(run)
        yield opened


def test_annotations_come_back_in_their_order_with_all_that_was_said(store):
    second = replace(ADA, points=4.0, why="All of it, on second thoughts.")
    other = replace(ADA, assignment="mnist_mlp")
    for one in (ADA, other, second):
        record_annotation(store, one)
    assert annotations(store, "chain_rule") == (ADA, second)
    assert annotations(store, "linear_regression") == ()


@pytest.mark.parametrize("points", [-0.5, 4.5, float("nan")])
def test_points_that_the_task_cannot_give_are_refused(store, points):
    with pytest.raises(GraderError):
        record_annotation(store, replace(ADA, points=points))
    assert annotations(store, "chain_rule") == ()


def test_hostile_words_are_stored_as_they_are(store):
    words = "'; DROP TABLE annotations; -- \x1b[2J \u202e <b>"
    record_annotation(store, replace(ADA, student=words, why=words, by=words))
    record_annotation(store, replace(ADA, student="\ud800"))
    first, second = annotations(store, "chain_rule")
    assert (first.student, first.why, first.by) == (words,) * 3
    assert second.student == r"\ud800"


@pytest.mark.parametrize(
    "statement", ["UPDATE annotations SET points = 4", "DELETE FROM annotations"]
)
def test_no_annotation_is_ever_changed_or_removed(store, statement):
    record_annotation(store, ADA)
    with pytest.raises(sqlite3.IntegrityError, match="add another one"):
        store._connection.execute(statement)
    assert annotations(store, "chain_rule") == (ADA,)


def test_judging_again_leaves_annotations_where_they_are(store, grade):
    store.save("run-1", "k", grade)
    record_annotation(store, ADA)
    store.save("run-1", "k2", replace(grade, submission_sha256="d" * 64))
    assert annotations(store, "chain_rule") == (ADA,)


def test_the_latest_submission_is_that_of_the_latest_attempt(store, grade):
    for student, sha256 in (("bob", "1"), ("ada", "1"), ("bob", "2")):
        store.save("run-1", sha256, replace(grade, student=student, submission_sha256=sha256))
    store.save("run-1", "3", replace(grade, assignment="mnist_mlp", submission_sha256="3"))
    assert list(latest_submissions(store, "chain_rule").items()) == [("ada", "1"), ("bob", "2")]


ANNOTATES = """
import sys
from pathlib import Path
from autograder.records import Annotation
from autograder.store import Store
from autograder.store.annotations import record_annotation
path, by, first = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with Store.open(path) as store:
    for n in range(first, first + int(sys.argv[4])):
        record_annotation(
            store, Annotation("chain_rule", "1.0", "ada", "5", 1.0, 4.0, by, f"{n}", "t", "s")
        )
        print(n, flush=True)
"""


def python(*arguments):
    return subprocess.Popen(
        [sys.executable, "-c", ANNOTATES, *arguments],
        cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_two_people_annotate_at_once(store, path):
    processes = [python(str(path), name, "0", "40") for name in ("Eva", "Jo")]
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    found = annotations(store, "chain_rule")
    for name in ("Eva", "Jo"):
        assert [one.why for one in found if one.by == name] == [str(n) for n in range(40)]


def test_a_process_killed_while_annotating_loses_nothing_that_it_reported(store, path):
    moments = random.Random(6)
    reported = []
    for attempt in range(4):
        process = python(str(path), "Eva", str(100_000 * attempt), "100000")
        reported.append(process.stdout.readline().strip())
        time.sleep(moments.uniform(0, 0.15))
        process.kill()  # SIGKILL
        reported += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.wait()
        process.stdout.close()
    saved = [one.why for one in annotations(store, "chain_rule")]
    assert set(reported) <= set(saved)
    assert len(reported) <= len(saved) <= len(reported) + 4
