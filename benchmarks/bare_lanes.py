"""The two bare lanes of the benchmark, each a warm helper process that answers lines of JSON.

    python benchmarks/bare_lanes.py wall|loop

`wall` is what the sandbox costs where the submission costs nothing: the same processes as for a
real grading, a trivial file, one call per task. `loop` is the opposite: submissions in this very
process, without any sandbox, judge or comparison; the code is run once and gets every call that
the hidden suite makes. Only the course's own samples are run so, never anything that a student
handed in.
"""

import contextlib
import importlib.util
import inspect
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from cpu_counter import CpuCounter

COURSE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Sample:
    """One submission's worth of work, in seconds."""

    wall_s: float
    cpu_s: float


def main() -> None:
    """Answers every line `{"paths": [...], "tasks": 5}` with a list of samples, one per path."""
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    counter = CpuCounter.start()  # before the engine, so that its processes inherit it
    lane: _Wall | _Loop = _Wall(counter) if sys.argv[1] == "wall" else _Loop(counter)
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
    def __init__(self, counter: CpuCounter) -> None:
        import torch

        from autograder.submission.stand_ins import install

        torch.set_num_threads(1)
        install()
        self._counter = counter
        self._calls = _recorded_calls()
        self._folder = tempfile.TemporaryDirectory()  # what a submission writes beside itself
        os.chdir(self._folder.name)
        self.about = {"calls": len(self._calls)}

    def measure(self, path: Path, _: int) -> Sample:
        """Runs a submission's cells once, then makes every call."""
        import torch

        from autograder.submission.execute import load
        from autograder.submission.flatten import flatten

        entry_points = list(dict.fromkeys(name for name, _ in self._calls))
        flat = flatten(_files(path), entry_points)
        finders, arguments = list(sys.meta_path), list(sys.argv)
        calls = [(name, [_copy(value) for value in args]) for name, args in self._calls]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            cpu_s, started = self._counter.read_s(), time.perf_counter()
            module, _report = load(flat, cell_time_s=10, total_time_s=30)
            for name, args in calls:
                # A wrong submission may raise: that is its computing, too.
                with contextlib.suppress(Exception):
                    getattr(module, name)(*args)
            sample = Sample(time.perf_counter() - started, self._counter.read_s() - cpu_s)
        # One process for all of them: what one submission changed must not reach the next.
        sys.meta_path[:], sys.argv[:] = finders, arguments
        torch.set_default_dtype(torch.float32)
        torch.set_grad_enabled(True)
        return sample


def _files(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {
        str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()
    }


def _copy(value: Any) -> Any:
    return value.clone()  # every argument of the suite is a tensor


def _recorded_calls() -> list[tuple[str, list[Any]]]:
    """Every call that the hidden suite makes, with inputs drawn as it draws them, under a key of no course."""
    from autograder.judging.draw import Draw

    suite = _module(COURSE / "tests" / "hidden" / "chain_rule" / "test_chain_rule.py")
    reference = _module(COURSE / "reference" / "chain_rule.py")
    calls: list[tuple[str, list[Any]]] = []

    def record(name: str, *args: Any) -> None:
        calls.append((name, list(args)))

    names = [name for name in vars(reference) if name.endswith("_gradients")]
    fixtures: dict[str, Any] = {
        "student": SimpleNamespace(**{name: partial(record, name) for name in names}),
        "reference": reference,
        "close": lambda actual, expected: None,  # noqa: ARG005
    }
    for name, test in vars(suite).items():
        if name.startswith("test_"):
            own: dict[str, Callable[..., Any]] = {**fixtures, "draw": Draw(bytes(32), name).draw}
            test(**{fixture: own[fixture] for fixture in inspect.signature(test).parameters})
    return calls


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
