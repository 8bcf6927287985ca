"""The fixtures of hidden tests: the submission, the oracle, secret numbers, comparisons, measurements."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from autograder.errors import CourseError
from autograder.judging.calibration import Calibration
from autograder.judging.compare import Measured, Mismatch, close
from autograder.judging.draw import Draw, Stream
from autograder.judging.student import Callee, Given, Student
from autograder.judging.trace import Recording, Trace
from autograder.records import BEYOND, Measurement, Outcome

if TYPE_CHECKING:
    from autograder.datasets.mnist import Mnist

__all__ = ["HiddenFixtures", "TestRun"]

#: A right submission that misses a threshold once is let try again, with draws of its own.
_TRIES = 2


@dataclass(slots=True)
class TestRun:
    """What happens while one test runs."""

    __test__: ClassVar[bool] = False  # pytest would collect it for its name

    trace: Trace = field(default_factory=Trace)
    measured: list[Measured] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    failure: tuple[Outcome, str, str] | None = None
    stumbled: bool = False


class HiddenFixtures:
    """What a hidden test can ask for by naming it among its arguments.

    Args:
        reference: The oracle's module.
        data: Prepared data sets that the assignment asks for, by name.
        calibration: Thresholds and tolerances that were measured.
        calibrating: True where `at_least` measures and judges nothing.
    """

    def __init__(
        self,
        reference: ModuleType,
        data: Mapping[str, Path],
        calibration: Calibration,
        *,
        calibrating: bool,
    ) -> None:
        self._reference = reference
        self._data = data
        self._calibration = calibration
        self._calibrating = calibrating
        self._built: dict[str, Any] = {}
        self._key = b""
        self._device = "cpu"
        self._callee: Callee | None = None
        self._now = TestRun()
        self._lenient = False

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Student:
        """The submission: `student.f(x)` calls its entry point `f`."""
        assert self._callee is not None, "a hidden test runs within a task"
        return Student(Recording(self._callee, self._now.trace), request.node.nodeid)

    @pytest.fixture
    def given(self, request: pytest.FixtureRequest) -> Given:
        """Models and optimisers of torch, made on the submission's side."""
        assert self._callee is not None, "a hidden test runs within a task"
        return Given(Recording(self._callee, self._now.trace), request.node.nodeid)

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
    def close(self, request: pytest.FixtureRequest) -> Callable[..., None]:
        """Compares fairly and strictly, see `autograder.judging.compare.close`."""
        known = self._calibration.strains.get(request.node.name)
        calibrated = known.rtol if known else None

        def compare(
            actual: object,
            expected: object,
            *,
            rtol: float | None = None,
            atol: float | None = None,
            operations: int | None = None,
        ) -> None:
            if rtol is None and operations is None:
                rtol = calibrated
            note = self._now.measured.append
            try:
                close(actual, expected, rtol=rtol, atol=atol, operations=operations, note=note)
            except Mismatch:
                if not self._lenient:
                    raise

        return compare

    @pytest.fixture
    def at_least(self) -> Callable[[str, Callable[[int], float]], None]:
        """`at_least(name, measure)`: what `measure(try)` gives reaches the calibrated threshold, in one of two tries.

        For what luck has a part in. `measure` draws anew for every try (0 and 1), so that the two are independent: a
        right submission that misses once is run again, and a wrong one is not saved by it.
        """
        return self._at_least

    def _at_least(self, name: str, measure: Callable[[int], float]) -> None:
        threshold = self._calibration.thresholds.get(name)
        if self._calibrating:
            self._measure(name, measure, range(1), None)
            return
        if threshold is None:
            message = f'there is no threshold "{name}" in calibration.json; run `autograder calibrate --write`'
            raise CourseError(message)
        values = self._measure(name, measure, range(_TRIES), threshold.value)
        assert values[-1] >= threshold.value, f"{name} {values}, expected {threshold.value}"

    def _measure(
        self, name: str, measure: Callable[[int], float], tries: range, enough: float | None
    ) -> tuple[float, ...]:
        values: tuple[float, ...] = ()
        for number in tries:
            value = float(measure(number))
            values = (*values, value if math.isfinite(value) else -BEYOND)
            if enough is not None and values[-1] >= enough:
                break
        self._now.measurements.append(Measurement(name, values, enough))
        return values

    @pytest.fixture
    def draw(self, request: pytest.FixtureRequest) -> Callable[..., Stream]:
        """Secret streams of this test, see `autograder.judging.draw`."""
        return Draw(self._key, request.node.nodeid).draw

    @pytest.fixture
    def device(self) -> str:
        """Where the submission computes in this test: "cpu" or "cuda"."""
        return self._device

    def _once(self, name: str, build: Callable[[], Any]) -> Any:
        if name not in self._built:
            self._built[name] = build()
        return self._built[name]
