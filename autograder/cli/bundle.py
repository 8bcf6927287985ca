"""`autograder bundle`: the zip that grades an assignment on Gradescope."""

import os
import secrets
from functools import partial
from pathlib import Path

from rich.console import Console

from autograder.authoring.bundle import make_bundle
from autograder.cli.orders import STORE
from autograder.errors import CourseError, GraderError
from autograder.reporting.files import write_atomically
from autograder.running import container
from autograder.running.data import prepared_data
from autograder.running.fingerprint import judging_paths
from autograder.settings.assignment import Assignment, load_assignment
from autograder.settings.course import CourseSettings, find_course, load_course
from autograder.store.database import Store


def bundle_command(assignment: str, out: Path, course: Path | None, store: Path | None) -> int:
    """Makes the bundle, searches it for the course's secret, and writes it.

    Returns:
        The exit code, 0.
    """
    if out.is_dir() or out.suffix != ".zip":
        message = (
            f"--out {out}: expected the name of a file that ends in .zip, as in {assignment}.zip."
        )
        raise CourseError(message)
    root = find_course(course or Path.cwd())
    settings = load_course(root)
    about = load_assignment(root, assignment)
    judging = judging_paths(root, about)
    console = Console(highlight=False)
    data = prepared_data(root, settings, about, os.environ, partial(console.print, markup=False))
    place = store or root / STORE
    with Store.open(place) as kept:
        # The same as in grading: the same submission meets the same inputs here and there.
        secret = kept.secret(lambda: secrets.token_bytes(32))
    made = make_bundle(
        root, settings, about, judging=judging, data=data, secret=secret, store=place
    )
    write_atomically(out, made.content)
    size = len(made.content) / (1 << 20)
    console.print(
        f"Bundled {about.name}, version {about.version}, as {out} ({size:.1f} MB):", markup=False
    )
    for name in made.names:
        console.print(f"  {name}", markup=False)
    console.print(
        "It holds the hidden tests and the key of this version, for Gradescope alone: give it to no student.",
        soft_wrap=True,
    )
    for advice in _advice(settings, about):
        console.print(advice, markup=False, soft_wrap=True)
    return 0


def _advice(course: CourseSettings, about: Assignment) -> list[str]:
    """What the container that was chosen is too small for."""
    chosen = course.gradescope
    limits = course.limits.overridden_by(about.limits)
    data_mb = container.MNIST_MB if "mnist" in about.data else 0
    there = container.Container(chosen.memory_mb, chosen.cores, chosen.time_s)
    try:
        container.fit(limits, there, data_mb)
    except GraderError as error:
        return [f"In Gradescope, and in grading.yml under `gradescope:`: {error}."]
    return []
