"""`autograder release`: the folder that students get, and the record that it was handed out."""

import secrets
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from autograder.authoring import changelog
from autograder.authoring.release import make_release
from autograder.authoring.release_folder import write_release
from autograder.authoring.wheel import make_wheel
from autograder.cli.orders import STORE
from autograder.cli.versions import states_of_this_version
from autograder.errors import CourseError
from autograder.reporting.files import write_atomically
from autograder.running.judges import FileState
from autograder.running.released import (
    Release,
    load_releases,
    record_path,
    unsaid_change,
    with_release,
)
from autograder.settings.assignment import ASSIGNMENTS_FOLDER, Assignment, load_assignment
from autograder.settings.course import find_course
from autograder.store.database import Store


def release_command(
    assignment: str, out: Path, course: Path | None, *, wheel: bool, trial: bool
) -> int:
    """Makes the release, searches it for what must not be in it, writes it, and writes down what judges it.

    Args:
        assignment: Its name.
        out: The folder to make.
        course: The course's folder, if not found upwards.
        wheel: True where a wheel of this package is to be in it.
        trial: True where nobody gets the folder: it is not put on record.

    Returns:
        The exit code, 0.
    """
    root = find_course(course or Path.cwd())
    about = load_assignment(root, assignment)
    path = root / STORE
    with ExitStack() as undo:
        store = undo.enter_context(Store.open(path)) if path.is_file() else None
        # The secret of the course exists where something was graded already.
        secret = store.secret(lambda: secrets.token_bytes(32)) if store is not None else None
        states = states_of_this_version(root, about, store)
    releases = load_releases(root, about)
    _check_said(root, about, releases, states)
    more = dict([make_wheel()]) if wheel else {}
    release = make_release(root, about, secret, path, more)
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
    if not trial:
        record = record_path(root, about)
        text = with_release(releases, about, states, datetime.now(UTC))
        write_atomically(record, text.encode())
        console.print(
            f"On record in {record.relative_to(root)}; commit it.", markup=False, soft_wrap=True
        )
    return 0


def _check_said(
    root: Path, about: Assignment, releases: tuple[Release, ...], states: dict[str, FileState]
) -> None:
    """Refuses a new version that does not say in its changelog what it has changed."""
    changes = unsaid_change(releases, about, states)
    if not changes:
        return
    path = root / ASSIGNMENTS_FOLDER / about.name / changelog.FILE
    before = next(one.version for one in reversed(releases) if one.version != about.version)
    said = path.is_file() and any(
        change.kind == "hidden"
        for change in changelog.since(changelog.parse(path.read_text("utf-8"), path), before)
    )
    if not said:
        listed = "\n".join(f"  {change}" for change in changes)
        message = (
            f"{path}: version {about.version} judges otherwise than {before}, and no line since then that begins "
            f"with `- hidden:` says how:\n{listed}\nSay it below `## {about.version}`. Such a line is never released."
        )
        raise CourseError(message)
