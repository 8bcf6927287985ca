"""Commands for who grades."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import (
    AssignmentName,
    CourseOption,
    DebugOption,
    DeviceOption,
    IsolationOption,
    RosterOption,
    StoreOption,
)

__all__ = ["annotate", "doctor", "explain", "grade", "gradescope"]


def grade(
    assignment: AssignmentName,
    submissions: Annotated[
        Path, typer.Argument(help="Folder with one file or folder per student.")
    ],
    out: Annotated[Path, typer.Option(help="Where grades and feedback are written.")],
    device: DeviceOption = None,
    isolation: IsolationOption = None,
    roster: RosterOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Judge also what the store already has.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Grade a class. A second run does only what is missing.

    Exit code 0: done, whatever the scores. 2: arguments, settings or course files are wrong. 3: a grade is withheld, or
    the required isolation is not to be had (then no score is written).
    """
    del debug  # read by main, which prints errors
    from autograder.cli.grade import grade_command

    raise typer.Exit(
        grade_command(
            assignment,
            submissions,
            out,
            device=device,
            isolation=isolation,
            roster=roster,
            course=course,
            store=store,
            again=again,
        )
    )


def explain(
    assignment: AssignmentName,
    student: Annotated[str, typer.Argument(help="Id of the student, or name of the file.")],
    submissions: Annotated[Path, typer.Argument(help="The folder that was graded.")],
    task: Annotated[str | None, typer.Option(help="This task only.")] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Show passed tests in full as well.")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write the evidence there.")] = None,
    device: DeviceOption = None,
    isolation: IsolationOption = None,
    roster: RosterOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Show staff why a student has this grade: judges the work again, with the same inputs.

    Exit code 0: done. 2: a file or an argument is wrong. 3: the grade is withheld, or is not the one in the store.
    """
    del debug
    from autograder.cli.explain import explain_command

    raise typer.Exit(
        explain_command(
            assignment,
            student,
            submissions,
            task=task,
            everything=everything,
            json_out=json,
            device=device,
            isolation=isolation,
            roster=roster,
            course=course,
            store=store,
        )
    )


def annotate(
    assignment: AssignmentName,
    student: Annotated[str | None, typer.Argument(help="Id of the student.")] = None,
    task: Annotated[str | None, typer.Argument(help="Id of the manual task.")] = None,
    points: Annotated[float | None, typer.Option(help="What the answer is worth.")] = None,
    by: Annotated[str | None, typer.Option(help="Who says so.")] = None,
    why: Annotated[str | None, typer.Option(help="The reason; the student reads it.")] = None,
    todo: Annotated[bool, typer.Option("--todo", help="List who still waits.")] = False,
    show: Annotated[
        bool, typer.Option("--show", help="List what was given, with history.")
    ] = False,
    submissions: Annotated[
        Path | None, typer.Option(help="With --todo: the folder that was graded.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="With --todo: write the answers there, as HTML for staff.")
    ] = None,
    roster: RosterOption = None,
    course: CourseOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Give points for a task that people grade, or see who waits. The next `grade` writes them into the grades.

    Exit code 0: done. 2: an argument or a file is wrong. 3: the store could not be written.
    """
    del debug
    from autograder.cli.annotate import annotate_command

    raise typer.Exit(
        annotate_command(
            assignment,
            student,
            task,
            points=points,
            by=by,
            why=why,
            todo=todo,
            show=show,
            submissions=submissions,
            answers=answers,
            roster=roster,
            course=course,
            store=store,
        )
    )


def gradescope(
    assignment: Annotated[str, typer.Argument(help="Its name in the bundle.")],
    root: Annotated[Path, typer.Option(help="Gradescope's folder.")] = Path("/autograder"),
    debug: DebugOption = False,
) -> None:
    """Grade one submission inside Gradescope's container. A bundle types this, not you.

    Exit code 0: graded, whatever the score. 3: no grade; results.json tells staff why and holds no score.
    """
    del debug
    from autograder.cli.gradescope import gradescope_command

    raise typer.Exit(gradescope_command(assignment, root))


def doctor(
    course: CourseOption = None,
) -> None:
    """Show which isolation, devices, data and versions this machine has, and what to do about what is missing.

    Exit code 0: the isolation that the course requires is there. 3: it is not.
    """
    from autograder.cli.doctor import doctor_command

    raise typer.Exit(doctor_command(course))
