"""An exam before a fake sandbox: how many processes, what is remembered, whose fault what is."""

import copy
import random
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.judging import exam as exam_module
from autograder.judging.exam import Exam, Rules, TimeLimits
from autograder.judging.student import Student
from autograder.records import HandedInFile, Outcome, Submission
from autograder.sandbox.session import Answer, SubmissionFault, SubmissionUnreadable
from autograder.sandbox.spawn import Usage
from autograder.submission.execute import CellFailure, LoadReport
from autograder.submission.flat import Cell, FlatSubmission
from autograder.worker.request import SandboxLimits

SUBMISSION = Submission("ada", "ada.py", (HandedInFile("ada.py", b"x = 1"),), "a" * 64)
FLAT = FlatSubmission(
    "ada.py", (Cell("line 1", "ada.py", 1, "x = 1"),), notes=("f is there twice",)
)
LIMITS = SandboxLimits(memory_mb=123)
TIMES = TimeLimits(call_s=3, cell_s=1, load_s=2, intake_s=4, task_s=5, submission_s=100)
NO_FAILURE = LoadReport((), 0.1, False)


@dataclass
class Sandbox:
    """Every process that was asked for, and what the next ones do."""

    sessions: list = field(default_factory=list)
    limits: list = field(default_factory=list)
    flattened: object = FLAT
    loaded: object = NO_FAILURE
    answer: object = field(default_factory=lambda: Answer(42, "", autograd=False))

    def spawn(self, limits):
        self.limits.append(limits)
        return self


def give(value):
    if isinstance(value, Exception):
        raise value
    return value


class FakeSession:
    def __init__(self, sandbox):
        self.sandbox, self.asked, self.killed, self.waited = sandbox, [], 0, 0
        sandbox.sessions.append(self)

    def flatten(self, files, entry_points, *, time_s):
        self.asked.append(("flatten", files, entry_points, time_s))
        return give(self.sandbox.flattened)

    def load(self, flat, *, cell_time_s, time_s, device):
        self.asked.append(("load", flat, cell_time_s, time_s))
        return give(self.sandbox.loaded)

    def call(self, name, args, kwargs, *, seed, device, time_s):
        self.asked.append(("call", name, args, kwargs, seed, device, time_s))
        return give(self.sandbox.answer)

    def kill(self):
        self.killed += 1

    def usage(self):
        assert self.killed, "nobody waits for what was not told to die"
        self.waited += 1
        return Usage(0, 0.5, 100.0)


@pytest.fixture
def sandbox(monkeypatch):
    monkeypatch.setattr(exam_module, "Session", FakeSession)
    return Sandbox()


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(exam_module.time, "monotonic", lambda: now[0])
    return now


def exam_of(sandbox, tasks=2, key=b"k" * 32, by_hand=("f",), review_code_kb=None):
    rules = Rules(("f", "g"), frozenset(by_hand), LIMITS, TIMES, "cpu", key, review_code_kb)
    return Exam(SUBMISSION, sandbox, rules, tasks)


def opened(sandbox, **options):
    exam = exam_of(sandbox, **options)
    exam.open()
    return exam


def words(session):
    """What a process was asked for, in order."""
    return [asked[0] for asked in session.asked]


def fault(outcome, message="what happened", **more):
    return SubmissionFault(outcome, message, "staff words", **more)


# Processes


def test_the_files_are_opened_inside_the_sandbox(sandbox):
    exam = opened(sandbox)
    assert sandbox.sessions[0].asked == [("flatten", {"ada.py": b"x = 1"}, ("f", "g"), 4)]
    assert exam.notes == ["f is there twice"]


@pytest.mark.parametrize("tasks", [1, 2, 5, 9])
def test_there_is_one_process_for_each_task_and_none_serves_two(sandbox, tasks):
    exam = opened(sandbox, tasks=tasks)
    ended = []
    for _ in range(tasks):
        run = exam.begin()
        run.call("test", "f", (), {})
        ended.append(run.end())
    exam.close()
    assert len({id(session) for session in ended}) == len(sandbox.sessions) == tasks
    for session in ended:  # the one that opened the files had run no line of them
        assert words(session) in (["load", "call"], ["flatten", "load", "call"])
    assert all(session.killed for session in sandbox.sessions)
    assert set(sandbox.limits) == {LIMITS}


def test_a_suite_that_ends_early_leaves_no_process_behind(sandbox):
    exam = opened(sandbox, tasks=5)
    exam.begin().end()
    exam.close()
    assert all(session.killed for session in sandbox.sessions)


def test_processes_end_also_where_nothing_could_be_opened(sandbox):
    sandbox.flattened = SubmissionUnreadable(Outcome.CRASHED, "no code")
    exam = exam_of(sandbox)
    with pytest.raises(SubmissionUnreadable):
        exam.open()
    exam.close()
    assert all(session.killed for session in sandbox.sessions)


