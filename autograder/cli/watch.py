"""`autograder check --watch`: the public checks again, each time that a file was saved.

Looks at times and sizes a few times in a second: no package of the system is needed, and an editor
that saves by renaming is seen like any other.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

from autograder.checks.find import check_exists, code_below
from autograder.cli import standby
from autograder.cli.check import find_checks, student_console

if TYPE_CHECKING:
    import subprocess

_PAUSE_S: Final = 0.2

#: Name, time in nanoseconds and size of every file that may decide about a check.
Seen = frozenset[tuple[str, int, int]]


def watch_command(path: Path, checks: Path | None) -> int:
    """Checks at once and after every save, until Ctrl-C.

    Returns:
        The exit code, 0.

    Raises:
        CourseError: There is no such work.
    """
    check_exists(path)
    checks = checks or find_checks(path, Path.cwd())
    console = student_console()
    console.print("Checking whenever you save. Ctrl-C ends it.")
    ready = standby.start(path, checks)
    running: subprocess.Popen[str] | None = None
    try:
        for _ in saves(lambda: look(path, checks), lambda: time.sleep(_PAUSE_S)):
            if running is not None:
                _give_up(running, console)
            console.rule(time.strftime("%H:%M:%S"), align="left", characters="-")
            running, ready = ready, standby.start(path, checks)
            standby.tell(running)
    except KeyboardInterrupt:
        console.print("\nEnded.")
    finally:
        for process in (running, ready):
            if process is not None:
                standby.end(process)
    return 0


def saves(look: Callable[[], Seen], pause: Callable[[], None]) -> Iterator[Seen]:
    """Yields at first and after each change, once the files have come to rest.

    Args:
        look: What there is now; empty while the work is away, as it is for a moment in an editor
            that saves by renaming.
        pause: Waits a little.
    """
    checked: Seen = frozenset()
    before: Seen = frozenset()
    while True:
        now = look()
        if now and now == before and now != checked:
            checked = now
            yield now
        before = now
        pause()


def look(path: Path, checks: Path) -> Seen:
    """The scripts and notebooks in the folder of the work, and the checks; empty without the work."""
    folder = path if path.is_dir() else path.parent
    try:
        if not path.exists():
            return frozenset()
        own = [path] if path.is_file() else []
        return frozenset(
            (str(file), (about := file.stat()).st_mtime_ns, about.st_size)
            for file in {*own, *code_below(folder), checks}
        )
    except OSError:
        return frozenset()  # renamed between two looks


def _give_up(running: "subprocess.Popen[str]", console: Console) -> None:
    """Makes way for the next check; a loop that never ends shall not keep a student waiting."""
    if running.poll() is None:
        console.print("Saved again: the check before is stopped.")
    standby.end(running)
