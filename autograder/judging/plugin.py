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
from typing import TYPE_CHECKING, Any

import pytest
import torch

from autograder.errors import AutograderError, CourseError, GraderError
from autograder.judging.compare import Mismatch, close
from autograder.judging.draw import Draw, Stream
from autograder.judging.exam import Exam, TaskRun
from autograder.judging.marks import TaskMark, task_mark
from autograder.judging.outcomes import is_stumble, outcome_of, outcome_of_stumble
from autograder.judging.score import TestResult
from autograder.judging.student import Callee, Given, Noting, Student, Understudy
from autograder.records import Outcome
from autograder.sandbox.session import Session

if TYPE_CHECKING:
    from autograder.datasets.mnist import Mnist


class GradingPlugin:
    """Judges the collected suite, one submission per forked process.

    Args:
        reference: The oracle's module.
        data: Prepared data sets that the assignment asks for, by name.
        serve: Called when the suite is collected; returns when the process is to end.
    """

    def __init__(
        self,
        reference: ModuleType,
        data: Mapping[str, Path],
        serve: Callable[[Sequence[pytest.Item]], None],
    ) -> None:
        self._reference = reference
        self._data = data
        self._built: dict[str, Any] = {}
        self._serve = serve
        self._key = b""
        self._device = "cpu"
        self._callee: Callee | None = None
        self._failure: tuple[Outcome, str, str] | None = None
        self._answered = False
        self._stumbled = False
        self.collection_errors: list[str] = []
        self.error: AutograderError | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Registers the marker."""
        config.addinivalue_line(
            "markers", "task(id, points, after=None, hint=''): a test of a task"
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

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Student:
        """The submission: `student.f(x)` calls its entry point `f`."""
        assert self._callee is not None, "a hidden test runs within a task"
        return Student(self._noting(self._callee), request.node.nodeid)

    @pytest.fixture
    def given(self, request: pytest.FixtureRequest) -> Given:
        """Models and optimisers of torch, made on the submission's side."""
        assert self._callee is not None, "a hidden test runs within a task"
        return Given(self._noting(self._callee), request.node.nodeid)

    @pytest.fixture
    def once(self) -> Callable[[str, Callable[[], Any]], Any]:
        """`once(name, build)`: what `build` made in the rehearsal, in memory that all graders of the run share."""
        return self._once

    @pytest.fixture
    def mnist(self) -> "Mnist":
        """MNIST's images and labels, for the grader's eyes."""
        if "mnist" not in self._data:
            message = "the fixture mnist needs the line `data: [mnist]` in assignment.yml"
            raise CourseError(message)
        from autograder.datasets.mnist import load  # noqa: PLC0415  # most suites use no data

        return load(self._data["mnist"])

    @pytest.fixture
    def reference(self) -> ModuleType:
        """The oracle: the module reference/<assignment>.py."""
        return self._reference

    @pytest.fixture
    def close(self) -> Callable[..., None]:
        """Compares fairly and strictly, see `autograder.judging.compare.close`."""
        return close

    @pytest.fixture
    def draw(self, request: pytest.FixtureRequest) -> Callable[..., Stream]:
        """Secret streams of this test, see `autograder.judging.draw`."""
        return Draw(self._key, request.node.nodeid).draw

    @pytest.fixture
    def device(self) -> str:
        """Where the submission computes: "cpu" or "cuda"."""
        return self._device

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: "pytest.CallInfo[None]"
    ) -> pytest.TestReport:
        """Turns what a test raised into an outcome; the first thing that went wrong counts.

        Takes the place of pytest's own report, whose rendering of a failure with its source costs 0.3 s at first use
        and is read by nobody.
        """
        if self._failure is None and call.excinfo is not None:
            error = call.excinfo.value
            self._stumbled = call.when == "call" and self._answered and is_stumble(error)
            self._failure = outcome_of_stumble(error) if self._stumbled else outcome_of(error)
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

    def judge(self, items: Sequence[pytest.Item], exam: Exam) -> list[TestResult]:
        """Runs every test on one submission, a fresh confined process per task.

        Args:
            items: The collected tests, those of one task in a row.
            exam: The submission, opened.
        """
        self._key, self._device = exam.rules.key, exam.rules.device
        results: list[TestResult] = []
        ended: list[tuple[str, Session]] = []
        run: TaskRun | None = None
        for position, item in enumerate(items):
            mark = task_mark(item)
            if run is None:
                self._callee = run = exam.begin()
            following = items[position + 1] if position + 1 < len(items) else None
            results.append(self._judge_one(item, following, mark, results))
            if self._stumbled:
                exam.reviews.append(
                    "A test failed on what the submission returned; is the answer wrong, or the test too narrow? "
                    f"{results[-1].staff_message}"
                )
            if following is None or task_mark(following).task != mark.task:
                ended.append((mark.task, run.end()))
                run = None
        exam.close()
        return _with_times(results, ended)

    def _judge_one(
        self,
        item: pytest.Item,
        following: pytest.Item | None,
        mark: TaskMark,
        before: Sequence[TestResult],
    ) -> TestResult:
        earlier = [result for result in before if result.task == mark.after]
        if mark.after is not None and not any(r.outcome is Outcome.PASSED for r in earlier):
            message = (
                f"Not judged, because it builds on task {mark.after}, which is not passed yet."
            )
            return TestResult(mark.task, mark.points, Outcome.SKIPPED, message, "", 0.0, 0.0)
        started = time.monotonic()
        outcome, message, staff = self._run(item, following)
        if mark.hint and outcome in (Outcome.WRONG, Outcome.RAISED):
            message = f"{message} {mark.hint}"
        if staff:
            staff = f"{item.name}: {staff}"
        time_s = time.monotonic() - started
        return TestResult(mark.task, mark.points, outcome, message, staff, time_s, 0.0)

    def _noting(self, callee: Callee) -> Callee:
        def note() -> None:
            self._answered = True

        return Noting(callee, note)

    def _once(self, name: str, build: Callable[[], Any]) -> Any:
        if name not in self._built:
            self._built[name] = build()
        return self._built[name]

    def _run(self, item: pytest.Item, following: pytest.Item | None) -> tuple[Outcome, str, str]:
        self._failure = None
        self._answered = self._stumbled = False
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        return self._failure or (Outcome.PASSED, "", "")


def _with_times(
    results: list[TestResult], ended: Sequence[tuple[str, Session]]
) -> list[TestResult]:
    """Puts each process's CPU time at its task's first test. The processes die while the next tasks are judged."""
    used: dict[str, float] = {}
    for task, session in ended:
        usage = session.usage()
        used[task] = usage.cpu_time_s if usage else 0.0
    return [replace(result, student_time_s=used.pop(result.task, 0.0)) for result in results]
