"""The pytest plugin: fixtures and the marker of hidden tests, and what became of each test.

The one module that knows both pytest and the sandbox. Points stand at the marker and nowhere else:
`task("1.2", points=2, after="1.1", hint="...")`.
"""

import contextlib
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import torch

from autograder.errors import AutograderError, GraderError
from autograder.judging.calibration import Calibration
from autograder.judging.compare import Mismatch, close
from autograder.judging.diagnosis.misconceptions import Catalogue
from autograder.judging.diagnosis.second_look import JudgedTest, second_look
from autograder.judging.evidence import comparisons, exchanges
from autograder.judging.exam import Exam, TaskRun
from autograder.judging.fixtures import HiddenFixtures, TestRun
from autograder.judging.marks import TaskMark, task_mark
from autograder.judging.outcomes import is_stumble, outcome_of, outcome_of_stumble
from autograder.judging.score import TestResult
from autograder.judging.slips import unknown_fixture
from autograder.judging.student import Understudy
from autograder.records import Outcome, TestEvidence
from autograder.sandbox.session import Session

#: What a hidden test can ask for: every public name there is a fixture.
_FIXTURES = tuple(name for name in vars(HiddenFixtures) if not name.startswith("_"))
#: A failed test that took longer is not run again for the sake of a hint.
_SHORT_TIME_S = 1.0
#: What a submission may take, beyond what its verdicts took, for the sake of one: else it would dawdle once judged.
_ASKING_ON_TIME_S = 2.0


