"""Commands for who writes assignments: make, prove, measure, hand out."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from autograder.cli.options import (
    AssignmentName,
    CourseOption,
    DebugOption,
    DeviceOption,
    IsolationOption,
    SeedOption,
    StoreOption,
)

__all__ = ["bundle", "calibrate", "init", "new", "release", "settings", "verify"]


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="COURSE", help="The folder to make, or an empty one.")
    ],
    title: Annotated[
        str | None, typer.Option(help="The course's name in reports; else made of the folder's.")
    ] = None,
    debug: DebugOption = False,
) -> None:
    """Make a course: settings, a workflow for CI, and a tiny assignment that already grades.

    Exit code 0: done. 2: the folder is not empty or cannot be written (then nothing is).
    """
    del debug
    from autograder.cli.init import init_command

    raise typer.Exit(init_command(folder, title))


def new(
    name: Annotated[str, typer.Argument(help="Of its folder, as in ridge_regression.")],
    title: Annotated[
        str | None, typer.Option(help="As people read it; else made of the name.")
    ] = None,
    course: CourseOption = None,
    debug: DebugOption = False,
) -> None:
    """Make the three places of a new assignment, with an example that is proven as it stands.

    Exit code 0: done. 2: the name is not fit, or something of this name is there (then nothing is written).
    """
    del debug
    from autograder.cli.new import new_command

    raise typer.Exit(new_command(name, title, course))


def settings(
    assignment: Annotated[
        str | None, typer.Argument(help="Show what this assignment is graded under.")
    ] = None,
    schema: Annotated[
        Literal["grading", "assignment"] | None,
        typer.Option(help="Print the JSON Schema of grading.yml or assignment.yml instead."),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write the table there as well.")] = None,
    course: CourseOption = None,
    debug: DebugOption = False,
) -> None:
    """Show every setting: its value, which line of which file says so, and what it means.

    Exit code 0: done. 2: a file or an argument is wrong.
    """
    del debug
    from autograder.cli.settings import schema_command, settings_command

    if schema is not None:
        raise typer.Exit(schema_command(schema))
    raise typer.Exit(settings_command(assignment, course, json))


def verify(
    assignment: AssignmentName,
    rounds: Annotated[
        int, typer.Option(min=1, help="How often each submission is graded, with new inputs.")
    ] = 3,
    mutants: Annotated[
        int, typer.Option(min=0, help="At most so many mutants of the master; 0 for none.")
    ] = 120,
    every_level: Annotated[
        bool, typer.Option("--every-level", help="One more round on each level of isolation here.")
    ] = False,
    seed: SeedOption = "1",
    json: Annotated[Path | None, typer.Option(help="Write all that was found there.")] = None,
    device: DeviceOption = None,
    isolation: IsolationOption = None,
    course: CourseOption = None,
    debug: DebugOption = False,
) -> None:
    """Prove an assignment: master, stub, right and wrong submissions, public checks, release, mutants.

    Exit code 0: proven. 1: something has to be mended, and is named. 2: a file or an argument is wrong. 3: the grader
    failed, or the isolation is not to be had.
    """
    del debug
    from autograder.cli.verify import verify_command

    raise typer.Exit(
        verify_command(
            assignment,
            rounds=rounds,
            mutants=mutants,
            every_level=every_level,
            seed=seed,
            json_out=json,
            device=device,
            isolation=isolation,
            course=course,
        )
    )


def calibrate(
    assignment: AssignmentName,
    runs: Annotated[
        int, typer.Option(min=2, help="Right runs; 141 make false fails rarer than 1 in 10,000.")
    ] = 141,
    threads: Annotated[
        str, typer.Option(help="Numbers of threads that torch computes with, as in 1,2.")
    ] = "1,2",
    seed: SeedOption = "1",
    write: Annotated[
        bool, typer.Option("--write", help="Write calibration.json beside the hidden suite.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw what was measured: an .svg, .png or .pdf.")
    ] = None,
    device: DeviceOption = None,
    isolation: IsolationOption = None,
    course: CourseOption = None,
    debug: DebugOption = False,
) -> None:
    """Measure how far right and wrong submissions lie apart, and propose tolerances and thresholds.

    Exit code 0: done. 1: no tolerance tells right from wrong (nothing is written). 2: a file or an argument is wrong.
    3: the grader failed, or the isolation is not to be had.
    """
    del debug
    from autograder.cli.calibrate import calibrate_command

    raise typer.Exit(
        calibrate_command(
            assignment,
            runs=runs,
            threads=threads,
            seed=seed,
            write=write,
            plot=plot,
            device=device,
            isolation=isolation,
            course=course,
        )
    )


def release(
    assignment: AssignmentName,
    out: Annotated[Path, typer.Option(help="The folder to make; an earlier release is replaced.")],
    wheel: Annotated[
        bool, typer.Option("--wheel", help="Put a wheel of this package into it, made offline.")
    ] = False,
    trial: Annotated[
        bool, typer.Option("--trial", help="Nobody gets it: do not put it on record.")
    ] = False,
    course: CourseOption = None,
    debug: DebugOption = False,
) -> None:
    """Make the folder that students get: notebook, stub, handout and public checks.

    Exit code 0: done. 2: a file is missing or wrong, or the release would give away a solution, a reference or a hidden
    test (then nothing is written).
    """
    del debug
    from autograder.cli.release import release_command

    raise typer.Exit(release_command(assignment, out, course, wheel=wheel, trial=trial))


def bundle(
    assignment: AssignmentName,
    out: Annotated[Path, typer.Option(help="The zip to make, for Gradescope.")],
    course: CourseOption = None,
    store: StoreOption = None,
    debug: DebugOption = False,
) -> None:
    """Make the zip that grades an assignment on Gradescope. It holds hidden tests: for nobody else.

    Exit code 0: done. 2: a file or an argument is wrong, or the zip would hold the course's secret (then nothing is
    written).
    """
    del debug
    from autograder.cli.bundle import bundle_command

    raise typer.Exit(bundle_command(assignment, out, course, store))
