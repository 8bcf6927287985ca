"""`autograder check`: the public checks on one's own work."""

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from autograder.checks.run import CheckResult, Stopped, load_work

#: What shells show for a program that Ctrl-C ended.
STOPPED: Final = 130
_CHECKS: Final = "checks.py"
_INDENT: Final = " " * 4


def check_command(path: Path, checks: Path | None) -> int:
    """Runs the public checks and prints what is done and what differs.

    Returns:
        The exit code: 0 where all pass, 1 where some do not, 130 after Ctrl-C.
    """
    console = student_console()
    try:
        work = load_work(path, checks or find_checks(path, Path.cwd()))
        for note in work.notes:
            console.print(f"note: {note}", style="yellow", markup=False)
        done = 0
        for result in work.results():
            _print(console, result)
            done += result.state == "done"
    except Stopped as stop:
        console.print(f"\nStopped by Ctrl-C {stop}. Does every loop there end?", markup=False)
        return STOPPED
    except KeyboardInterrupt:
        console.print("\nStopped by Ctrl-C.")
        return STOPPED
    console.print(
        f"\n{done} of {len(work.tasks)} public checks pass. Hidden tests check more.",
        markup=False,
    )
    return 0 if done == len(work.tasks) else 1


def find_checks(path: Path, here: Path) -> Path:
    """The public checks beside the work, else those of the folder that one is in."""
    beside = (path if path.is_dir() else path.parent) / _CHECKS
    return beside if beside.is_file() or not (here / _CHECKS).is_file() else here / _CHECKS


def student_console() -> Console:
    """A console for texts with any letter: a Windows terminal, or a pipe of one, may not know it."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Console(highlight=False)


_WORDS: Final = {
    "done": ("passes", "green"),
    "differs": ("differs", "red"),
    "not_implemented": ("not implemented yet", "yellow"),
    "raised": ("stopped with an exception", "red"),
    "missing": ("missing", "yellow"),
}


def _print(console: Console, result: CheckResult) -> None:
    words, style = _WORDS[result.state]
    console.print(f"{result.task} {result.entry_point}: {words}", style=style, markup=False)
    if not result.message:
        return
    for line in Text(result.message).wrap(console, console.width - len(_INDENT)):
        console.print(f"{_INDENT}{line.plain.rstrip()}", markup=False)
