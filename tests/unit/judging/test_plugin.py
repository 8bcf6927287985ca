"""The marker, the points, and whose doing each way of ending a hidden test is."""

import os
import sys
from types import ModuleType, SimpleNamespace

import pytest
import torch
from pydantic import TypeAdapter

from autograder.errors import CourseError, GraderError
from autograder.judging.calibration import Calibration, StrainRecord, Threshold
from autograder.judging.draw import Draw
from autograder.judging.marks import TaskMark, describe, task_mark
from autograder.judging.plugin import GradingPlugin
from autograder.records import Outcome, TestEvidence
from autograder.sandbox.session import SubmissionFault
from autograder.sandbox.spawn import Usage

KEY = b"k" * 32


class Item:
    """As much of a collected test as the markers need."""

    def __init__(self, *marks, nodeid="test_x.py::test_f"):
        self.nodeid = nodeid
        self._marks = marks

    def iter_markers(self, name):
        return [mark for mark in self._marks if mark.name == name]

    def get_closest_marker(self, name):
        return next(iter(self.iter_markers(name)), None)


def mark(name, *args, **kwargs):
    return SimpleNamespace(name=name, args=args, kwargs=kwargs)


def task(*args, **kwargs):
    return Item(mark("task", *args, **kwargs))


# The marker


def test_the_marker_gives_task_points_and_what_is_optional():
    assert task_mark(task("1.1", points=2)) == TaskMark("1.1", 2)
    full = task("1.2", points=0.5, after="1.1", hint="Why?")
    assert task_mark(full) == TaskMark("1.2", 0.5, "1.1", "Why?")


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Item(), r"test_x\.py::test_f: expected one marker task\(.*found 0"),
        (Item(*[mark("task", "1", points=1)] * 2), "expected one marker .* found 2"),
        (task(), "marker task: .*missing 2 required positional arguments: 'task' and 'points'"),
        (task("1.1"), "marker task: .*missing 1 required positional argument: 'points'"),
        (task("1.1", points=1, worth=2), "marker task: .*unexpected keyword argument 'worth'"),
        (task(1.1, points=1), "takes a string and points above 0"),
        (task("1.1", points="2"), "takes a string and points above 0"),
        (task("1.1", points=0), "takes a string and points above 0"),
        (task("1.1", points=-1), "takes a string and points above 0"),
        (task("1.1", points=float("nan")), "takes a string and points above 0"),
        (task("1.1", points=float("inf")), "takes a string and points above 0"),
    ],
)
def test_a_wrong_marker_is_said_to_be_wrong(item, words):
    with pytest.raises(ValueError, match=words):
        task_mark(item)


# The suite as a whole

KNOWN = {"1": "One", "2": "Two"}


def test_points_of_a_task_are_the_sum_over_its_tests_in_the_order_of_the_assignment():
    items = [task("2", points=3), task("1", points=0.5), task("2", points=1.5, after="1")]
    assert describe(items, KNOWN) == [("1", 0.5), ("2", 4.5)]


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([task("1", points=1)], "task 2: no hidden test gives points for it"),
        ([], r"task 1: no hidden test.*\ntask 2: no hidden test"),
        ([task("3", points=1)], r"task '3' is not in assignment\.yml \(1, 2\)"),
        ([task("1", points=1, after="9")], r"task '9' is not in assignment\.yml"),
        ([task("1", points=1, after="2"), task("2", points=1)], "test_f.*builds on task"),
        ([task("1", points=1, after="1"), task("2", points=1)], "test_f.*builds on task"),
    ],
)
def test_a_fault_of_the_suite_is_named(items, words):
    with pytest.raises(ValueError, match=words):
        describe(items, KNOWN)


@pytest.mark.parametrize("name", ["skip", "skipif", "xfail"])
def test_a_test_that_could_be_passed_over_is_refused(name):
    items = [
        Item(mark("task", "1", points=1), mark(name)),
        task("2", points=1),
    ]
    with pytest.raises(ValueError, match="may not be skipped or expected to fail"):
        describe(items, KNOWN)


