"""Data sets that an assignment asks for, made ready before a run: a mistake shows before anything is started."""

from collections.abc import Callable, Mapping
from pathlib import Path

from autograder.datasets import mnist
from autograder.settings.assignment import Assignment
from autograder.settings.course import CourseSettings


def prepared_data(
    root: Path,
    course: CourseSettings,
    assignment: Assignment,
    environment: Mapping[str, str],
    say: Callable[[str], None],
) -> dict[str, Path]:
    """The files that the hidden suite's fixtures map, by name; fetched where they are not at hand.

    Args:
        root: The course: the folder that holds grading.yml.
        course: Its settings, which may name a local folder.
        assignment: What is to be graded.
        environment: Names folders of the person who runs this, see `datasets.mnist`.
        say: Takes a line for the person who waits.

    Raises:
        CourseError: A data set is not to be had, or a folder that was named for it is wrong.
    """
    if "mnist" not in assignment.data:
        return {}
    folder = mnist.named_folder(environment, course.mnist_folder, root)
    return {"mnist": mnist.prepare(folder, mnist.cache_folder(environment), say=say)}
