"""`autograder settings`: every setting with its value, its source and its meaning; or the schema of a file."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.errors import CourseError
from autograder.reporting.files import write_atomically
from autograder.settings.assignment import load_assignment_file
from autograder.settings.course import find_course, load_course_file
from autograder.settings.inventory import Setting, settings_in_force
from autograder.settings.schema import Kind, schema_text

#: Characters for the longest line of the table.
_WIDTH: Final = 180


def settings_command(assignment: str | None, course: Path | None, json_out: Path | None) -> int:
    """Prints the settings of a course, or those under which one of its assignments is graded.

    Returns:
        The exit code, 0.
    """
    if json_out is not None and json_out.is_dir():
        message = f"--json {json_out}: this is a folder, expected a file; nothing was written."
        raise CourseError(message)
    root = find_course(course or Path.cwd())
    own = load_assignment_file(root, assignment) if assignment is not None else None
    found = settings_in_force(load_course_file(root), own)
    if json_out is not None:
        write_atomically(
            json_out, (json.dumps([asdict(one) for one in found], indent=2) + "\n").encode()
        )
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH  # whoever searches the output wants a setting on one line
    console.print(_table(found))
    return 0


def schema_command(kind: Kind) -> int:
    """Prints the JSON Schema of grading.yml or assignment.yml.

    Returns:
        The exit code, 0.
    """
    typer.echo(schema_text(kind), nl=False)
    return 0


def _table(found: Sequence[Setting]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("setting", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_column("source", no_wrap=True)
    table.add_column("meaning")
    for one in found:  # as Text: what people typed is not to be read as rich's markup
        table.add_row(*map(Text, (one.key, one.value, one.source, one.meaning)))
    return table
