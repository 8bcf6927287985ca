"""What the benchmarks share: lanes of measurements, warm helper processes, and a class graded under a clock."""

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from cpu_counter import CpuCounter

from autograder.records import Grade, RunRecord, Status, Submission
from autograder.running.batch import Order, Watcher, grade_class
from autograder.running.workshop import cores
from autograder.store.database import Store


@dataclass(slots=True)
class Lane:
    """Everything measured of one lane, in seconds per submission; a missing column stays empty."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    gradings: int = 0

    def add(self, wall_s: float | None, cpu_s: float | None, *, gradings: int = 1) -> None:
        """Adds one value per column, or none; NaN is what a system without a counter gives."""
        self.wall_s += [] if wall_s is None else [wall_s]
        self.cpu_s += [] if cpu_s is None or math.isnan(cpu_s) else [cpu_s]
        self.gradings += gradings


class Helper:
    """A warm process of bare_lanes.py, which counts its own time."""

    def __init__(self, *arguments: str) -> None:
        program = [sys.executable, str(Path(__file__).with_name("bare_lanes.py")), *arguments]
        self._process = subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.about = self._answer()

    def measure(self, lane: Lane | None, paths: Sequence[Path], tasks: int) -> None:
        """Adds one sample per path to `lane`; None for a round that only warms up."""
        assert self._process.stdin is not None
        request = {"paths": [str(path) for path in paths], "tasks": tasks}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        samples = self._answer()
        if lane is not None:
            for sample in samples:
                lane.add(sample["wall_s"], sample["cpu_s"])

    def close(self) -> None:
        """Ends the process and what it started."""
        self._process.communicate()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a helper of the benchmark ended; its last words stand above")
        return json.loads(line)


class _Clock(Watcher):
    """Notes when each grade is safely in the store: wall clock and CPU time so far, in seconds."""

    def __init__(self, counter: CpuCounter) -> None:
        self._counter = counter
        self.finishes: list[tuple[float, float]] = []

    def finished(self, grade: Grade) -> None:
        """See `Watcher.finished`."""
        del grade
        self.finishes.append(self.now())

    def now(self) -> tuple[float, float]:
        """Wall clock and CPU time, in seconds."""
        return time.perf_counter(), self._counter.read_s()


@dataclass(frozen=True, slots=True)
class ClassTimes:
    """What a class took, in seconds of wall clock and of CPU time.

    Attributes:
        start: Until the first grade.
        each: From grade to grade; one mean value where several were graded at once.
        grader_s: Time in the grader process, per submission.
        student_cpu_s: CPU time of the submission's processes, their forking and confining included.
    """

    start: tuple[float, float]
    each: list[tuple[float, float]]
    grader_s: list[float]
    student_cpu_s: list[float]
    run: RunRecord


def time_class(order: Order, submissions: Sequence[Submission], counter: CpuCounter) -> ClassTimes:
    """Grades a class of these submissions through `grade_class`, into a store of its own.

    Grades come after a start of the workshop that does not depend on their number. So the first grades, one per grader
    at work, are of submissions that are not counted; from there on a clock runs.
    """
    width = cores() if order.course.parallel == "auto" else order.course.parallel
    uncounted = [submissions[number % len(submissions)] for number in range(width)]
    clock = _Clock(counter)
    with tempfile.TemporaryDirectory() as place:
        before = clock.now()
        with Store.open(Path(place) / "store.sqlite") as store:
            graded = grade_class(
                order, [*uncounted, *submissions], store, secret=bytes(32),
                now=datetime.now(UTC), watcher=clock,
            )  # fmt: skip
    for grade in graded.grades:
        if grade.status not in (Status.GRADED, Status.NEEDS_REVIEW):
            raise SystemExit(f"{grade.source} came out as {grade.status}: nothing to time")
    marks = clock.finishes[width - 1 :]
    each = [_between(earlier, later) for earlier, later in pairwise(marks)]
    if width > 1:
        wall_s, cpu_s = _between(marks[0], marks[-1])
        each = [(wall_s / len(submissions), cpu_s / len(submissions))]
    counted = graded.grades[width:]
    return ClassTimes(
        _between(before, clock.finishes[0]),
        each,
        [grade.time_s for grade in counted],
        [sum(task.student_time_s for task in grade.tasks) for grade in counted],
        graded.run,
    )


def _between(earlier: tuple[float, float], later: tuple[float, float]) -> tuple[float, float]:
    return later[0] - earlier[0], later[1] - earlier[1]
