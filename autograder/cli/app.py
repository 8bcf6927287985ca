"""The commands and their arguments."""

import sys
import traceback
from pathlib import Path
from typing import Annotated, Literal

import typer

from autograder import __version__
from autograder.errors import AutograderError
from autograder.records import Isolation

# What several commands take, in the same words.
_Assignment = Annotated[str, typer.Argument(help="Name of a folder under assignments/.")]
_Course = Annotated[Path | None, typer.Option(help="The course's folder; else found upwards.")]
_Device = Annotated[str | None, typer.Option(help="cpu, cuda or auto; else as in grading.yml.")]
_Isolation = Annotated[
    Isolation | None,
    typer.Option(help="This level and no other. Below what grading.yml requires: unofficial."),
]
_Roster = Annotated[Path | None, typer.Option(help="CSV of the students, with a column `student`.")]
_Store = Annotated[Path | None, typer.Option(help="Else .autograder/store.sqlite in the course.")]
_Seed = Annotated[str, typer.Option(help="Another word, other inputs.")]
_Debug = Annotated[bool, typer.Option("--debug", help="Show where an error came from.")]

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


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="COURSE", help="The folder to make, or an empty one.")
    ],
    title: Annotated[
        str | None, typer.Option(help="The course's name in reports; else made of the folder's.")
    ] = None,
    debug: _Debug = False,
) -> None:
    """Make a course: settings, a workflow for CI, and a tiny assignment that already grades.

    Exit code 0: done. 2: the folder is not empty or cannot be written (then nothing is).
    """
    del debug
    from autograder.cli.init import init_command

    raise typer.Exit(init_command(folder, title))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Of its folder, as in ridge_regression.")],
    title: Annotated[
        str | None, typer.Option(help="As people read it; else made of the name.")
    ] = None,
    course: _Course = None,
    debug: _Debug = False,
) -> None:
    """Make the three places of a new assignment, with an example that is proven as it stands.

    Exit code 0: done. 2: the name is not fit, or something of this name is there (then nothing is written).
    """
    del debug
    from autograder.cli.new import new_command

    raise typer.Exit(new_command(name, title, course))


@app.command()
def grade(
    assignment: _Assignment,
    submissions: Annotated[
        Path, typer.Argument(help="Folder with one file or folder per student.")
    ],
    out: Annotated[Path, typer.Option(help="Where grades and feedback are written.")],
    device: _Device = None,
    isolation: _Isolation = None,
    roster: _Roster = None,
    course: _Course = None,
    store: _Store = None,
    again: Annotated[
        bool, typer.Option("--again", help="Judge also what the store already has.")
    ] = False,
    debug: _Debug = False,
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


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="Your notebook, script or folder.")] = Path(),
    checks: Annotated[
        Path | None, typer.Option(help="The public checks; else checks.py beside your file.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again whenever you save; Ctrl-C ends it.")
    ] = False,
    debug: _Debug = False,
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


@app.command()
def release(
    assignment: _Assignment,
    out: Annotated[Path, typer.Option(help="The folder to make; an earlier release is replaced.")],
    wheel: Annotated[
        bool, typer.Option("--wheel", help="Put a wheel of this package into it, made offline.")
    ] = False,
    trial: Annotated[
        bool, typer.Option("--trial", help="Nobody gets it: do not put it on record.")
    ] = False,
    course: _Course = None,
    debug: _Debug = False,
) -> None:
    """Make the folder that students get: notebook, stub, handout and public checks.

    Exit code 0: done. 2: a file is missing or wrong, or the release would give away a solution, a reference or a hidden
    test (then nothing is written).
    """
    del debug
    from autograder.cli.release import release_command

    raise typer.Exit(release_command(assignment, out, course, wheel=wheel, trial=trial))


