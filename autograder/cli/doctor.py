"""`autograder doctor`: what this machine can do for grading, shown by trying it."""

import importlib.metadata
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from autograder import __version__
from autograder.datasets import mnist
from autograder.errors import AutograderError
from autograder.records import Isolation
from autograder.settings.course import COURSE_FILE, find_course, load_course


class Finding(NamedTuple):
    """One line of the doctor's table: what was looked at, whether it is there, what was seen or what to do."""

    subject: str
    good: bool
    words: str


def doctor_command(course: Path | None) -> int:
    """Prints versions, isolation, devices and data.

    Returns:
        The exit code: 0 where the isolation that the course requires is to be had, 3 where not.
    """
    root = find_course(course or Path.cwd())
    settings = load_course(root)
    required = settings.isolation.require
    table = Table("", "what", "found", title="autograder doctor", title_justify="left")
    console = Console()
    best: Isolation | None = None
    with console.status("trying what this machine offers ..."):
        for finding in _versions():
            _add(table, finding)
        _add(table, _user_namespaces())
        for level in Isolation:
            finding = _try(level, required, root / COURSE_FILE)
            if finding.good and best is None:
                best = level
            _add(table, finding)
        _add(table, _cuda())
        _add(table, _mnist(mnist.named_folder(os.environ, settings.mnist_folder, root)))
    console.print(table)
    if best is not None and best is not Isolation.PROCESS and best.satisfies(required):
        console.print(
            f"Ready: grading.yml requires `{required}`, this machine offers `{best}`.",
            highlight=False,
        )
        return 0
    console.print(
        f"Not ready: grading.yml requires `{required}`. Without it no score is written; `--isolation process` "
        "grades without isolation and marks every result unofficial.",
        highlight=False,
    )
    return 3


def _add(table: Table, finding: Finding) -> None:
    from rich.text import Text  # noqa: PLC0415

    mark = Text("ok", style="green") if finding.good else Text("no", style="red")
    table.add_row(mark, finding.subject, Text(finding.words))


def _versions() -> Iterator[Finding]:
    yield Finding(
        "autograder",
        True,
        f"{__version__}, Python {platform.python_version()}, {platform.platform()}",
    )
    for name in ("torch", "numpy", "pytest", "ipython", "nbformat", "otter-grader"):
        try:
            yield Finding(name, True, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, False, f"not installed: pip install {name}")


def _user_namespaces(sysctl: Path = Path("/proc/sys")) -> Finding:
    """Whether the host's policy is known to forbid engine `namespaces`, and how to mend that."""
    from autograder.sandbox import host  # noqa: PLC0415

    found = host.obstacles(sysctl)
    words = " ".join(found) or "the host's policy does not forbid them, as far as it can be read"
    return Finding("user namespaces", not found, words)


def _try(level: Isolation, required: Isolation, course_file: Path) -> Finding:
    """Starts the engine and sends the canary through it."""
    from autograder.sandbox import canary, engine  # noqa: PLC0415  # imports torch

    subject = f"isolation `{level}`"
    try:
        running = engine.start(level)
        engine.await_ready(running)
        try:
            record = canary.run(
                running.spawner(), level, required, running.description, course_file
            )
        finally:
            running.close()
    except AutograderError as error:
        return Finding(subject, False, str(error))
    if level is Isolation.PROCESS:
        return Finding(subject, True, "no isolation at all; results are unofficial")
    return Finding(subject, True, f"{running.description}; {record.canary_in_words()}")


def _cuda() -> Finding:
    from autograder.sandbox import gpus  # noqa: PLC0415

    try:
        names = ", ".join(gpu.name for gpu in gpus.require())
    except AutograderError as error:
        return Finding("GPU", False, f"{error} Assignments are graded on the CPU.")
    return Finding("GPU", True, f"{names}; driver {gpus.driver_version()}")


def _mnist(folder: Path | None) -> Finding:
    """Looks for the data, and downloads nothing: only a run that needs it does."""
    seen = mnist.find(folder, mnist.cache_folder(os.environ))
    return Finding("MNIST", seen.at_hand, seen.words)