def test_all_faults_are_listed_at_once():
    items = [Item(nodeid="a"), task("3", points=1), task("1", points=0)]
    with pytest.raises(ValueError, match="a: expected one marker") as caught:
        describe(items, KNOWN)
    assert len(str(caught.value).splitlines()) == 5


# Judging, with real collected tests and a fake exam


class Run:
    """A task's process: answers calls from a dict; an exception there is raised."""

    def __init__(self, answers):
        self._answers = answers
        self.calls = []

    def call(self, test_id, name, args, kwargs):
        self.calls.append((test_id, name, args, kwargs))
        answer = self._answers[name]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def compute_on(self, device):
        self.device = device

    def hurry(self, time_s):
        self.hurried_s = time_s

    def end(self):
        return self

    def usage(self):
        return Usage(0, 0.25, 100.0)


class Exam:
    def __init__(self, **answers):
        self._answers = answers
        self.rules = SimpleNamespace(key=KEY, device="the device", evidence=False)
        self.wrote = set()
        self.runs = []
        self.reviews = []
        self.closed = 0

    def begin(self):
        self.runs.append(Run(self._answers))
        return self.runs[-1]

    def close(self):
        self.closed += 1


@pytest.fixture
def collect(tmp_path, monkeypatch):
    """Collects a hidden suite's text as judging/suite.py does; `serve(plugin, items)` is called with its tests."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(text, serve, reference=None, **known):
        (tmp_path / "test_hidden.py").write_text(text)
        plugin = GradingPlugin(
            reference or ModuleType("reference"), {}, lambda items: serve(plugin, items), **known
        )
        unwanted = (
            "terminal", "cacheprovider", "warnings", "logging", "unittest", "doctest",
            "unraisableexception", "threadexception",  # each run of theirs ends in five collections
        )  # fmt: skip
        pytest.main(
            [
                str(tmp_path / "test_hidden.py"), "-c", os.devnull, "--rootdir", str(tmp_path),
                "--import-mode=importlib", "--strict-markers", *(f"-pno:{name}" for name in unwanted),
            ],
            plugins=[plugin],
        )  # fmt: skip
        sys.modules.pop("test_hidden", None)
        assert plugin.collection_errors == []
        return plugin

    return run


@pytest.fixture
def judge(collect):
    """Collects a hidden suite's text and judges an exam by it."""

    def run(text, exam=None, reference=None):
        exam = exam or Exam()
        results = []
        collect(text, lambda plugin, items: results.extend(plugin.judge(items, exam)[0]), reference)
        assert exam.closed == 1
        return results, exam

    return run


HEAD = "import pytest, torch\ntask = pytest.mark.task\n"


def outcomes(results):
    return [(result.task, result.points, result.outcome.value) for result in results]


def test_each_test_gives_a_result_and_each_task_has_a_process(judge):
    results, exam = judge(
        HEAD
        + "@task('1', points=1)\ndef test_a(student): assert student.f(2) == 4\n"
        + "@task('1', points=2)\ndef test_b(student): assert student.f(2) == 5\n"
        + "@task('2', points=3)\ndef test_c(student, close): close(student.f(1), 4)\n",
        Exam(f=4),
    )
    assert outcomes(results) == [("1", 1, "passed"), ("1", 2, "wrong"), ("2", 3, "passed")]
    # Once more for the failed test, after all verdicts: a diagnosis wants several points.
    assert [len(run.calls) for run in exam.runs] == [3, 1]
    assert exam.runs[0].calls[0] == ("test_hidden.py::test_a", "f", (2,), {})
    assert [result.student_time_s for result in results] == [0.25, 0.0, 0.25]


def test_an_exception_of_our_own_is_never_a_wrong_answer(judge):
    results, _ = judge(
        HEAD
        + "@task('1', points=1)\ndef test_a(student): raise RuntimeError('drawn badly')\n"
        + "@task('1', points=1)\ndef test_b(student): assert student.f() == 4\n",
        Exam(f=4),
    )
    assert outcomes(results) == [("1", 1, "grader_error"), ("1", 1, "passed")]
    assert "drawn badly" in results[0].staff_message
    assert "drawn badly" not in results[0].message