class GradingPlugin(HiddenFixtures):
    """Judges the collected suite, one submission per forked process.

    Args:
        reference: The oracle's module.
        data: Prepared data sets that the assignment asks for, by name.
        serve: Called when the suite is collected; returns when the process is to end.
        catalogue: Known-wrong variants of the entry points.
        calibration: Thresholds and tolerances that were measured.
        calibrating: True where `at_least` measures and judges nothing.
    """

    def __init__(
        self,
        reference: ModuleType,
        data: Mapping[str, Path],
        serve: Callable[[Sequence[pytest.Item]], None],
        *,
        catalogue: Catalogue | None = None,
        calibration: Calibration | None = None,
        calibrating: bool = False,
    ) -> None:
        super().__init__(reference, data, calibration or Calibration(), calibrating=calibrating)
        self._catalogue = catalogue or Catalogue()
        self._serve = serve
        self.collection_errors: list[str] = []
        self.slips: list[str] = []
        self.error: AutograderError | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Registers the marker."""
        config.addinivalue_line(
            "markers", "task(id, points, after=None, hint='', device=None): a test of a task"
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keeps what went wrong while the suite was imported: the course's mistake."""
        if report.failed:
            self.collection_errors.append(str(report.longrepr))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Takes the place of pytest's own loop: the tests run in forks, once per submission."""
        try:
            self._serve(session.items)
        except AutograderError as error:  # pytest would print it as an internal error of its own
            self.error = error
        except Exception as error:  # noqa: BLE001  # else pytest would end as if the suite were at fault
            traceback.print_exc()
            self.error = GraderError(f"{type(error).__name__}: {error}")
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: "pytest.CallInfo[None]"
    ) -> pytest.TestReport:
        """Turns what a test raised into an outcome; the first thing that went wrong counts.

        Takes the place of pytest's own report, whose rendering of a failure with its source costs 0.3 s at first use
        and is read by nobody.
        """
        now = self._now
        if now.failure is None and call.excinfo is not None:
            error = call.excinfo.value
            if isinstance(error, pytest.FixtureLookupError):
                self.slips.append(unknown_fixture(error, _FIXTURES))
            now.stumbled = call.when == "call" and now.trace.answered and is_stumble(error)
            now.failure = outcome_of_stumble(error) if now.stumbled else outcome_of(error)
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="passed" if call.excinfo is None else "failed",
            longrepr=None,
            when=call.when,  # type: ignore[arg-type]  # never "collect": that has a hook of its own
            start=call.start,
            stop=call.stop,
            duration=call.duration,
        )

    def rehearse(self, items: Sequence[pytest.Item], key: bytes) -> list[tuple[str, str]]:
        """Runs every test in this process with the reference in the submission's place.

        Only trusted code runs. It shows that the suite accepts its own oracle, and it warms what pytest and torch do
        at first use, so that no forked grader has to: the first message with a tensor's value in it imports sympy,
        which takes 0.3 s. What tests build with `once` is built here, with the very draws that the graders will see.

        Returns:
            Each test that the reference did not pass, with the reason.
        """
        self._key = key
        self._callee = Understudy(self._reference)
        failed = []
        with contextlib.suppress(Mismatch):
            close(torch.zeros(2), torch.ones(2))
        for position, item in enumerate(items):
            following = items[position + 1] if position + 1 < len(items) else None
            outcome, _, staff = self._run(item, following)
            if outcome is not Outcome.PASSED:
                failed.append((item.nodeid, staff))
        return failed

    def judge(
        self, items: Sequence[pytest.Item], exam: Exam
    ) -> tuple[list[TestResult], list[TestEvidence]]:
        """Runs every test on one submission, a fresh confined process per task.

        Args:
            items: The collected tests, those of one task in a row.
            exam: The submission, opened.

        Returns:
            The results, and, where the exam's rules ask for it, the evidence of each.
        """
        self._key = exam.rules.key
        judged: list[JudgedTest] = []
        runs: list[TestRun] = []
        ended: list[tuple[str, Session]] = []
        task: TaskRun | None = None
        for position, item in enumerate(items):
            mark = task_mark(item)
            if task is None:
                self._callee = task = exam.begin()
            self._device = mark.device or exam.rules.device
            task.compute_on(mark.device)
            following = items[position + 1] if position + 1 < len(items) else None
            on_gpu = exam.rules.device == "cuda"
            judged.append(self._judge_one(item, following, mark, judged, on_gpu=on_gpu))
            runs.append(self._now)
            if self._now.stumbled:
                exam.reviews.append(
                    "A test failed on what the submission returned; is the answer wrong, or the test too narrow? "
                    f"{judged[-1].result.staff_message}"
                )
            if following is None or task_mark(following).task != mark.task:
                task.hurry(_ASKING_ON_TIME_S)
                self._ask_on(items, judged)
                ended.append((mark.task, task.end()))
                task = None
        exam.close()
        judged = second_look(judged, self._reference, self._catalogue, exam.wrote)
        evidence = [
            _evidence(test, run)
            for test, run in zip(judged, runs, strict=True)
            if exam.rules.evidence
        ]
        return _with_times([test.result for test in judged], ended), evidence

    def _ask_on(self, items: Sequence[pytest.Item], judged: list[JudgedTest]) -> None:
        """Runs the failed tests of a task once more, past their first mismatch: a diagnosis needs several points.

        All verdicts of the task stand by now. What comes of this run is its trace, and nothing else.
        """
        task = judged[-1].result.task
        self._lenient = True
        for position, test in enumerate(judged):
            result = test.result
            if (
                result.task == task
                and result.outcome is Outcome.WRONG
                and result.time_s < _SHORT_TIME_S
            ):
                self._run(items[position], None)
                events = tuple(self._now.trace.events)
                if len(events) > len(test.events):
                    judged[position] = replace(test, events=events)
        self._lenient = False

    def _judge_one(
        self,
        item: pytest.Item,
        following: pytest.Item | None,
        mark: TaskMark,
        before: Sequence[JudgedTest],
        *,
        on_gpu: bool,
    ) -> JudgedTest:
        if mark.device == "cuda" and not on_gpu:
            self._now = TestRun()
            words = f"{item.name} asks for a GPU and was not run: grade on one, with --device cuda."
            return JudgedTest(item.name, _not_run(mark, words), (), mark.hint)
        earlier = [test.result for test in before if test.result.task == mark.after]
        if mark.after is not None and not any(r.outcome is Outcome.PASSED for r in earlier):
            self._now = TestRun()
            message = (
                f"Not judged, because it builds on task {mark.after}, which is not passed yet."
            )
            skipped = TestResult(mark.task, mark.points, Outcome.SKIPPED, message, "", 0.0, 0.0)
            return JudgedTest(item.name, skipped, (), mark.hint)
        started = time.monotonic()
        outcome, message, staff = self._run(item, following)
        if staff:
            staff = f"{item.name}: {staff}"
        time_s = time.monotonic() - started
        result = TestResult(mark.task, mark.points, outcome, message, staff, time_s, 0.0)
        return JudgedTest(item.name, result, tuple(self._now.trace.events), mark.hint)

    def _run(self, item: pytest.Item, following: pytest.Item | None) -> tuple[Outcome, str, str]:
        self._now = TestRun()
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return self._now.failure or (Outcome.PASSED, "", "")


def _not_run(mark: TaskMark, words: str) -> TestResult:
    """Neither passed nor failed, so that the grade is withheld: nobody knows the points."""
    message = "A test of this task needs a GPU, which this grader has not."
    return TestResult(mark.task, mark.points, Outcome.GRADER_ERROR, message, words)


def _evidence(test: JudgedTest, run: TestRun) -> TestEvidence:
    return TestEvidence(
        test=test.test,
        task=test.result.task,
        outcome=test.result.outcome,
        message=test.result.message,
        staff_message=test.result.staff_message,
        time_s=test.result.time_s,
        exchanges=exchanges(test.events),
        comparisons=comparisons(run.measured),
        measurements=tuple(run.measurements),
        diagnosis=test.diagnosis,
    )


def _with_times(
    results: list[TestResult], ended: Sequence[tuple[str, Session]]
) -> list[TestResult]:
    """Puts each process's CPU time at its task's first test. The processes die while the next tasks are judged."""
    used: dict[str, float] = {}
    for task, session in ended:
        usage = session.usage()
        used[task] = usage.cpu_time_s if usage else 0.0
    return [replace(result, student_time_s=used.pop(result.task, 0.0)) for result in results]
