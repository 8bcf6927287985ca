"""What judged earlier runs, file by file, and whose grades rest on it.

Knows the tables. Refuses to know what a file's hash means: it is text that somebody else can read.
"""

from dataclasses import dataclass
from typing import Final

from autograder.store.database import Store
from autograder.store.rows import storable

__all__ = ["Judged", "graded_students", "last_judged", "remember_files"]

# Grades that somebody may have got: not the withheld, which are judged again anyway, not those without a score, not
# those of a trial without isolation.
_KEPT: Final = (
    "FROM attempts JOIN runs USING (run_id) WHERE runs.assignment = ? AND assignment_version = ?"
    " AND status IN ('graded', 'needs_review', 'overridden') AND attempts.official = 1"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the latest kept grades of a version rest on.

    Attributes:
        started_at: When that run began, ISO 8601 in UTC.
        files_json: The files as `remember_files` got them; None for a run of an older package.
    """

    assignment_sha256: str
    started_at: str
    files_json: str | None


def remember_files(store: Store, assignment_sha256: str, files_json: str) -> None:
    """Keeps which files a hash of an assignment stands for."""
    with store.transaction() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO judged_by (assignment_sha256, files_json) VALUES (?, ?)",
            (assignment_sha256, files_json),
        )


def last_judged(store: Store, assignment: str, version: str) -> Judged | None:
    """Returns what judged the latest kept grade of a version, None where there is no such grade."""
    with store.transaction("DEFERRED") as connection:
        found = connection.execute(
            f"SELECT runs.assignment_sha256, started_at {_KEPT} ORDER BY attempts.id DESC LIMIT 1",
            (storable(assignment), storable(version)),
        ).fetchone()
        if found is None:
            return None
        files = connection.execute(
            "SELECT files_json FROM judged_by WHERE assignment_sha256 = ?", found[:1]
        ).fetchone()
    return Judged(str(found[0]), str(found[1]), None if files is None else str(files[0]))


def graded_students(store: Store, assignment: str, version: str) -> tuple[str, ...]:
    """Returns who has a kept grade of a version, in order."""
    with store.transaction("DEFERRED") as connection:
        found = connection.execute(
            f"SELECT DISTINCT student {_KEPT} ORDER BY student",
            (storable(assignment), storable(version)),
        ).fetchall()
    return tuple(student for (student,) in found)