@pytest.mark.parametrize("answer", [None, 3, "x", [], {}, torch.zeros(2)])
def test_an_answer_that_a_test_stumbles_over_is_wrong_and_a_person_looks(judge, answer):
    """Else a submission had its grade withheld at will."""
    results, exam = judge(
        HEAD
        + "@task('1', points=1, hint='What kind?')\n"
        + "def test_a(student): student.f().parameters()[0].shape\n"
        + "@task('1', points=1)\ndef test_b(student): pass\n",
        Exam(f=answer),
    )
    assert outcomes(results) == [("1", 1, "wrong"), ("1", 1, "passed")]
    assert results[0].message.endswith("names? What kind?")
    (review,) = exam.reviews
    assert "test_a" in review
    assert "AttributeError" in review


@pytest.mark.parametrize(
    "stumble",
    ["next(iter(student.f()))", "[0] * (student.f() or 2**62)", "student.g([student.f()])"],
    ids=["nothing to take", "too much room", "an answer that cannot be handed on"],
)
def test_no_kind_of_stumble_withholds_a_grade_at_will(judge, stumble):
    results, exam = judge(
        HEAD + f"@task('1', points=1)\ndef test_a(student):\n    {stumble}\n",
        Exam(f=[], g=GraderError("an argument that cannot cross the wall")),
    )
    assert outcomes(results) == [("1", 1, "wrong")]
    assert len(exam.reviews) == 1


@pytest.mark.parametrize("error", ["OSError", "SystemExit"])
def test_what_no_answer_can_cause_stays_our_fault(judge, error):
    results, exam = judge(
        HEAD + f"@task('1', points=1)\ndef test_a(student):\n    student.f()\n    raise {error}\n",
        Exam(f=1),
    )
    assert outcomes(results) == [("1", 1, "grader_error")]
    assert exam.reviews == []


@pytest.mark.parametrize(
    "body",
    [
        "pytest.skip('no')",
        "pytest.xfail('no')",
        "pytest.importorskip('no_such_module')",
        "import no",
    ],
)
def test_a_test_that_is_left_on_the_way_scores_nothing(judge, body):
    results, _ = judge(HEAD + f"@task('1', points=1)\ndef test_a(student):\n    {body}\n")
    assert outcomes(results) == [("1", 1, "grader_error")]


@pytest.mark.parametrize("when", ["raise RuntimeError\n    yield", "yield\n    raise RuntimeError"])
def test_a_fixture_of_the_suite_that_fails_is_our_fault(judge, when):
    results, _ = judge(
        HEAD
        + f"@pytest.fixture\ndef points():\n    {when}\n"
        + "@task('1', points=1)\ndef test_a(student, points): assert student.f() == 4\n",
        Exam(f=4),
    )
    assert outcomes(results) == [("1", 1, "grader_error")]


def test_what_is_built_once_is_built_in_the_rehearsal_with_the_draws_of_the_graders(collect):
    text = (
        HEAD + "def build(draw): return draw('set').normal(3)\n"
        "@task('1', points=1)\n"
        "def test_a(student, draw, once): student.f(once('set', lambda: build(draw)))\n"
    )
    seen = []
    reference = ModuleType("reference")
    reference.f = seen.append
    exam = Exam(f=None)

    def serve(plugin, items):
        plugin.rehearse(items, exam.rules.key)
        plugin.judge(items, exam)

    collect(text, serve, reference)
    (call,) = exam.runs[0].calls
    assert call[2][0] is seen[0]


def test_data_that_the_assignment_does_not_name_is_not_there(judge):
    (result,), _ = judge(HEAD + "@task('1', points=1)\ndef test_a(mnist): pass\n")
    assert result.outcome is Outcome.GRADER_ERROR
    assert "data: [mnist]" in result.staff_message


def test_the_first_thing_that_went_wrong_counts(judge):
    results, _ = judge(
        HEAD
        + "@pytest.fixture\ndef points():\n    yield\n    raise RuntimeError\n"
        + "@task('1', points=1)\ndef test_a(student, points): assert student.f() == 5\n",
        Exam(f=4),
    )
    assert outcomes(results) == [("1", 1, "wrong")]


