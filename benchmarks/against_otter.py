"""Times a grading beside `otter run`, beside the bare wall and beside the student's code alone.

    python benchmarks/against_otter.py [--submissions 50] [--otter-runs 7] [--json FILE]

Wall times on a shared machine are worth little by themselves, so every lane runs in every round, in
turn, and ratios are taken within this one run. CPU time (user and system, all processes, see
cpu_counter.py) is the steadier column. What each lane does stands in benchmarks/README.md.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import otter_assignment
from cpu_counter import CpuCounter
from lanes import Helper, Lane, time_class
from otter_assignment import OtterAssignment

from autograder.records import RunRecord, Submission
from autograder.running.batch import Order
from autograder.running.collect import collect
from autograder.running.workshop import cores
from autograder.settings.assignment import load_assignment
from autograder.settings.course import load_course

COURSE = Path(__file__).resolve().parents[1]
_SAMPLES = COURSE / "tests" / "hidden" / "chain_rule"

# The lanes, as the table names them.
OTTER = "otter run"
OURS = "ours, one at a time"
GRADE_TIME = "  - in the grader process"
STUDENT_TIME = "  - in the student's processes"
OURS_TOGETHER = "ours, all cores"
START = "ours, start of a class (once)"
WHOLE = "ours, start shared by the class"
WALL = "bare wall, one at a time"
LOOP = "student's code in a bare loop"


class Benchmark:
    """All lanes over one set of submissions."""

    def __init__(self, counter: CpuCounter, folder: Path) -> None:
        self._counter = counter
        self._folder = folder
        self._course = load_course(COURSE)
        self._assignment = load_assignment(COURSE, "chain_rule")
        self.tasks = len(self._assignment.tasks)
        self.lanes = {
            name: Lane()
            for name in (
                *(OTTER, OURS, GRADE_TIME, STUDENT_TIME, OURS_TOGETHER),
                *(START, WHOLE, WALL, LOOP),
            )
        }
        self.run_record: RunRecord | None = None

    def otter(self, assignment: OtterAssignment, *, keep: bool) -> None:
        """One `otter run` of a right submission, which must come out right."""
        cpu_s, started = self._counter.read_s(), time.perf_counter()
        finished = subprocess.run(
            [otter_assignment.otter_program(), "run", "--no-logo",
             "-a", str(assignment.autograder), "-o", str(self._folder), str(assignment.notebook)],
            cwd=self._folder, check=False, capture_output=True, text=True,
        )  # fmt: skip
        wall_s, cpu_s = time.perf_counter() - started, self._counter.read_s() - cpu_s
        if finished.returncode:
            raise SystemExit(f"otter run failed:\n{finished.stdout}\n{finished.stderr}")
        result = self._folder / "results.json"
        tests = json.loads(result.read_text())["tests"]
        result.unlink()  # a run that writes none must not be taken for a right one
        score = sum(test.get("score", 0.0) for test in tests)
        if score != assignment.points:
            raise SystemExit(f"otter gave {score} of {assignment.points} points:\n{tests}")
        if keep:
            self.lanes[OTTER].add(wall_s, cpu_s)

    def ours(self, submissions: Sequence[Submission], *, together: bool) -> None:
        """A class of these submissions, one at a time or on all cores."""
        course = self._course.model_copy(update={"parallel": "auto" if together else 1})
        order = Order(COURSE, course, self._assignment, None, "cpu", again=True)
        times = time_class(order, submissions, self._counter)
        self.run_record = times.run
        self.lanes[START].add(*times.start)
        if together:
            ((wall_s, cpu_s),) = times.each
            self.lanes[OURS_TOGETHER].add(wall_s, cpu_s, gradings=len(submissions))
            return
        for wall_s, cpu_s in times.each:
            self.lanes[OURS].add(wall_s, cpu_s)
        for grader_s, student_s in zip(times.grader_s, times.student_cpu_s, strict=True):
            self.lanes[GRADE_TIME].add(grader_s, None)
            self.lanes[STUDENT_TIME].add(None, student_s)


def main() -> None:
    """Runs the rounds and prints the table."""
    options = _options()
    counter = CpuCounter.start()  # before anything is started, so that it is inherited by all
    load_before = os.getloadavg()
    paths, submissions = _spread(options.submissions)
    rounds = options.otter_runs
    with tempfile.TemporaryDirectory() as folder:
        benchmark = Benchmark(counter, Path(folder))
        lanes = benchmark.lanes
        assignment = otter_assignment.build(COURSE, Path(folder))
        wall, loop = Helper("wall"), Helper("loop", "chain_rule")
        # What is first pays for cold files and torch's first use of everything: not counted.
        benchmark.otter(assignment, keep=False)
        for helper in (wall, loop):
            helper.measure(None, paths[:5], benchmark.tasks)
        for turn in range(rounds):
            print(f"round {turn + 1}/{rounds}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
            benchmark.otter(assignment, keep=True)
            mine = slice(turn, None, rounds)
            benchmark.ours(submissions[mine], together=False)
            wall.measure(lanes[WALL], paths[mine], benchmark.tasks)
            loop.measure(lanes[LOOP], paths[mine], benchmark.tasks)
            benchmark.ours(submissions[mine], together=True)
        wall.close()
        loop.close()
    report = _report(benchmark, assignment, loop.about["calls"], len(paths), load_before)
    _print(report)
    if options.json is not None:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
        print(f"Written: {options.json}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=50, help="gradings per lane of ours")
    parser.add_argument("--otter-runs", type=int, default=7, help="runs of otter, and rounds")
    parser.add_argument("--json", type=Path, help="write every number there")
    options = parser.parse_args()
    if not 1 <= options.otter_runs <= options.submissions:
        parser.error("--submissions must be at least --otter-runs, and that at least 1")
    return options


def _spread(count: int) -> tuple[list[Path], list[Submission]]:
    """So many of the samples, right and wrong, evenly over both folders; again where they run out."""
    known = {
        submission.source: submission
        for kind in ("right", "wrong")
        for submission in collect(_SAMPLES / kind, None, limit_mb=20)
    }
    files = [
        path
        for kind in ("right", "wrong")
        for path in sorted((_SAMPLES / kind).iterdir())
        if not path.name.startswith((".", "__"))
    ]
    step = max(1.0, len(files) / count)
    paths = [files[int(number * step) % len(files)] for number in range(count)]
    return paths, [known[path.name if path.is_dir() else path.stem] for path in paths]


def _report(
    benchmark: Benchmark,
    assignment: OtterAssignment,
    calls: int,
    class_size: int,
    load_before: tuple[float, float, float],
) -> dict[str, Any]:
    assert benchmark.run_record is not None
    lanes = benchmark.lanes
    lanes[WHOLE] = _whole(lanes, class_size)
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": cores(), "platform": platform.platform()},
        "load_average": {"before": load_before, "after": os.getloadavg()},
        "versions": {
            **dict(benchmark.run_record.versions),
            **{name: version(name) for name in ("otter-grader", "ipykernel", "nbconvert")},
        },
        "isolation": benchmark.run_record.isolation.level,
        "assignment": {
            "tasks": benchmark.tasks,
            "hidden_tests": assignment.tests,
            "calls": calls,
            "points": assignment.points,
        },
        "class_size": class_size,
        "lanes": {
            name: {
                "gradings": lane.gradings,
                "wall_s": _summary(lane.wall_s),
                "cpu_s": _summary(lane.cpu_s),
                "all": asdict(lane),
            }
            for name, lane in lanes.items()
        },
        "ratios": [
            {
                "of": f"{above} / {below}",
                "wall": _ratio(lanes[above].wall_s, lanes[below].wall_s),
                "cpu": _ratio(lanes[above].cpu_s, lanes[below].cpu_s),
            }
            for above, below in (
                (OTTER, OURS), (OTTER, OURS_TOGETHER), (OTTER, WHOLE), (OURS, WALL), (OURS, LOOP),
            )
        ],
    }  # fmt: skip


def _whole(lanes: dict[str, Lane], class_size: int) -> Lane:
    """What one grading costs with its share of the start: computed, not measured again."""
    start, each = lanes[START], lanes[OURS_TOGETHER]
    return Lane(
        [time_s + statistics.median(start.wall_s) / class_size for time_s in each.wall_s],
        [time_s + statistics.median(start.cpu_s) / class_size for time_s in each.cpu_s],
        each.gradings,
    )


def _summary(values: Sequence[float]) -> dict[str, float] | None:
    """Median, tenth and ninetieth percentile; None where it was not measured."""
    if not values:
        return None
    # Twice: a single value has no quantiles, and of several they stay the same but for a hair.
    tenths = statistics.quantiles([*values, *values], n=10, method="inclusive")
    return {"median": statistics.median(values), "p10": tenths[0], "p90": tenths[-1]}


def _ratio(above: Sequence[float], below: Sequence[float]) -> float | None:
    first, second = _summary(above), _summary(below)
    return first["median"] / second["median"] if first and second else None


def _print(report: dict[str, Any]) -> None:
    rule = "-" * 88
    print(f"{'':32}{'n':>4}{'wall, ms':>12}{'p10 - p90':>15}{'CPU, ms':>10}{'p10 - p90':>15}")
    print(rule)
    for name, lane in report["lanes"].items():
        wall, walls = _cells(lane["wall_s"])
        cpu, cpus = _cells(lane["cpu_s"])
        print(f"{name:32}{lane['gradings']:>4}{wall:>12}{walls:>15}{cpu:>10}{cpus:>15}")
    print(rule)
    for ratio in report["ratios"]:
        wall, cpu = ("-" if ratio[k] is None else f"{ratio[k]:.1f}" for k in ("wall", "cpu"))
        print(f"{ratio['of']:60}{wall:>8} wall{cpu:>8} CPU")
    if report["lanes"][OURS]["cpu_s"] is None:
        print("CPU time: this system gives no event counter (see kernel.perf_event_paranoid).")
    about, load = report["assignment"], report["load_average"]
    print(
        f"\nPer submission of chain_rule: {about['tasks']} tasks, {about['hidden_tests']} hidden "
        f"tests, {about['calls']} calls; medians. "
        f"A class has {report['class_size']}.\nIsolation {report['isolation']}, "
        f"{report['machine']['cores']} cores, load average {load['before'][0]:.2f} before, "
        f"{load['after'][0]:.2f} after (this benchmark's own load included)."
    )
    print(", ".join(f"{name} {number}" for name, number in report["versions"].items()))


def _cells(summary: dict[str, float] | None) -> tuple[str, str]:
    if summary is None:
        return "-", ""
    middle, low, high = (1000 * summary[key] for key in ("median", "p10", "p90"))
    digits = 2 if middle < 10 else 0
    return f"{middle:.{digits}f}", f"{low:.{digits}f} - {high:.{digits}f}"


if __name__ == "__main__":
    main()
