"""What the commands that judge have in common: the course, the assignment, where to compute, the data."""

import os
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console

from autograder.errors import CourseError
from autograder.records import Isolation
from autograder.running.batch import Order
from autograder.running.data import prepared_data
from autograder.sandbox import gpus
from autograder.sandbox.gpus import Gpu
from autograder.settings.assignment import load_assignment
from autograder.settings.course import find_course, load_course

__all__ = ["STORE", "order_for", "resolve_device"]

#: Where a course keeps what was graded, and its secret.
STORE: Final = Path(".autograder") / "store.sqlite"


def order_for(
    assignment: str,
    *,
    course: Path | None,
    device: str | None,
    isolation: Isolation | None,
    console: Console,
    again: bool = False,
) -> Order:
    """Returns what is to be judged with and how; fetches data that the assignment asks for.

    Raises:
        CourseError: An argument, a setting or a file of the course is wrong.
    """
    root = find_course(course or Path.cwd())
    settings = load_course(root)
    about = load_assignment(root, assignment)
    resolved, on = resolve_device(device or about.device or settings.device)
    say = partial(console.print, markup=False, highlight=False)
    data = prepared_data(root, settings, about, os.environ, say)
    return Order(root, settings, about, isolation, resolved, again, data, gpus=on)


def resolve_device(asked: str) -> tuple[str, tuple[Gpu, ...]]:
    """Resolves "auto" to "cuda" where there is a GPU, else to "cpu".

    Returns:
        The device and the GPUs to compute on: all that there are.

    Raises:
        CourseError: For anything else, or for a GPU that is not there.
    """
    if asked == "cpu":
        return asked, ()
    if asked not in ("cuda", "auto"):
        message = f'device "{asked}": expected cpu, cuda or auto.'
        raise CourseError(message)
    found = gpus.find() if asked == "auto" else gpus.require()
    return ("cuda", found) if found else ("cpu", ())