def test_a_submissions_fault_is_its_outcome_and_the_test_is_named_for_staff(judge):
    fault = SubmissionFault(Outcome.OUT_OF_MEMORY, "It ran out of memory.", "MemoryError: 1 TB")
    (result,), _ = judge(
        HEAD + "@task('1', points=1)\ndef test_a(student): student.f()\n", Exam(f=fault)
    )
    assert result.outcome is Outcome.OUT_OF_MEMORY
    assert result.message == "It ran out of memory."
    assert result.staff_message == "test_a: MemoryError: 1 TB"


@pytest.mark.parametrize(
    ("outcome", "hinted"),
    [
        (Outcome.WRONG, True),
        (Outcome.RAISED, True),
        (Outcome.NOT_IMPLEMENTED, False),
        (Outcome.MISSING, False),
        (Outcome.TIMED_OUT, False),
    ],
)
def test_a_hint_is_given_where_it_helps(judge, outcome, hinted):
    (result,), _ = judge(
        HEAD + "@task('1', points=1, hint='Why?')\ndef test_a(student): student.f()\n",
        Exam(f=SubmissionFault(outcome, "It is so.")),
    )
    assert result.message == ("It is so. Why?" if hinted else "It is so.")


def test_a_passed_test_says_nothing(judge):
    (result,), _ = judge(HEAD + "@task('1', points=1, hint='Why?')\ndef test_a(): pass\n")
    assert (result.outcome, result.message, result.staff_message) == (Outcome.PASSED, "", "")


def test_a_task_that_builds_on_a_failed_one_is_skipped_and_says_which(judge):
    text = (
        HEAD
        + "@task('1', points=1)\ndef test_a(student): assert student.f() == 4\n"
        + "@task('2', points=1, after='1')\ndef test_b(student): assert student.g() == 4\n"
        + "@task('3', points=1, after='2')\ndef test_c(student): assert student.g() == 4\n"
    )
    assert outcomes(judge(text, Exam(f=4, g=4))[0]) == [
        ("1", 1, "passed"), ("2", 1, "passed"), ("3", 1, "passed"),
    ]  # fmt: skip
    results, exam = judge(text, Exam(f=5, g=4))
    assert outcomes(results) == [("1", 1, "wrong"), ("2", 1, "skipped"), ("3", 1, "skipped")]
    assert "builds on task 1" in results[1].message
    assert [len(run.calls) for run in exam.runs] == [2, 0, 0]


def test_a_test_gets_its_device_reference_and_streams_of_its_own(judge):
    reference = ModuleType("reference")
    reference.f = lambda: 7
    text = HEAD + (
        "@task('1', points=1)\n"
        "def test_a(device, reference, draw, student):\n"
        "    assert (device, reference.f()) == ('the device', 7)\n"
        "    student.f(draw('inputs').normal(3), draw('labels').normal(3))\n"
        "@task('1', points=1)\n"
        "def test_b(draw, student):\n"
        "    student.f(draw('inputs').normal(3))\n"
    )
    results, exam = judge(text, Exam(f=0), reference)
    assert outcomes(results) == [("1", 1, "passed")] * 2
    (inputs, labels), (others,) = (call[2] for call in exam.runs[0].calls)
    expected = Draw(KEY, "test_hidden.py::test_a").draw("inputs").normal(3)
    assert inputs.tolist() == expected.tolist()
    assert len({tuple(values.tolist()) for values in (inputs, labels, others)}) == 3


def test_a_parametrised_test_has_a_stream_for_each_of_its_cases(judge):
    _, exam = judge(
        HEAD
        + "@pytest.mark.parametrize('n', [1, 2])\n@task('1', points=1)\n"
        + "def test_a(draw, student, n): student.f(draw('inputs').normal(3))\n",
        Exam(f=0),
    )
    first, second = (call[2][0].tolist() for call in exam.runs[0].calls)
    assert first != second


# The rehearsal


def test_a_suite_that_its_reference_does_not_pass_is_found_out(collect):
    reference = ModuleType("reference")
    reference.f = lambda: 7
    found = []
    collect(
        HEAD
        + "@task('1', points=1)\ndef test_a(student): assert student.f() == 7\n"
        + "@task('1', points=1)\ndef test_b(student): assert student.f() == 8\n"
        + "@task('1', points=1)\ndef test_c(student): student.no_such()\n",
        lambda plugin, items: found.extend(plugin.rehearse(items, KEY)),
        reference,
    )
    assert [name for name, _ in found] == ["test_hidden.py::test_b", "test_hidden.py::test_c"]
    assert "AttributeError" in found[1][1]


