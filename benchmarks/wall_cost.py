"""What the wall costs, engine by engine: starting a student's process, asking it, ending it, keeping it.

    python benchmarks/wall_cost.py [--samples 40] [--starts 30] [--json FILE]

Every round asks every engine with a zygote that this machine offers once, each round in another
order, so that all of them meet the same load; compare within one run. What each row is stands in
benchmarks/README.md. Engine `process`, no isolation at all, is a new interpreter per task; it comes
last and shows what a warm zygote saves.
"""

import argparse
import contextlib
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import private_place

from autograder.errors import IsolationError
from autograder.records import Isolation
from autograder.sandbox import canary, engine
from autograder.sandbox.session import Session
from autograder.worker.request import SandboxLimits

START, CANARY = "engine start until warm", "canary"
GREETING = "fork to ready"
FIRST = "fork to first answer"
SECOND = "second call"
TENSOR = "1 MiB tensor there and back"
TEARDOWN = "teardown"
PSS, PRIVATE, TABLES = "live process, Pss", "live process, private", "live process, page tables"
#: Rows of the table with their unit and what a value in SI (s, bytes) is multiplied with.
ROWS = {
    **dict.fromkeys((GREETING, FIRST, SECOND, TENSOR, TEARDOWN, CANARY, START), ("ms", 1e3)),
    **dict.fromkeys((PSS, PRIVATE, TABLES), ("MiB", 1 / (1 << 20))),
}

_FILE = {"trivial.py": b"def f(x):\n    return x\n"}
_TENSOR_BYTES = 1 << 20
_TIME_S = 120.0
_UNCOUNTED = 3


