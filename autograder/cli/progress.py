"""How a run goes on, for the person who waits."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.records import Grade
from autograder.running.batch import Watcher


class GradingProgress(Watcher):
    """A bar on the terminal; one line at the end where there is none."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            TextColumn("{task.fields[last]}", markup=False), console=console, transient=True,
            disable=not console.is_terminal,
        )  # fmt: skip

    def __enter__(self) -> "GradingProgress":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def started(self, total: int, kept: int) -> None:
        """See `Watcher.started`."""
        if kept:
            rest = "" if kept == total else "; the rest follows"
            self._console.print(f"{kept} of {total} already graded and unchanged{rest}.")
        self._task = self._bar.add_task("", total=total, completed=kept, last="")

    def finished(self, grade: Grade) -> None:
        """See `Watcher.finished`."""
        self._bar.update(self._task, advance=1, last=ascii(grade.student)[1:40])

    def interrupted(self) -> None:
        """Says what an interruption means."""
        self._bar.stop()
        self._console.print(
            "Interrupted. What was finished is kept; the same command goes on from there."
        )
