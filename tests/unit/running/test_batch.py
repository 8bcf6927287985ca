"""Which levels are tried, what is official, what is judged again and what is not."""

import io
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import CourseError, GraderError, IsolationError
from autograder.judging.messages import Ready
from autograder.judging.seeds import version_key
from autograder.records import (
    Grade,
    HandedInFile,
    Isolation,
    IsolationRecord,
    Outcome,
    Status,
    Submission,
    TaskInfo,
    TaskResult,
)
from autograder.running import batch
from autograder.running.batch import Order, Watcher, grade_class
from autograder.running.workshop import SuiteProcess
from autograder.sandbox import engine as engines
from autograder.settings.assignment import load_assignment
from autograder.settings.course import CourseSettings, IsolationSettings, Limits
from autograder.store.database import Store

SECRET = bytes(32)
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NAMESPACES, LANDLOCK, UID, PROCESS = Isolation


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "grading.yml": "course: Demo\n",
        "assignments/demo/assignment.yml": (
            'title: Demo\nversion: "1"\nlimits: {call_time_s: 3}\n'
            'tasks:\n  "1": {title: One, entry_point: f}\n  "2": {title: Two, entry_point: g}\n'
        ),
        "reference/demo.py": "def f(): return 1\n",
        "tests/hidden/demo/test_demo.py": "",
    }
    for name, text in files.items():
        (tmp_path / "course" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "course" / name).write_text(text)
    return tmp_path / "course"


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "store.sqlite") as opened:
        yield opened


def order_of(root, *, typed=None, require=LANDLOCK, again=False, **settings):
    course = CourseSettings(course="Demo", isolation=IsolationSettings(require=require), **settings)
    return Order(root, course, load_assignment(root, "demo"), typed, "cpu", again)


def submission(student, content=b"x = 1"):
    return Submission(
        student, f"{student}.py", (HandedInFile("a.py", content),), content.hex().ljust(64, "0")
    )


CLASS = [submission(name) for name in ("ada", "bob", "cy", "di")]
TASKS = (TaskInfo("1", "One", 2.0), TaskInfo("2", "Two", 3.0))


