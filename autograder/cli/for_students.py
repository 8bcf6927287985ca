"""Commands for students; they know nothing of a course."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import DebugOption

__all__ = ["check"]


def check(
    path: Annotated[Path, typer.Argument(help="Your notebook, script or folder.")] = Path(),
    checks: Annotated[
        Path | None, typer.Option(help="The public checks; else checks.py beside your file.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever you save; Ctrl-C ends it.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Run the public checks on your own work. Hidden tests check more.

    Exit code 0: all pass, or a watch was ended. 1: some do not. 2: no such file, or no checks for it. 130: Ctrl-C.
    """
    del debug
    if watch:
        from autograder.cli.watch import watch_command

        raise typer.Exit(watch_command(path, checks))
    from autograder.cli.check import check_command

    raise typer.Exit(check_command(path, checks))
