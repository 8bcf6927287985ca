"""A process that has loaded torch already and waits for the word to run the public checks once.

`--watch` keeps one ready: every check so gets a process of its own, as in a fresh start, and does not
wait for torch. A fork would do the same, but not on Windows.
"""

import importlib
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

_GO: Final = "go\n"
_PROGRAM: Final = "from autograder.cli.standby import main; main()"


def start(path: Path, checks: Path | None) -> "subprocess.Popen[str]":
    """Starts a process that will check this work when it is told to."""
    words = [str(path), *([str(checks)] if checks is not None else [])]
    command = [sys.executable, "-c", _PROGRAM, *words]
    # In a group of its own: Ctrl-C is for the watch, which ends this process, whatever it does.
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        text=True,
        process_group=None if sys.platform == "win32" else 0,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def tell(process: "subprocess.Popen[str]") -> None:
    """Gives it the word; what it prints goes where this process prints."""
    assert process.stdin is not None
    with suppress(OSError):  # it has ended; its exit code says so
        process.stdin.write(_GO)
        process.stdin.flush()


def end(process: "subprocess.Popen[str]") -> None:
    """Ends it, whatever it does."""
    process.kill()
    process.wait()
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


def main() -> None:
    """Entry point of the process: PATH [CHECKS]."""
    # Where torch is missing, the student's own import says it, with its line.
    with suppress(ImportError):
        # Of torch, with its compiler, which the first optimiser of a process loads: two seconds.
        importlib.import_module("torch._dynamo")
    from autograder.cli.check import check_command  # noqa: PLC0415  # while nobody waits
    from autograder.errors import AutograderError  # noqa: PLC0415

    if sys.stdin.readline() != _GO:
        return
    threading.Thread(target=_end_with_the_watch, daemon=True).start()
    path, *checks = map(Path, sys.argv[1:])
    try:
        code = check_command(path, checks[0] if checks else None)
    except AutograderError as error:
        print(f"Cannot go on: {error}", file=sys.stderr)  # noqa: T201  # as cli.app does
        code = error.exit_code
    sys.exit(code)


def _end_with_the_watch() -> None:
    """A closed terminal ends the watch; an endless loop shall not outlive it."""
    sys.stdin.read()
    os._exit(1)
