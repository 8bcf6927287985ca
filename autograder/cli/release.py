"""`autograder release`: the folder that students get."""

import secrets
from pathlib import Path

from rich.console import Console

from autograder.authoring.release import make_release, write_release
from autograder.authoring.wheel import make_wheel
from autograder.cli.orders import STORE
from autograder.settings.assignment import load_assignment
from autograder.settings.course import find_course
from autograder.store.database import Store


def release_command(assignment: str, out: Path, course: Path | None, *, wheel: bool) -> int:
    """Makes the release, searches it for what must not be in it, and writes it.

    Returns:
        The exit code, 0.
    """
    root = find_course(course or Path.cwd())
    about = load_assignment(root, assignment)
    store = root / STORE
    more = dict([make_wheel()]) if wheel else {}
    release = make_release(root, about, _secret(store), store, more)
    write_release(release, out)
    console = Console(highlight=False)
    console.print(f"Released {about.name}, version {about.version}, to {out}:", markup=False)
    for name in release.files:
        console.print(f"  {name}", markup=False)
    console.print(
        f"{release.compared} lines of solutions, reference and hidden tests were searched for; "
        "none of them is in it.",
        soft_wrap=True,
    )
    return 0


def _secret(store: Path) -> bytes | None:
    """The course's secret, where something was graded already."""
    if not store.is_file():
        return None
    with Store.open(store) as kept:
        return kept.secret(lambda: secrets.token_bytes(32))
