"""`autograder check`: the public checks on one's own work."""

from pathlib import Path

from rich.console import Console

from autograder.checks.run import CheckResult, run_checks


def check_command(path: Path, checks: Path | None) -> int:
    """Runs the public checks and prints what is done and what differs.

    Returns:
        The exit code: 0 where all pass, 1 where some do not.
    """
    folder = path if path.is_dir() else path.parent
    report = run_checks(path, checks or folder / "checks.py")
    console = Console(highlight=False)
    for note in report.notes:
        console.print(f"note: {note}", style="yellow", markup=False)
    for result in report.results:
        _print(console, result)
    done = sum(result.state == "done" for result in report.results)
    console.print(
        f"\n{done} of {len(report.results)} public checks pass. Hidden tests check more.",
        markup=False,
    )
    return 0 if report.all_done else 1


_WORDS = {
    "done": ("passes", "green"),
    "differs": ("differs", "red"),
    "not_implemented": ("not implemented yet", "yellow"),
    "raised": ("stopped with an exception", "red"),
    "missing": ("missing", "yellow"),
}


def _print(console: Console, result: CheckResult) -> None:
    words, style = _WORDS[result.state]
    console.print(f"{result.task} {result.entry_point}: {words}", style=style, markup=False)
    if result.message:
        console.print(f"    {result.message}", markup=False)