def test_a_fixture_that_does_not_exist_is_told_with_its_line_and_what_was_probably_meant(collect):
    plugin = collect(
        HEAD
        + "@task('1', points=1)\ndef test_a(student):\n    pass\n"
        + "@task('1', points=1)\ndef test_b(student, drwa):\n    pass\n",
        lambda plugin, items: plugin.rehearse(items, KEY),
    )
    (slip,) = plugin.slips
    line = (HEAD + "...\n...\n...\n").count("\n") + 1
    assert (
        f'test_hidden.py:{line}: no fixture "drwa". Did you mean "draw"? Expected at_least, '
        in slip
    )


def test_an_entry_point_that_the_reference_lacks_is_told_with_the_line_of_the_test(collect):
    reference = ModuleType("reference")
    reference.softplus = lambda: 7
    found = []
    collect(
        HEAD + "@task('1', points=1)\ndef test_a(student):\n    student.softpuls()\n",
        lambda plugin, items: found.extend(plugin.rehearse(items, KEY)),
        reference,
    )
    ((_, why),) = found
    assert 'no entry point "softpuls". Did you mean "softplus"?' in why
    assert f"test_hidden.py:{(HEAD + '...').count(chr(10)) + 3}, " in why


def test_an_error_meant_for_people_leaves_the_loop_as_it_is(collect):
    error = CourseError("the suite is wrong")

    def serve(plugin, items):
        raise error

    plugin = collect(HEAD + "@task('1', points=1)\ndef test_a(): pass\n", serve)
    assert plugin.error is error


# Measurements and evidence

MEASURES = (
    HEAD + "@task('1', points=1)\n"
    "def test_a(student, at_least): at_least('accuracy', lambda number: student.f(number))\n"
)
ACCURATE = Calibration(
    thresholds={"accuracy": Threshold(value=0.9, right_runs=141, false_fail=1e-4, right_mean=0.95)}
)


class Tries(Run):
    """Answers each call of `f` with the next of its values."""

    def call(self, test_id, name, args, kwargs):
        self.calls.append((test_id, name, args, kwargs))
        return self._answers[args[0]]


class TryExam(Exam):
    def __init__(self, *values):
        super().__init__()
        self.rules.evidence = True
        self._values = values

    def begin(self):
        self.runs.append(Tries(self._values))
        return self.runs[-1]


def measured(collect, *values, calibration=ACCURATE, **options):
    exam, found = TryExam(*values), []
    collect(
        MEASURES,
        lambda plugin, items: found.extend(plugin.judge(items, exam)),
        calibration=calibration,
        **options,
    )
    (result,), (evidence,) = found
    return result.outcome.value, [m.values for m in evidence.measurements]


def test_a_right_answer_is_measured_once(collect):
    assert measured(collect, 0.95, 0.1) == ("passed", [(0.95,)])


def test_an_unlucky_right_answer_is_run_again(collect):
    assert measured(collect, 0.89, 0.94) == ("passed", [(0.89, 0.94)])


def test_a_wrong_answer_is_not_saved_by_a_second_try(collect):
    assert measured(collect, 0.5, 0.8999) == ("wrong", [(0.5, 0.8999)])


def test_nothing_is_judged_while_calibrating(collect):
    assert measured(collect, 0.1, 0.2, calibration=None, calibrating=True) == ("passed", [(0.1,)])


def test_a_threshold_that_nobody_measured_is_the_courses_fault(collect):
    outcome, _ = measured(collect, 0.9, 0.9, calibration=Calibration())
    assert outcome == "grader_error"


