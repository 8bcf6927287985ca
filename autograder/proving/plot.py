"""Draws what right and wrong submissions measured: one mark a run, one row a submission."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from autograder.errors import CourseError
from autograder.proving.calibrate import Calibrated, Measured

__all__ = ["check_plot", "plot_measurements"]


def check_plot(path: Path) -> None:
    """Refuses, before an hour is spent, what could not be drawn.

    Raises:
        CourseError: There is no matplotlib, or the file's ending is none that it knows.
    """
    try:
        import matplotlib as mpl  # noqa: F401, PLC0415  # an optional dependency
    except ImportError:
        message = "--plot needs matplotlib: pip install matplotlib"
        raise CourseError(message) from None
    if path.suffix not in {".svg", ".png", ".pdf"}:
        message = f"--plot {path}: expected a name that ends in .svg, .png or .pdf."
        raise CourseError(message)


def plot_measurements(found: Calibrated, path: Path) -> None:
    """Draws all measurements of a calibration, one below the other.

    Raises:
        CourseError: There are none, or the file cannot be written.
    """
    if not found.measurements:
        message = f"--plot {path}: no test of this assignment measures anything with `at_least`."
        raise CourseError(message)
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "autograder"  # the same picture, the same file
    from matplotlib import pyplot as plt  # noqa: PLC0415

    rows = [_ordered(measured) for measured in found.measurements.values()]
    figure, all_axes = plt.subplots(
        len(rows), squeeze=False, figsize=(8, sum(0.17 * len(row) + 1.4 for row in rows))
    )
    for axes, (name, _), row in zip(all_axes[:, 0], found.measurements.items(), rows, strict=True):
        threshold = found.calibration.thresholds[name].value
        for height, one in enumerate(row):
            colour = "tab:green" if one.right else "tab:red"
            axes.plot(one.values, [height] * len(one.values), "|", color=colour)
        axes.axvline(threshold, color="black", linewidth=0.8)
        axes.annotate(f"threshold {threshold:g} ", (threshold, len(row)), ha="right", fontsize=8)
        axes.set_yticks(range(len(row)), [one.submission for one in row], fontsize=6)
        axes.set_ylim(-1, len(row) + 1)
        axes.set_xlabel(f"{name}, one mark per run")
        axes.set_title(
            f"{found.calibration.assignment}: right (green) and wrong (red) submissions", fontsize=9
        )
    figure.tight_layout()
    try:
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    except OSError as error:
        message = f"--plot {path}: {error.strerror}."
        raise CourseError(message) from None


def _ordered(measured: Sequence[Measured]) -> list[Measured]:
    """Wrong ones below, right ones above, each by how high they come."""
    return sorted(measured, key=lambda one: (one.right, median(one.values)))