def test_names_too_long_to_be_sent_are_the_submissions_fault_and_start_no_process(sandbox):
    """As an argument that cannot cross the wall they would withhold the grade at will."""
    files = tuple(HandedInFile(f"{n}/{'x' * 2000}.txt", b"") for n in range(200))
    rules = exam_of(sandbox).rules
    exam = Exam(Submission("ada", "ada", files, "a" * 64), sandbox, rules, 2)
    with pytest.raises(SubmissionUnreadable, match="names of its files"):
        exam.open()
    exam.close()
    assert sandbox.sessions == []


def test_what_would_not_go_into_the_sandbox_again_is_unreadable(sandbox):
    source = f"x = '{'x' * (1 << 20)}'"
    sandbox.flattened = FlatSubmission("ada.py", (Cell("line 1", "ada.py", 1, source),))
    exam = exam_of(sandbox)
    with pytest.raises(SubmissionUnreadable, match="more code than can be run"):
        exam.open()
    exam.close()
    assert all(session.killed for session in sandbox.sessions)


def test_several_tests_of_a_task_share_its_process_and_load_once(sandbox):
    exam = opened(sandbox)
    run = exam.begin()
    for _ in range(3):
        assert run.call("test", "f", (1,), {"x": 2}) == 42
    assert words(run._session)[-4:] == ["load", "call", "call", "call"]
    assert run._session.asked[-4] == ("load", FLAT, 1, 2)
    assert run._session.asked[-1][1:4] == ("f", (1,), {"x": 2})


def test_a_task_that_calls_nothing_loads_nothing(sandbox):
    session = opened(sandbox).begin().end()
    assert "load" not in words(session)
    assert session.killed == 1


# Time


def test_a_call_gets_its_own_limit_or_what_is_left_of_the_task(sandbox, clock):
    run = opened(sandbox).begin()
    run.call("test", "f", (), {})
    clock[0] += 4
    run.call("test", "f", (), {})
    clock[0] += 4
    run.call("test", "f", (), {})
    times = [asked[-1] for asked in run._session.asked if asked[0] == "call"]
    assert times == [3, 1, 0.01]


def test_tasks_after_the_submissions_time_are_not_run(sandbox, clock):
    exam = opened(sandbox, tasks=3)
    assert exam.begin().call("test", "f", (), {}) == 42
    clock[0] += 101
    for _ in range(2):
        run = exam.begin()
        with pytest.raises(
            SubmissionFault, match="longer than 100 s; this one was not run"
        ) as caught:
            run.call("test", "f", (), {})
        assert caught.value.outcome is Outcome.TIMED_OUT
        assert words(run.end()) == []


# Whose doing it is


@pytest.mark.parametrize("outcome", [Outcome.TIMED_OUT, Outcome.CRASHED, Outcome.OUT_OF_MEMORY])
def test_a_file_that_cannot_be_run_is_not_run_again_for_every_task(sandbox, outcome):
    sandbox.loaded = fault(outcome, final=True)
    exam = opened(sandbox, tasks=4)
    for _ in range(4):
        run = exam.begin()
        with pytest.raises(SubmissionFault) as caught:
            run.call("test", "f", (), {})
        run.end()
        assert caught.value.outcome is outcome
        assert caught.value.message == "While your file was being run: what happened"
        assert caught.value.staff_message == "staff words"
    loads = [asked for session in sandbox.sessions for asked in session.asked if asked[0] == "load"]
    assert len(loads) == 1


def test_our_own_fault_while_loading_is_not_remembered_as_the_submissions(sandbox):
    exam = opened(sandbox)
    sandbox.loaded = GraderError("the machine stalled")
    with pytest.raises(GraderError):
        exam.begin().call("test", "f", (), {})
    sandbox.loaded = NO_FAILURE
    assert exam.begin().call("test", "f", (), {}) == 42


def test_a_function_that_is_nowhere_is_missing(sandbox):
    sandbox.answer = fault(Outcome.MISSING)
    with pytest.raises(SubmissionFault, match="no f in your submission") as caught:
        opened(sandbox).begin().call("test", "f", (), {})
    assert caught.value.outcome is Outcome.MISSING


@pytest.mark.parametrize(
    ("kind", "outcome", "words"),
    [
        ("raised", Outcome.RAISED, "cell 3, which defines f, failed with an exception."),
        (
            "timed_out",
            Outcome.TIMED_OUT,
            "cell 3, which defines f, took too long and was interrupted.",
        ),
    ],
)
def test_a_function_whose_cell_failed_is_told_from_one_that_was_never_written(
    sandbox, kind, outcome, words
):
    failure = CellFailure("cell 3", kind, "ValueError", "secret words", 2, ("e", "f"))
    sandbox.loaded = LoadReport((failure,), 0.1, False)
    sandbox.answer = fault(Outcome.MISSING)
    run = opened(sandbox).begin()
    with pytest.raises(SubmissionFault) as caught:
        run.call("test", "f", (), {})
    assert caught.value.outcome is outcome
    assert caught.value.message == words
    assert "secret words" in caught.value.staff_message
    with pytest.raises(SubmissionFault, match="no g in your submission"):
        run.call("test", "g", (), {})


