"""The annotations of manual tasks in the store: added to, never changed.

Knows their table. Refuses to know which tasks an assignment has and how many points they give.
"""

from dataclasses import astuple, fields
from typing import Final

from autograder.records import Annotation
from autograder.store.database import Store
from autograder.store.rows import storable

__all__ = ["annotations", "latest_submissions", "record_annotation"]

# The names come from our own class; what comes from outside is bound as a value.
_COLUMNS: Final = tuple(field.name for field in fields(Annotation))
_INSERT: Final = (
    f"INSERT INTO annotations ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
)
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM annotations WHERE assignment = ? ORDER BY id"  # noqa: S608


def record_annotation(store: Store, annotation: Annotation) -> None:
    """Adds an annotation; when this returns, it is on the disk. Earlier ones stay, as history.

    Raises:
        GraderError: The store could not be written, or the points are not between none and all.
    """
    values = [storable(v) if isinstance(v, str) else v for v in astuple(annotation)]
    with store.transaction() as connection:
        connection.execute(_INSERT, values)


def annotations(store: Store, assignment: str) -> tuple[Annotation, ...]:
    """Returns all annotations of an assignment, whatever its version, oldest first."""
    with store.transaction("DEFERRED") as connection:
        found = connection.execute(_SELECT, (storable(assignment),)).fetchall()
    return tuple(Annotation(*row) for row in found)


def latest_submissions(store: Store, assignment: str) -> dict[str, str]:
    """Returns everybody with an attempt at the assignment, each with the hash of the latest one."""
    with store.transaction("DEFERRED") as connection:
        found = connection.execute(
            "SELECT student, submission_sha256 FROM attempts WHERE assignment = ? ORDER BY id",
            (storable(assignment),),
        ).fetchall()
    return dict(sorted(dict(found).items()))
