"""The two bare lanes of the benchmark, each a warm helper process that answers lines of JSON.

    python benchmarks/bare_lanes.py wall
    python benchmarks/bare_lanes.py loop ASSIGNMENT

`wall` is what the sandbox costs where the submission costs nothing: the same processes as for a
real grading, a trivial file, one call per task. `loop` is the opposite: submissions in this very
process, without any sandbox, judge or comparison; the code is run once and gets every call that
the hidden suite makes. Only the course's own samples are run so, never anything that a student
handed in.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from cpu_counter import CpuCounter

from autograder.settings.assignment import load_assignment
from autograder.settings.course import load_course

COURSE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Sample:
    """One submission's worth of work, in seconds."""

    wall_s: float
    cpu_s: float


def main() -> None:
    """Answers every line `{"paths": [...], "tasks": 5}` with a list of samples, one per path."""
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    counter = CpuCounter.start()  # before the engine, so that its processes inherit it
    if sys.argv[1] == "wall":
        _answer(_Wall(counter))
    else:
        _Loop(counter, sys.argv[2]).serve(_answer)


def _answer(lane: "_Wall | _Loop") -> None:
    print(json.dumps(lane.about), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        samples = [lane.measure(Path(path), request["tasks"]) for path in request["paths"]]
        print(json.dumps([asdict(sample) for sample in samples]), flush=True)


class _Wall:
    def __init__(self, counter: CpuCounter) -> None:
        import torch

        from autograder.records import Isolation
        from autograder.sandbox import engine
        from autograder.worker.request import SandboxLimits

        torch.set_num_threads(1)
        self._counter = counter
        required = Isolation.LANDLOCK
        self._engine = engine.strongest([i for i in Isolation if i.satisfies(required)])
        self._spawner = self._engine.spawner()
        self._limits = SandboxLimits()
        self._argument = torch.zeros(7)
        self.about = {"engine": self._engine.description}

    def measure(self, _: Path, tasks: int) -> Sample:
        """One intake process and one process per task, the next one started ahead as the judge does."""
        from autograder.sandbox.session import Session

        cpu_s, started = self._counter.read_s(), time.perf_counter()
        sessions = [Session(self._spawner.spawn(self._limits)) for _ in range(2)]
        files = {"trivial.py": b"def f(x):\n    return x\n"}
        flat = sessions[0].flatten(files, ["f"], time_s=20)
        sessions[0].kill()
        for task in range(tasks):
            session = sessions[-1]
            if task + 1 < tasks:
                sessions.append(Session(self._spawner.spawn(self._limits)))
            session.load(flat, cell_time_s=10, time_s=30)
            session.call("f", [self._argument], {}, seed=0, device="cpu", time_s=10)
            session.kill()
        for session in sessions:
            if session.usage() is None:
                raise RuntimeError("a sandboxed process was not gone within its time")
        return Sample(time.perf_counter() - started, self._counter.read_s() - cpu_s)


class _Loop:
    """The hidden suite on a submission in this very process, with a clock around the submission's part."""

    def __init__(self, counter: CpuCounter, name: str) -> None:
        import torch

        from autograder.submission.stand_ins import install

        torch.set_num_threads(1)
        install()
        self._counter = counter
        self._name = name
        self._folder = tempfile.TemporaryDirectory()  # what a submission writes beside itself
        os.chdir(self._folder.name)
        entry_points = [task.entry_point for task in load_assignment(COURSE, name).tasks.values()]
        self._entry_points = list(dict.fromkeys(entry_points))
        self.about: dict[str, object] = {}

    def serve(self, answer: Callable[["_Loop"], None]) -> None:
        """Collects the suite, rehearses it, and answers requests with its tests at hand."""
        from autograder.judging.plugin import GradingPlugin
        from autograder.judging.suite import collect, load_reference
        from autograder.running.data import prepared_data

        def judge(items: Sequence[Any]) -> None:
            self._items = items
            failed = plugin.rehearse(items, bytes(32))
            assert not failed, failed
            exam = _BareExam(load_reference(reference), self._counter)
            plugin.judge(items, exam)
            self.about = {"calls": exam.calls}
            self._plugin = plugin
            answer(self)

        data = prepared_data(
            COURSE,
            load_course(COURSE),
            load_assignment(COURSE, self._name),
            os.environ,
            say=lambda line: print(line, file=sys.stderr),
        )
        reference = COURSE / "reference" / f"{self._name}.py"
        plugin = GradingPlugin(load_reference(reference), data, judge)
        collect(COURSE / "tests" / "hidden" / self._name, plugin)

    def measure(self, path: Path, _: int) -> Sample:
        """Runs a submission's cells once, then every call of the suite."""
        import torch

        from autograder.submission.execute import load
        from autograder.submission.flatten import flatten

        flat = flatten(_files(path), self._entry_points)
        finders, arguments = list(sys.meta_path), list(sys.argv)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            cpu_s, started = self._counter.read_s(), time.perf_counter()
            module, _report = load(flat, cell_time_s=10, total_time_s=30)
            loaded = Sample(time.perf_counter() - started, self._counter.read_s() - cpu_s)
            exam = _BareExam(module, self._counter)
            self._plugin.judge(self._items, exam)
        # One process for all of them: what one submission changed must not reach the next.
        sys.meta_path[:], sys.argv[:] = finders, arguments
        torch.set_default_dtype(torch.float32)
        torch.set_grad_enabled(True)
        return Sample(loaded.wall_s + exam.wall_s, loaded.cpu_s + exam.cpu_s)


class _BareExam:
    """Stands in for an exam: no process, no wall, and a clock that runs while the submission has its turn."""

    def __init__(self, module: ModuleType, counter: CpuCounter) -> None:
        self.rules = SimpleNamespace(key=bytes(32), device="cpu")
        self.wall_s = self.cpu_s = 0.0
        self.calls = 0
        self._counter = counter
        from autograder.judging.student import Understudy

        self._understudy = Understudy(module)

    def begin(self) -> "_BareExam":
        return self

    def end(self) -> SimpleNamespace:
        return SimpleNamespace(usage=lambda: None)

    def close(self) -> None:
        """Nothing was started."""

    def call(self, *request: Any) -> Any:
        return self._timed(self._understudy.call, *request)

    def verb(self, *request: Any) -> Any:
        return self._timed(self._understudy.verb, *request)

    def give(self, *request: Any) -> Any:
        return self._timed(self._understudy.give, *request)

    def _timed(self, do: Callable[..., Any], *request: Any) -> Any:
        self.calls += 1
        cpu_s, started = self._counter.read_s(), time.perf_counter()
        try:
            return do(*request)
        finally:
            self.wall_s += time.perf_counter() - started
            self.cpu_s += self._counter.read_s() - cpu_s


def _files(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {
        str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()
    }


if __name__ == "__main__":
    main()
