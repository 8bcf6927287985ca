"""Which files are a student's work: the one that is named, or the one of a folder that is meant.

Knows names, times and definitions; runs nothing. A folder often holds the work twice: the handed-out
script beside the notebook, and `chain_rule (1).ipynb` from the browser.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from autograder.errors import CourseError
from autograder.submission.flat import FlattenLimits
from autograder.submission.sources import Source, is_code, read_sources

#: Of a release, and no part of the work.
_RELEASED: Final = frozenset({"tests"})
#: A zip keeps times in steps of two seconds, and unpacking takes a moment.
_SAME_TIME_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Work:
    """What is checked.

    Attributes:
        files: Name and content; names have slashes on every system.
        note: Which file was chosen among several, and how to choose another one; else empty.
    """

    files: dict[str, bytes]
    note: str = ""


def find_work(path: Path, checks: Path, entry_points: Sequence[str]) -> Work:
    """Returns the work at a path, with the modules beside it that it may import.

    Of several versions in a folder, one on which work has begun goes before an untouched one; of
    these the one that was saved last is taken, of equals a notebook. Files that share no entry point
    are parts of one work, and all are taken.

    Args:
        path: A notebook, a script or a folder.
        checks: The file of checks, which is no work.
        entry_points: What the tasks ask for.

    Raises:
        CourseError: There is no code in it.
    """
    folder = path if path.is_dir() else path.parent
    paths = {name_of(p, folder): p for p in code_below(folder) if p.resolve() != checks.resolve()}
    chosen = "" if path.is_dir() else path.name
    if chosen:
        paths[chosen] = path  # whatever its ending
    if not paths:
        message = f"{path}: no notebook and no .py file in this folder."
        raise CourseError(message)
    files = {name: found.read_bytes() for name, found in paths.items()}
    sources = {s.name: s for s in read_sources(files, entry_points, FlattenLimits())[0]}
    versions = {name: source for name, source in sources.items() if source.defined}
    note = ""
    if not chosen and _overlap(versions.values()):
        saved_s = {name: paths[name].stat().st_mtime for name in versions}
        newest_s = max(saved_s.values())
        chosen = min(versions, key=lambda name: _rank(versions[name], newest_s - saved_s[name]))
        others = [name for name in versions if name != chosen]
        note = (
            f"Checking {chosen}. There is also {', '.join(others)}; to check another one, "
            f'type: autograder check "{others[0]}"'
        )
    if chosen:
        # What defines an entry point as well is another version of the same work.
        files = {n: c for n, c in files.items() if n == chosen or n not in versions}
    return Work(files, note)


def check_exists(path: Path) -> None:
    """Refuses a path at which there is nothing.

    Raises:
        CourseError: There is nothing.
    """
    if not path.exists():
        message = f"{path}: there is no such file or folder; name your notebook or your .py file."
        raise CourseError(message)


def name_of(path: PurePath, folder: PurePath) -> str:
    """The name of a file within a folder, with slashes also where paths have backslashes."""
    return path.relative_to(folder).as_posix()


def code_below(folder: Path) -> Iterator[Path]:
    """The scripts and notebooks of a folder, and scripts of the packages in it; no environments."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and is_code(path.name):
            yield path
        elif path.is_dir() and path.name.isidentifier() and path.name not in _RELEASED:
            yield from sorted(path.glob("*.py"))


def _overlap(versions: Iterable[Source]) -> bool:
    """True where two files define the same entry point."""
    names = [name for source in versions for name in source.defined]
    return len(names) > len(set(names))


def _rank(source: Source, age_s: float) -> tuple[bool, float, int, bool, str]:
    """Smallest first; the age is that against the version saved last."""
    return (
        not source.finished,
        age_s if age_s > _SAME_TIME_S else 0.0,
        -len(source.finished),
        not source.is_notebook,
        source.name,
    )