class Workshop:
    """Judges by a plan: student -> what `judge` gives at each attempt; "full" for ever after."""

    def __init__(self, level, plan, required=LANDLOCK, official=True):
        self.ready = Ready(TASKS, IsolationRecord(level, required, "fake", ()), (("python", "3"),))
        self._plan = {student: list(attempts) for student, attempts in plan.items()}
        self._official = official
        self.judged = []

    def judge(self, handed_in):
        self.judged.append(handed_in.student)
        attempts = self._plan.get(handed_in.student, [])
        word = attempts.pop(0) if attempts else "full"
        if word == "died":
            return None
        if isinstance(word, Exception):
            raise word
        failed = word == "stalled"
        points = [None if failed else task.max_points for task in TASKS]
        outcome = Outcome.GRADER_ERROR if failed else Outcome.PASSED
        return Grade(
            student=handed_in.student,
            assignment="demo",
            score=None if failed else 5.0,
            max_score=5.0,
            status=Status.WITHHELD if failed else Status.GRADED,
            official=self._official,
            tasks=tuple(
                TaskResult(t.id, t.title, p, t.max_points, outcome, "")
                for t, p in zip(TASKS, points, strict=True)
            ),
            source=handed_in.source,
            submission_sha256=handed_in.sha256,
            matched=handed_in.matched,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


class Seen(Watcher):
    def __init__(self):
        self.counts, self.students = None, []

    def started(self, total, kept):
        self.counts = (total, kept)

    def finished(self, grade):
        self.students.append(grade.student)


@pytest.fixture
def grade(monkeypatch, store):
    """Grades a class in a fake workshop; returns what came out, the workshop, and what was seen."""

    def run(order, submissions=CLASS, plan=None, level=NAMESPACES):
        official = level is not PROCESS and level.satisfies(order.course.isolation.require)
        workshop = Workshop(level, plan or {}, order.course.isolation.require, official)
        monkeypatch.setattr(batch, "open_workshop", lambda *_: workshop)
        seen = Seen()
        graded = grade_class(order, submissions, store, secret=SECRET, now=NOW, watcher=seen)
        return graded, workshop, seen

    return run


# Levels


@pytest.mark.parametrize(
    ("require", "expected"),
    [
        (NAMESPACES, [NAMESPACES]),
        (LANDLOCK, [NAMESPACES, LANDLOCK]),
        (UID, [NAMESPACES, LANDLOCK, UID]),
        (PROCESS, [NAMESPACES, LANDLOCK, UID, PROCESS]),
    ],
)
def test_the_strongest_is_tried_first_and_nothing_below_the_required(root, require, expected):
    assert batch._levels(order_of(root, require=require)) == expected


@pytest.mark.parametrize("require", list(Isolation))
@pytest.mark.parametrize("typed", list(Isolation))
def test_a_level_that_was_typed_is_tried_alone(root, typed, require):
    assert batch._levels(order_of(root, typed=typed, require=require)) == [typed]


@pytest.mark.parametrize(
    ("level", "require", "official"),
    [
        (NAMESPACES, NAMESPACES, True),
        (NAMESPACES, LANDLOCK, True),
        (LANDLOCK, NAMESPACES, False),
        (LANDLOCK, LANDLOCK, True),
        (LANDLOCK, PROCESS, True),
        (PROCESS, LANDLOCK, False),
        (PROCESS, PROCESS, False),
    ],
)
def test_official_is_what_is_as_strong_as_required_and_never_a_plain_process(
    root, level, require, official
):
    assert batch._is_official(order_of(root, require=require), level) is official


def test_where_nothing_strong_enough_is_to_be_had_there_is_no_step_down(root, store, monkeypatch):
    tried = []

    def start(level, on):
        tried.append(level)
        raise IsolationError(f"no {level} here")

    monkeypatch.setattr(engines, "start", start)
    monkeypatch.setattr(SuiteProcess, "start", io.BytesIO)
    with pytest.raises(IsolationError, match=r"(?s)namespaces: no .*landlock: no ") as caught:
        grade_class(order_of(root), CLASS, store, secret=SECRET, now=NOW, watcher=Watcher())
    assert tried == [NAMESPACES, LANDLOCK]
    assert "process" not in str(caught.value)
    assert store.history("demo", "ada") == ()


def test_a_course_without_a_hidden_suite_is_told_before_anything_starts(root, store, monkeypatch):
    (root / "tests/hidden/demo/test_demo.py").unlink()
    monkeypatch.setattr(engines, "start", lambda level, on: pytest.fail(f"{level} was started"))
    with pytest.raises(CourseError, match="there is no hidden suite"):
        grade_class(order_of(root), CLASS, store, secret=SECRET, now=NOW, watcher=Watcher())


def test_the_assignments_limits_go_before_the_courses(root):
    limits = order_of(root, limits=Limits(call_time_s=7.0, memory_mb=999)).limits
    assert (limits.call_time_s, limits.memory_mb, limits.threads) == (3.0, 999, 1)


# What is judged, and what the store has already


def test_grades_come_in_the_order_of_the_submissions(root, grade):
    graded, workshop, seen = grade(order_of(root, parallel=3))
    assert [g.student for g in graded.grades] == ["ada", "bob", "cy", "di"]
    assert sorted(workshop.judged) == sorted(seen.students) == ["ada", "bob", "cy", "di"]
    assert (seen.counts, graded.kept) == ((4, 0), 0)


def test_the_record_says_how_the_run_was_isolated(root, grade, store):
    graded, _, _ = grade(order_of(root), level=LANDLOCK)
    run = graded.run
    assert (run.assignment, run.assignment_version, run.device) == ("demo", "1", "cpu")
    assert run.started_at == "2026-01-02T03:04:05+00:00"
    assert (run.official, run.isolation.level) == (True, LANDLOCK)
    assert run.versions == (("python", "3"),)


def test_a_second_run_opens_no_workshop_and_gives_the_same(root, grade, store, monkeypatch):
    first, _, _ = grade(order_of(root))
    monkeypatch.setattr(batch, "open_workshop", lambda *_: pytest.fail("nothing was missing"))
    seen = Seen()
    second = grade_class(order_of(root), CLASS, store, secret=SECRET, now=NOW, watcher=seen)
    assert second.grades == first.grades
    assert second.run == first.run
    assert (second.kept, seen.counts, seen.students) == (4, (4, 4), [])


def test_only_what_is_new_or_changed_is_judged(root, grade):
    grade(order_of(root))
    later = [CLASS[0], submission("bob", b"x = 2"), *CLASS[2:], submission("eve")]
    graded, workshop, seen = grade(order_of(root), later)
    assert sorted(workshop.judged) == ["bob", "eve"]
    assert (seen.counts, graded.kept) == ((5, 3), 3)
    assert [g.student for g in graded.grades] == ["ada", "bob", "cy", "di", "eve"]


def test_a_change_in_what_judges_means_that_all_is_judged(root, grade):
    grade(order_of(root))
    (root / "reference" / "demo.py").write_text("def f(): return 2\n")
    assert len(grade(order_of(root))[1].judged) == 4
    assert len(grade(order_of(root, limits=Limits(memory_mb=100)))[1].judged) == 4


def test_again_means_all_and_keeps_the_old_attempts(root, grade, store):
    grade(order_of(root))
    graded, workshop, _ = grade(order_of(root, again=True))
    assert len(workshop.judged) == 4
    assert graded.kept == 0
    assert len(store.history("demo", "ada")) == 2


def test_a_grade_of_a_stronger_level_serves_a_weaker_requirement(root, grade, monkeypatch):
    grade(order_of(root, require=NAMESPACES), level=NAMESPACES)
    assert grade(order_of(root, require=LANDLOCK))[1].judged == []


def test_a_grade_of_a_weaker_level_never_serves_a_stronger_requirement(root, grade):
    grade(order_of(root, typed=PROCESS), level=PROCESS)
    graded, workshop, _ = grade(order_of(root), level=LANDLOCK)
    assert len(workshop.judged) == 4
    assert all(g.official for g in graded.grades)
    assert len(grade(order_of(root, require=NAMESPACES), level=NAMESPACES)[1].judged) == 4


def test_a_kept_grade_is_official_by_what_the_course_requires_today(root, grade):
    grade(order_of(root, typed=LANDLOCK, require=LANDLOCK), level=LANDLOCK)
    stricter, _, _ = grade(order_of(root, typed=LANDLOCK, require=NAMESPACES), level=LANDLOCK)
    assert [g.official for g in stricter.grades] == [False] * 4
    assert stricter.run.official is False


# Our own faults


def test_a_withheld_grade_is_judged_once_more_last_and_alone(root, grade, store):
    plan = {"ada": ["stalled"], "bob": ["died"]}
    graded, workshop, _ = grade(order_of(root, parallel=1), plan=plan)
    assert workshop.judged == ["ada", "bob", "cy", "di", "ada", "bob"]
    assert [g.status for g in graded.grades] == [Status.GRADED] * 4
    assert len(store.history("demo", "ada")) == 1


@pytest.mark.parametrize("word", ["stalled", "died"])
def test_a_fault_that_stays_withholds_that_grade_alone(root, grade, store, word):
    graded, workshop, seen = grade(order_of(root), plan={"bob": [word] * 9})
    assert Counter(workshop.judged) == Counter(ada=1, bob=2, cy=1, di=1)
    ada, bob, *_ = graded.grades
    assert (ada.status, ada.score) == (Status.GRADED, 5.0)
    assert (bob.status, bob.score, bob.max_score) == (Status.WITHHELD, None, 5.0)
    assert [(t.points, t.max_points, t.outcome) for t in bob.tasks] == [
        (None, 2.0, Outcome.GRADER_ERROR),
        (None, 3.0, Outcome.GRADER_ERROR),
    ]
    assert seen.students[-1] == "bob"
    assert store.history("demo", "bob") == (bob,)


def test_the_next_run_judges_what_was_withheld(root, grade):
    grade(order_of(root), plan={"bob": ["died", "died"]})
    graded, workshop, _ = grade(order_of(root))
    assert workshop.judged == ["bob"]
    assert graded.grades[1].score == 5.0


def test_what_was_finished_before_the_grader_broke_is_kept(root, grade, store):
    with pytest.raises(RuntimeError, match="broken"):
        grade(order_of(root, parallel=1), plan={"cy": [RuntimeError("broken")]})
    assert store.history("demo", "ada")
    assert store.history("demo", "bob")
    graded, workshop, _ = grade(order_of(root))
    assert set(workshop.judged) <= {"cy", "di"}
    assert len(graded.grades) == 4


def test_a_student_out_of_the_roster_stays_held_apart(root, grade):
    graded, _, _ = grade(order_of(root), [replace(CLASS[0], matched=False), CLASS[1]])
    assert [g.matched for g in graded.grades] == [False, True]


def test_the_suite_process_is_told_the_derived_key_and_never_the_secret(root, monkeypatch):
    secret, opened = b"s" * 32, []

    def opens(order, key):
        opened.append((order, key))
        raise GraderError("that was all")

    monkeypatch.setattr(batch, "open_workshop", opens)
    with Store.open(root / "store.sqlite") as store, pytest.raises(GraderError):
        grade_class(order_of(root), CLASS, store, secret=secret, now=NOW, watcher=Watcher())
    ((order, key),) = opened
    engine = engines.Engine(LANDLOCK, "fake")
    told = batch._suite_order(order, root / "tests/hidden/demo", engine, key)
    assert secret.hex() not in repr(told)
    assert bytes.fromhex(told.key) == version_key(secret, "demo", "1") != secret
    assert (told.official, told.zygote) == (True, False)
    assert told.entry_points == ("f", "g")
    assert told.times["call_s"] == 3.0