def test_a_calibrated_tolerance_holds_where_the_author_names_none(collect):
    text = (
        HEAD + "@task('1', points=1)\ndef test_a(student, close): close(student.f(), 1.0)\n"
        "@task('1', points=1)\ndef test_b(student, close): close(student.f(), 1.0, rtol=1e-2)\n"
        "@task('1', points=1)\ndef test_c(student, close): close(student.f(), 1.0, operations=10**6)\n"
    )
    strict = StrainRecord(right_greatest=0.1, right_runs=141, rtol=1e-6)
    calibration = Calibration(strains={f"test_{name}": strict for name in "abc"})
    results = []
    collect(
        text,
        lambda plugin, items: results.extend(plugin.judge(items, Exam(f=1 + 5e-5))[0]),
        calibration=calibration,
    )
    assert [result.outcome.value for result in results] == ["wrong", "passed", "passed"]


def test_evidence_tells_what_was_asked_compared_and_allowed(collect):
    exam, found = Exam(f=torch.tensor([1.0, 2.5])), []
    exam.rules.evidence = True
    collect(
        HEAD + "@task('1', points=1)\n"
        "def test_a(student, close): close(student.f(7), torch.tensor([1.0, 2.0]), rtol=0.1)\n",
        lambda plugin, items: found.extend(plugin.judge(items, exam)),
    )
    _, (evidence,) = found
    assert (evidence.test, evidence.task, evidence.outcome) == ("test_a", "1", Outcome.WRONG)
    assert evidence.exchanges[0].request == "f(7)"
    (comparison,) = evidence.comparisons
    assert comparison.strain > 1
    assert (comparison.got, comparison.dtype) == ("tensor(2,) float32 [1, 2.5]", "float32")


def test_without_the_wish_no_evidence_is_made(collect):
    found = []
    collect(
        HEAD + "@task('1', points=1)\ndef test_a(student): student.f()\n",
        lambda plugin, items: found.extend(plugin.judge(items, Exam(f=1))),
    )
    assert found[1] == []


@pytest.mark.parametrize("answer", [torch.tensor(3), torch.tensor(2.5), torch.tensor([1, 2, 3])])
def test_evidence_of_an_error_where_none_is_allowed_can_be_sent(collect, answer):
    exam, found = Exam(f=answer), []
    exam.rules.evidence = True
    collect(
        HEAD + "@task('1', points=1)\ndef test_a(student, close): close(student.f(), 4)\n",
        lambda plugin, items: found.extend(plugin.judge(items, exam)),
    )
    _, (evidence,) = found
    adapter = TypeAdapter(TestEvidence)
    assert adapter.validate_json(adapter.dump_json(evidence)) == evidence


def test_a_measurement_that_is_no_number_can_be_sent_and_is_wrong(collect):
    outcome, values = measured(collect, float("nan"), float("inf"))
    assert (outcome, values) == ("wrong", [(-1e12, -1e12)])


def test_a_failed_test_is_asked_past_its_first_mismatch_and_its_verdict_stays(collect):
    text = (
        HEAD + "@task('1', points=1)\n"
        "def test_a(student, close):\n"
        "    for x in (1.0, 2.0, 3.0):\n"
        "        close(student.f(x), 5.0)\n"
    )
    exam, found = Exam(f=4.0), []
    exam.rules.evidence = True
    collect(text, lambda plugin, items: found.extend(plugin.judge(items, exam)))
    (result,), (evidence,) = found
    assert result.outcome is Outcome.WRONG
    assert len(evidence.comparisons) == 1
    assert len(evidence.exchanges) == 3


# Devices

ON_A_GPU = """
import pytest

@pytest.mark.task("1", points=2, device="cuda")
def test_a(device, student):
    assert (device, student.f(1)) == ("cuda", 1)
"""


def test_a_test_that_asks_for_a_gpu_and_finds_none_is_not_run_and_nobody_knows_its_points(judge):
    exam = Exam(f=1)
    exam.rules.device = "cpu"
    ((result,), _) = judge(ON_A_GPU, exam)
    assert result.outcome is Outcome.GRADER_ERROR
    assert "test_a asks for a GPU and was not run" in result.staff_message
    assert exam.runs[0].calls == []


def test_a_test_that_asks_for_a_gpu_computes_there_and_nothing_is_placed_for_it(judge):
    exam = Exam(f=1)
    exam.rules.device = "cuda"
    ((result,), _) = judge(ON_A_GPU, exam)
    assert result.outcome is Outcome.PASSED
    assert exam.runs[0].device == "cuda"
