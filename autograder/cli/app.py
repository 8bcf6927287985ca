"""The program: its commands, how it prints errors, and its exit codes."""

import sys
import traceback
from typing import Annotated

import typer

from autograder import __version__
from autograder.cli import for_authors, for_graders, for_students
from autograder.errors import AutograderError

app = typer.Typer(
    help="Grade PyTorch assignments behind a wall that a submission cannot cross.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Entry point: runs a command; errors meant for people become one message and an exit code."""
    try:
        app()
    except AutograderError as error:
        if "--debug" in sys.argv:
            traceback.print_exc()
        typer.echo(f"{_KINDS[error.exit_code]}: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001  # exit code 1 would say that a student's work failed
        if "--debug" in sys.argv:
            traceback.print_exc()
        typer.echo(
            f"autograder itself failed: {type(error).__name__}: {error}\nWhat was finished is kept. "
            "Run it again with --debug and report what it prints.",
            err=True,
        )
        sys.exit(3)


_KINDS = {2: "Cannot go on", 3: "Not graded"}


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"autograder {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


for _command in (
    for_authors.init,
    for_authors.new,
    for_authors.settings,
    for_authors.verify,
    for_authors.calibrate,
    for_authors.release,
    for_authors.bundle,
    for_graders.grade,
    for_graders.explain,
    for_graders.annotate,
    for_graders.gradescope,
    for_graders.doctor,
    for_students.check,
):
    app.command()(_command)
