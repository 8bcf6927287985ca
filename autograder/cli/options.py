"""What several commands take, in the same words."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.records import Isolation

AssignmentName = Annotated[str, typer.Argument(help="Name of a folder under assignments/.")]
CourseOption = Annotated[Path | None, typer.Option(help="The course's folder; else found upwards.")]
DeviceOption = Annotated[
    str | None, typer.Option(help="cpu, cuda or auto; else as in grading.yml.")
]
IsolationOption = Annotated[
    Isolation | None,
    typer.Option(help="This level and no other. Below what grading.yml requires: unofficial."),
]
RosterOption = Annotated[
    Path | None, typer.Option(help="CSV of the students, with a column `student`.")
]
StoreOption = Annotated[
    Path | None, typer.Option(help="Else .autograder/store.sqlite in the course.")
]
SeedOption = Annotated[str, typer.Option(help="Another word, other inputs.")]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show where an error came from.")]