class Wall:
    """One engine under a clock, and what was measured of it."""

    def __init__(self, level: Isolation) -> None:
        import torch

        self.level = level
        self.values: dict[str, list[float]] = {row: [] for row in ROWS}
        self._small, self._large = torch.zeros(7), torch.zeros(_TENSOR_BYTES // 4)
        self._engine = self._start()
        self.description = self._engine.description
        session = Session(self._engine.spawner().spawn(SandboxLimits()))
        self._flat = session.flatten(_FILE, ["f"], time_s=_TIME_S)
        _end(session)

    def measure(self, *, keep: bool) -> None:
        """One student's process from its fork to its end."""
        before = set(private_place.descendants())
        marks = [time.perf_counter()]
        session = Session(self._engine.spawner().spawn(SandboxLimits()))
        session._greet()
        marks.append(time.perf_counter())
        session.load(self._flat, cell_time_s=_TIME_S, time_s=_TIME_S)
        for argument in (self._small, self._small, self._large):
            session.call("f", [argument], {}, seed=0, device="cpu", time_s=_TIME_S)
            marks.append(time.perf_counter())
        memory = _memory(set(private_place.descendants()) - before)
        started = time.perf_counter()
        _end(session)
        if keep:
            start, ready, first, second, tensor = marks
            times = {GREETING: ready - start, FIRST: first - start, SECOND: second - first,
                     TENSOR: tensor - second, TEARDOWN: time.perf_counter() - started}  # fmt: skip
            for row, value in {**times, **memory}.items():
                self.values[row].append(value)

    def restart(self, decoy: Path) -> None:
        """Ends the engine and starts it again, with a canary: once per class."""
        self._engine.close()
        started = time.perf_counter()
        self._engine = self._start()
        self.values[START].append(time.perf_counter() - started)
        started = time.perf_counter()
        canary.run(self._engine.spawner(), self.level, self.level, self.description, decoy)
        self.values[CANARY].append(time.perf_counter() - started)

    def close(self) -> None:
        """Ends the engine."""
        self._engine.close()

    def _start(self) -> engine.Engine:
        started = engine.start(self.level)
        engine.await_ready(started)
        return started


def _end(session: Session) -> None:
    session.kill()
    if session.usage() is None:
        raise SystemExit("a sandboxed process was not gone within its time")


def _memory(pids: set[int]) -> dict[str, float]:
    """Bytes of these processes as the kernel counts them; empty where we may not ask."""
    total = dict.fromkeys((PSS, PRIVATE, TABLES), 0.0)
    for pid in pids:
        try:
            sizes = _kilobytes(Path(f"/proc/{pid}/smaps_rollup"))
            status = _kilobytes(Path(f"/proc/{pid}/status"))
        except OSError:  # only root may ask this of a confined process
            return {}
        total[PSS] += 1024 * sizes["Pss"]
        total[PRIVATE] += 1024 * (sizes["Private_Clean"] + sizes["Private_Dirty"])
        total[TABLES] += 1024 * status["VmPTE"]
    return total


def _kilobytes(file: Path) -> dict[str, int]:
    rows = (line.split() for line in file.read_text().splitlines())
    return {row[0].removesuffix(":"): int(row[1]) for row in rows if row[-1] == "kB"}


def main() -> None:
    """Measures and prints the table."""
    options = _options()
    os.environ["OMP_NUM_THREADS"] = "1"
    private_place.let_others_reach(private_place.pythons())
    import torch

    torch.set_num_threads(1)
    load_before = os.getloadavg()
    refused: dict[str, str] = {}
    with contextlib.ExitStack() as stack:
        walls = list(_walls(refused, stack))
        warm = [wall for wall in walls if wall.level is not Isolation.PROCESS]
        for turn in range(-_UNCOUNTED, options.samples):
            first = turn % len(warm) if warm else 0
            # In turn, since what came before is felt: the next fork after a pause takes longer.
            for wall in (*warm[first:], *warm[:first]):
                wall.measure(keep=turn >= 0)
        for turn in range(-_UNCOUNTED, options.samples):
            for wall in walls:
                if wall not in warm:  # a second each: apart, so that the others need not wait
                    wall.measure(keep=turn >= 0)
        print(f"samples taken, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
        for _ in range(options.starts):
            for wall in warm:  # `process` has no zygote, and no canary
                wall.restart(Path(__file__))
    report = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "platform": platform.platform()},
        "load_average": {"before": load_before, "after": os.getloadavg()},
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "engines": {
            wall.level.value: {
                "description": wall.description,
                "rows": {row: _summary(values) for row, values in wall.values.items()},
                "all": wall.values,
            }
            for wall in walls
        },
        "not_offered": refused,
    }
    _print(report)
    if options.json is not None:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
        print(f"Written: {options.json}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=40, help="processes per engine")
    parser.add_argument("--starts", type=int, default=30, help="starts per engine")
    parser.add_argument("--json", type=Path, help="write every number there, in s and bytes")
    options = parser.parse_args()
    if options.samples < 1 or options.starts < 0:
        parser.error("--samples must be at least 1 and --starts at least 0")
    return options


def _walls(refused: dict[str, str], stack: contextlib.ExitStack) -> Iterator[Wall]:
    """Every engine that this machine offers, running; the reasons of the others go to `refused`."""
    for level in Isolation:
        try:
            wall = Wall(level)
        except IsolationError as error:
            refused[level.value] = str(error)
        else:
            stack.callback(wall.close)
            yield wall


def _summary(values: Sequence[float]) -> dict[str, float] | None:
    """Median, tenth and ninetieth percentile; None where it was not measured."""
    if not values:
        return None
    tenths = statistics.quantiles([*values, *values], n=10, method="inclusive")
    return {
        "n": len(values), "median": statistics.median(values), "p10": tenths[0], "p90": tenths[-1],
    }  # fmt: skip


def _print(report: dict[str, Any]) -> None:
    engines = report["engines"]
    print(f"{'median (p10 - p90)':32}" + "".join(f"{name:>20}" for name in engines))
    rule = "-" * (32 + 20 * len(engines))
    print(rule)
    for row, (unit, factor) in ROWS.items():
        cells = [_cell(about["rows"][row], factor) for about in engines.values()]
        print(f"{f'{row}, {unit}':32}" + "".join(f"{cell:>20}" for cell in cells))
    print(rule)
    for name, about in engines.items():
        counts = sorted({v["n"] for v in about["rows"].values() if v is not None})
        print(f"{name}: {about['description']}; n = {', '.join(map(str, counts))}")
    for name, why in report["not_offered"].items():
        print(f"{name}: not offered here: {why}")
    load, machine = report["load_average"], report["machine"]
    print(
        f"{machine['cores']} cores, {machine['platform']}, load average {load['before'][0]:.2f} "
        f"before, {load['after'][0]:.2f} after; "
        + ", ".join(f"{name} {number}" for name, number in report["versions"].items())
    )


def _cell(summary: dict[str, float] | None, factor: float) -> str:
    if summary is None:
        return "-"
    middle, low, high = (factor * summary[key] for key in ("median", "p10", "p90"))
    digits = 2 if middle < 10 else 1 if middle < 100 else 0
    return f"{middle:.{digits}f} ({low:.{digits}f} - {high:.{digits}f})"


if __name__ == "__main__":
    main()