@app.command()
def bundle(
    assignment: _Assignment,
    out: Annotated[Path, typer.Option(help="The zip to make, for Gradescope.")],
    course: _Course = None,
    store: _Store = None,
    debug: _Debug = False,
) -> None:
    """Make the zip that grades an assignment on Gradescope. It holds hidden tests: for nobody else.

    Exit code 0: done. 2: a file or an argument is wrong, or the zip would hold the course's secret (then nothing is
    written).
    """
    del debug
    from autograder.cli.bundle import bundle_command

    raise typer.Exit(bundle_command(assignment, out, course, store))


@app.command()
def gradescope(
    assignment: Annotated[str, typer.Argument(help="Its name in the bundle.")],
    root: Annotated[Path, typer.Option(help="Gradescope's folder.")] = Path("/autograder"),
    debug: _Debug = False,
) -> None:
    """Grade one submission inside Gradescope's container. A bundle types this, not you.

    Exit code 0: graded, whatever the score. 3: no grade; results.json tells staff why and holds no score.
    """
    del debug
    from autograder.cli.gradescope import gradescope_command

    raise typer.Exit(gradescope_command(assignment, root))


@app.command()
def verify(
    assignment: _Assignment,
    rounds: Annotated[
        int, typer.Option(min=1, help="How often each submission is graded, with new inputs.")
    ] = 3,
    mutants: Annotated[
        int, typer.Option(min=0, help="At most so many mutants of the master; 0 for none.")
    ] = 120,
    every_level: Annotated[
        bool, typer.Option("--every-level", help="One more round on each level of isolation here.")
    ] = False,
    seed: _Seed = "1",
    json: Annotated[Path | None, typer.Option(help="Write all that was found there.")] = None,
    device: _Device = None,
    isolation: _Isolation = None,
    course: _Course = None,
    debug: _Debug = False,
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


@app.command()
def calibrate(
    assignment: _Assignment,
    runs: Annotated[
        int, typer.Option(min=2, help="Right runs; 141 make false fails rarer than 1 in 10,000.")
    ] = 141,
    threads: Annotated[
        str, typer.Option(help="Numbers of threads that torch computes with, as in 1,2.")
    ] = "1,2",
    seed: _Seed = "1",
    write: Annotated[
        bool, typer.Option("--write", help="Write calibration.json beside the hidden suite.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(help="Draw what was measured: an .svg, .png or .pdf.")
    ] = None,
    device: _Device = None,
    isolation: _Isolation = None,
    course: _Course = None,
    debug: _Debug = False,
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


@app.command()
def explain(
    assignment: _Assignment,
    student: Annotated[str, typer.Argument(help="Id of the student, or name of the file.")],
    submissions: Annotated[Path, typer.Argument(help="The folder that was graded.")],
    task: Annotated[str | None, typer.Option(help="This task only.")] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Show passed tests in full as well.")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write the evidence there.")] = None,
    device: _Device = None,
    isolation: _Isolation = None,
    roster: _Roster = None,
    course: _Course = None,
    store: _Store = None,
    debug: _Debug = False,
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


@app.command()
def annotate(
    assignment: _Assignment,
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
    roster: _Roster = None,
    course: _Course = None,
    store: _Store = None,
    debug: _Debug = False,
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


@app.command()
def settings(
    assignment: Annotated[
        str | None, typer.Argument(help="Show what this assignment is graded under.")
    ] = None,
    schema: Annotated[
        Literal["grading", "assignment"] | None,
        typer.Option(help="Print the JSON Schema of grading.yml or assignment.yml instead."),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write the table there as well.")] = None,
    course: _Course = None,
    debug: _Debug = False,
) -> None:
    """Show every setting: its value, which line of which file says so, and what it means.

    Exit code 0: done. 2: a file or an argument is wrong.
    """
    del debug
    from autograder.cli.settings import schema_command, settings_command

    if schema is not None:
        raise typer.Exit(schema_command(schema))
    raise typer.Exit(settings_command(assignment, course, json))


@app.command()
def doctor(
    course: _Course = None,
) -> None:
    """Show which isolation, devices, data and versions this machine has, and what to do about what is missing.

    Exit code 0: the isolation that the course requires is there. 3: it is not.
    """
    from autograder.cli.doctor import doctor_command

    raise typer.Exit(doctor_command(course))
