"""The record of an assignment's releases, a file beside its hidden suite that is committed with it.

A clean clone has no store, so that what was handed out must stand in the course itself. Knows the
file and what a change under the same version means; refuses to know grades and how a release is made.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import Field

from autograder.running.judges import FileState, differences, file_states
from autograder.settings.assignment import ASSIGNMENT_FILE, ASSIGNMENTS_FOLDER, Assignment
from autograder.settings.course import Settings, Text
from autograder.settings.documents import read_document

__all__ = [
    "Release",
    "changed_since",
    "load_releases",
    "record_path",
    "unsaid_change",
    "version_faults",
    "what_to_do",
    "with_release",
]

FILE: Final = "released.yml"

_HEAD: Final = """\
# Which versions were handed out, and what judged them then. Written by `autograder release`; commit it.
# A change of these files under the same version is refused: raise `version` in assignment.yml instead.
"""


class Release(Settings):
    """One version that was handed out.

    Attributes:
        released_at: ISO 8601 time in UTC, of the first release of this version.
        files: What judged it, by name below the course.
    """

    version: Text
    released_at: Text
    files: dict[str, FileState]


class _Record(Settings):
    """released.yml as it is written, oldest release first."""

    releases: Annotated[tuple[Release, ...], Field(strict=False)] = ()


def record_path(root: Path, about: Assignment) -> Path:
    """Where the releases of an assignment are recorded."""
    return root / "tests" / "hidden" / about.name / FILE


def load_releases(root: Path, about: Assignment) -> tuple[Release, ...]:
    """Returns all releases that are on record, oldest first.

    Raises:
        CourseError: The file is not as `autograder release` writes it.
    """
    path = record_path(root, about)
    return read_document(path, _Record).releases if path.is_file() else ()


def changed_since(
    release: Release, about: Assignment, now: Mapping[str, FileState]
) -> tuple[str, ...]:
    """Returns which files judge otherwise than when this very version was released, in words.

    Nothing where another version is at hand: that one may judge as it likes.
    """
    return differences(release.files, now) if release.version == about.version else ()


def unsaid_change(
    releases: Sequence[Release], about: Assignment, now: Mapping[str, FileState]
) -> tuple[str, ...]:
    """Returns which parts of suite and reference differ from the last other version that was handed out.

    A change of assignment.yml does not count: its version has changed, for one.
    """
    others = [release for release in releases if release.version != about.version]
    if not others:
        return ()
    ours = f"{ASSIGNMENTS_FOLDER}/{about.name}/"
    return tuple(
        words for words in differences(others[-1].files, now) if not words.startswith(ours)
    )


def version_faults(root: Path, about: Assignment) -> tuple[str, ...]:
    """Returns why this version cannot be released again: what judges otherwise than when it was handed out.

    Raises:
        CourseError: The record, or a file that judges, cannot be read.
    """
    now = file_states(root, about)
    return tuple(
        f"version {about.version} was released on {release.released_at[:10]}, and has changed since: "
        f"{', '.join(changes)}. {what_to_do(root, about)}"
        for release in load_releases(root, about)
        if (changes := changed_since(release, about, now))
    )


def what_to_do(root: Path, about: Assignment) -> str:
    """How a change becomes a new version, or is taken back; the same words wherever it is refused."""
    folder = root / ASSIGNMENTS_FOLDER / about.name
    return (
        f"Students with one version must be judged alike. Take the change back, or raise `version` in "
        f"{folder / ASSIGNMENT_FILE} and say in {folder / 'CHANGELOG.md'} what has changed, in a line "
        "that begins with `- hidden:`. Comments and layout don't count."
    )


def with_release(
    releases: Sequence[Release], about: Assignment, states: dict[str, FileState], now: datetime
) -> str:
    """Returns the text of the record with this release in it.

    A version that is on record keeps its place and its date; the caller has made sure that it still judges alike.
    """
    dates = {release.version: release.released_at for release in releases}
    date = dates.get(about.version, now.isoformat(timespec="seconds"))
    this = Release(version=about.version, released_at=date, files=states)
    if about.version in dates:
        releases = [this if one.version == about.version else one for one in releases]
    else:
        releases = [*releases, this]
    plain = {"releases": [release.model_dump() for release in releases]}
    return _HEAD + yaml.safe_dump(plain, sort_keys=False, width=200)
