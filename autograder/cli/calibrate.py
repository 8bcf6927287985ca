"""`autograder calibrate`: how far right and wrong submissions lie apart, and where thresholds belong."""

import hashlib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import mean, stdev
from typing import Final

from rich.console import Console
from rich.table import Table

from autograder.cli.orders import order_for
from autograder.cli.progress import GradingProgress
from autograder.errors import CourseError
from autograder.judging.calibration import calibration_file
from autograder.proving.calibrate import Calibrated, Measured, calibrate
from autograder.records import Isolation
from autograder.reporting.files import write_atomically

_MOST_ROWS: Final = 30


def calibrate_command(
    assignment: str,
    *,
    runs: int,
    threads: str,
    seed: str,
    write: bool,
    plot: Path | None,
    device: str | None,
    isolation: Isolation | None,
    course: Path | None,
) -> int:
    """Calibrates an assignment, prints what was found, and writes it where that was asked for.

    Returns:
        The exit code: 0, or 1 where no tolerance tells right from wrong.
    """
    counts = _threads(threads)
    if plot is not None:
        from autograder.proving.plot import check_plot  # noqa: PLC0415  # imports matplotlib

        check_plot(plot)
    progress = Console(stderr=True)
    order = order_for(
        assignment, course=course, device=device, isolation=isolation, console=progress
    )
    with GradingProgress(progress) as watcher:
        found = calibrate(
            order,
            runs=runs,
            threads=counts,
            secret=hashlib.sha256(f"autograder calibrate {seed}".encode()).digest(),
            now=datetime.now(UTC),
            watcher=watcher,
            say=partial(progress.print, markup=False, highlight=False),
        )
    console = Console(highlight=False)
    _print(console, found)
    if plot is not None:
        from autograder.proving.plot import plot_measurements  # noqa: PLC0415

        plot_measurements(found, plot)
        console.print(f"Written: {plot}", markup=False)
    if write and not found.faults:
        path = calibration_file(order.root / "tests" / "hidden" / assignment, order.device)
        write_atomically(path, (found.calibration.model_dump_json(indent=2) + "\n").encode())
        console.print(f"Written: {path}", markup=False)
    return 1 if found.faults else 0


def _threads(text: str) -> tuple[int, ...]:
    """The numbers in "1,2".

    Raises:
        CourseError: It holds something else.
    """
    try:
        counts = tuple(int(part) for part in text.split(","))
    except ValueError:
        counts = ()
    if not counts or min(counts) < 1:
        message = (
            f'--threads "{text}": expected numbers above 0 with commas between them, as in 1,2.'
        )
        raise CourseError(message)
    return counts


def _print(console: Console, found: Calibrated) -> None:
    console.print("strain: the error in units of what is allowed; above 1 an answer is wrong.")
    console.print(
        f"{'right':>9}{'wrong':>10}{'rtol':>10}  test (right: the greatest, wrong: the least)"
    )
    for test, record in sorted(
        found.calibration.strains.items(), key=lambda entry: -entry[1].right_greatest
    ):
        wrong = "" if record.wrong_least is None else f"{record.wrong_least:.3g}"
        rtol = "kept" if record.rtol is None else f"{record.rtol:.1e}"
        nearest = f" ({record.nearest_wrong})" if record.nearest_wrong else ""
        line = f"{record.right_greatest:9.2g}{wrong:>10}{rtol:>10}  {test}{nearest}"
        console.print(line, markup=False, soft_wrap=True)
    for dtype, (greatest, count) in found.by_dtype.items():
        console.print(
            f"{dtype}: {count} right values, greatest strain {greatest:.2g}", markup=False
        )
    for name, measured in found.measurements.items():
        _print_measurement(console, found, name, measured)
    for fault in found.faults:
        console.print(f"to mend: {fault}", style="red", markup=False)


def _print_measurement(
    console: Console, found: Calibrated, name: str, measured: tuple[Measured, ...]
) -> None:
    threshold = found.calibration.thresholds[name]
    values = [value for one in measured if one.right for value in one.values]
    table = Table(name, "", "runs", "least", "mean", "greatest")
    wrong = sorted((one for one in measured if not one.right), key=lambda one: -max(one.values))
    table.add_row(
        "all right ones",
        "",
        str(len(values)),
        f"{min(values):.4f}",
        f"{mean(values):.4f}",
        f"{max(values):.4f}",
    )
    for one in wrong[:_MOST_ROWS]:
        seen = "" if max(one.values) >= threshold.value else "rejected"
        table.add_row(
            one.submission, seen, str(len(one.values)), f"{min(one.values):.4f}",
            f"{mean(one.values):.4f}", f"{max(one.values):.4f}",
        )  # fmt: skip
    console.print(table)
    spread = stdev(values) if len(values) > 1 else 0.0
    console.print(
        f"threshold for {name}: {threshold.value:g}, the least of {threshold.right_runs} right runs (mean "
        f"{threshold.right_mean:.4f}, standard deviation {spread:.4f}). A right submission misses it twice with a "
        f"probability of {threshold.false_fail:.1e}, whatever the distribution: 2 / ((n + 1) (n + 2)).",
        markup=False,
        soft_wrap=True,
    )
    if threshold.nearest_wrong_greatest is not None:
        console.print(
            f"nearest wrong one below it: {threshold.nearest_wrong}, {threshold.nearest_wrong_greatest:.4f}",
            markup=False,
        )
