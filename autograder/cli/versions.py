"""What `grade` and `release` refuse: a suite that judges otherwise than its version did before.

Knows the record of releases and the store. What counts as a change is the business of
`running.judges`.
"""

from pathlib import Path

from autograder.errors import CourseError
from autograder.reporting.text import visible
from autograder.running.fingerprint import assignment_sha256
from autograder.running.judges import FileState, differences, file_states, states_from_json
from autograder.running.released import changed_since, load_releases, what_to_do
from autograder.settings.assignment import Assignment
from autograder.store.database import Store
from autograder.store.judged import graded_students, last_judged

__all__ = ["states_of_this_version"]


def states_of_this_version(
    root: Path, about: Assignment, store: Store | None
) -> dict[str, FileState]:
    """Returns the state of all that judges, if it judges as this version did when it was released or graded with.

    Args:
        root: The course.
        about: The assignment.
        store: What was graded, where something was.

    Raises:
        CourseError: It does not; says which file has changed, what to do, and who is to be graded again.
    """
    now = file_states(root, about)
    for release in load_releases(root, about):
        if changes := changed_since(release, about, now):
            since = f"was released on {release.released_at[:10]}"
            raise _refusal(root, about, since, changes, store)
    judged = last_judged(store, about.name, about.version) if store is not None else None
    if judged is not None:
        since = f"was graded with on {judged.started_at[:10]}"
        if judged.files_json is not None:
            changes = differences(states_from_json(judged.files_json), now)
        elif judged.assignment_sha256 != assignment_sha256(root, about):
            changes = ("which file, an older autograder has not written down",)
        else:
            changes = ()
        if changes:
            raise _refusal(root, about, since, changes, store)
    return now


def _refusal(
    root: Path, about: Assignment, since: str, changes: tuple[str, ...], store: Store | None
) -> CourseError:
    listed = "\n".join(f"  {change}" for change in changes)
    students = graded_students(store, about.name, about.version) if store is not None else ()
    if students:
        names = ", ".join(visible(student) for student in students)
        who = (
            f"Have a grade of version {about.version}, and are to be graded again under the new one: "
            f"{len(students)}: {names}."
        )
    else:
        who = f"Nobody has a grade of version {about.version} in this store."
    return CourseError(
        f"{about.name}: version {about.version} {since}, and what judges it has changed since:\n{listed}\n"
        f"{what_to_do(root, about)}\n{who}"
    )