@pytest.mark.parametrize("outcome", [Outcome.RAISED, Outcome.WRONG, Outcome.CRASHED])
def test_other_faults_of_a_call_pass_as_they_are(sandbox, outcome):
    sandbox.answer = fault(outcome)
    with pytest.raises(SubmissionFault) as caught:
        opened(sandbox).begin().call("test", "f", (), {})
    assert caught.value is sandbox.answer


def test_a_failed_cell_is_noted_once_for_the_student_and_quoted_for_staff_alone(sandbox):
    failure = CellFailure("cell 3", "raised", "ValueError", "x = 3.14", 2, ("h",))
    sandbox.loaded = LoadReport((failure,), 0.1, False)
    exam = opened(sandbox)
    for _ in range(2):
        run = exam.begin()
        run.call("test", "f", (), {})
        run.end()
    assert exam.notes == ["f is there twice", "cell 3 failed with an exception; the rest was run."]
    assert exam.advice == ["cell 3: ValueError: x = 3.14"]


def test_autograd_is_reported_once_where_by_hand_was_asked_and_costs_nothing(sandbox):
    sandbox.answer = Answer(1, "", autograd=True)
    exam = opened(sandbox)
    run = exam.begin()
    assert [run.call("test", "f", (), {}) for _ in range(2)] == [1, 1]
    run.call("test", "g", (), {})
    assert len(exam.reviews) == 1
    assert exam.reviews[0].startswith("f: autograd's engine ran")


# Room for trained weights

NOISE = random.Random(0).randbytes(20_000)


@pytest.mark.parametrize(
    "parts",
    [
        {"cells": (Cell("line 1", "ada.py", 1, f"w = {NOISE.hex()!r}"),)},
        {"cells": FLAT.cells, "modules": (("weights", f"w = {list(NOISE)}"),)},
        {"cells": FLAT.cells, "data_files": (("w.pt", NOISE),)},
    ],
)
def test_room_for_trained_weights_is_for_a_person_to_look_at(sandbox, parts):
    sandbox.flattened = FlatSubmission("ada.py", **parts)
    (review,) = opened(sandbox, review_code_kb=16).reviews
    assert "KiB compressed, above review_code_kb: 16" in review
    assert opened(sandbox, review_code_kb=60).reviews == []
    assert opened(sandbox).reviews == []


def test_much_ordinary_code_is_not_room_for_trained_weights(sandbox):
    source = Path(exam_module.__file__).read_text() * 20
    sandbox.flattened = FlatSubmission("ada.py", (Cell("line 1", "ada.py", 1, source),))
    assert opened(sandbox, review_code_kb=16).reviews == []


# Seeds


def test_the_submissions_generator_is_seeded_by_key_and_test_and_by_nothing_else(sandbox):
    def seed(key, test_id):
        run = opened(sandbox, key=key).begin()
        run.call(test_id, "f", (), {})
        return run._session.asked[-1][4]

    seeds = [seed(b"k" * 32, "a"), seed(b"k" * 32, "b"), seed(b"l" * 32, "a")]
    assert len(set(seeds)) == 3
    assert seed(b"k" * 32, "a") == seeds[0]
    assert all(0 <= number < 2**32 for number in seeds)


# The fixture `student`


def test_the_fixture_calls_entry_points_by_their_names(sandbox):
    run = opened(sandbox).begin()
    assert Student(run, "test").f(1, b=2) == 42
    assert run._session.asked[-1][1:4] == ("f", (1,), {"b": 2})


def test_names_that_python_asks_for_are_no_entry_points(sandbox):
    student = Student(opened(sandbox).begin(), "test")
    for name in ("_private", "__deepcopy__", "__len__", "__wrapped__"):
        assert not hasattr(student, name)
    assert copy.copy(student)._test_id == "test"


# Devices


@pytest.mark.parametrize(("asked", "sent"), [(None, "cpu"), ("cpu", "cpu"), ("cuda", "cuda alone")])
def test_a_test_computes_where_it_asks_for_and_else_where_the_run_does(sandbox, asked, sent):
    task = opened(sandbox).begin()
    task.compute_on(asked)
    task.call("test", "f", (), {})
    assert task.end().asked[-1][5] == sent


def test_a_gpu_is_opened_in_each_process_before_the_submission_is_loaded(sandbox, monkeypatch):
    def open_gpu(session):
        session.asked.append(("open_gpu",))
        return 0.25

    monkeypatch.setattr(FakeSession, "open_gpu", open_gpu, raising=False)
    rules = Rules(("f",), frozenset(), replace(LIMITS, gpu="GPU-1"), TIMES, "cuda", b"k" * 32)
    exam = Exam(SUBMISSION, sandbox, rules, 2)
    exam.open()
    sandbox.answer = Answer(1, "", autograd=False, gpu_memory_mb=34.0)
    for _ in range(2):
        task = exam.begin()
        task.call("test", "f", (), {})
        asked = [what for what, *_ in task.end().asked]
        assert asked[-3:] == ["open_gpu", "load", "call"]
    exam.close()
    (told,) = exam.advice
    assert "opened in 0.50 s" in told
    assert "34 MiB" in told
