"""The one file in the cache: the four raw files one after another, for all processes to map.

Being the published bytes, it is verified against the published hashes and needs no digest of its
own. Refuses to know where the bytes come from and what they mean.
"""

import hashlib
import mmap
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import Final

from autograder.datasets.originals import Contents, Original, first_flaw
from autograder.errors import CourseError

__all__ = ["cached_flaw", "cached_path", "spans", "write_cached"]

#: A temporary file that is older was left by a process that was killed; writing one takes a second.
_ABANDONED_S: Final = 3600.0


def cached_path(cache: Path, originals: Sequence[Original]) -> Path:
    """Returns where the file is, or is to be: its name follows from what it must hold."""
    digest = hashlib.sha256("".join(original.sha256 for original in originals).encode())
    return cache / f"mnist-{digest.hexdigest()[:12]}.idx"


def spans(originals: Sequence[Original]) -> tuple[slice, ...]:
    """Returns where in the one file each of the originals lies."""
    ends = accumulate(original.size for original in originals)
    return tuple(
        slice(end - original.size, end) for original, end in zip(originals, ends, strict=True)
    )


def cached_flaw(path: Path, originals: Sequence[Original]) -> str | None:
    """Returns in which way the file is not what it must be, or None where every byte is right.

    Hashes all of it, which takes 0.05 s for MNIST: a disk that lies would else change grades.
    """
    expected = sum(original.size for original in originals)
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno()).st_size
            if found != expected:
                return f"expected {expected:,} bytes, got {found:,}"
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
                return _mapped_flaw(memoryview(whole), originals)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _mapped_flaw(whole: memoryview, originals: Sequence[Original]) -> str | None:
    # A map cannot be closed while a view of it is open.
    with whole:
        parts = [whole[span] for span in spans(originals)]
        try:
            return first_flaw(originals, parts)
        finally:
            for part in parts:
                part.release()


def write_cached(path: Path, contents: Contents) -> None:
    """Writes the file so that a reader, a second run or a kill finds a whole one or none.

    A process that has the old file mapped keeps it: it is replaced, never written into.

    Raises:
        CourseError: The cache's folder cannot be made or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for abandoned in _abandoned(path):
            with suppress(OSError):  # another run may have removed it first
                abandoned.unlink()
        # A name of its own for each writer: two runs at once both write, and both write the same.
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
        try:
            with temporary.open("xb") as file:
                file.writelines(contents)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        msg = (
            f"{path}: MNIST cannot be kept there: {error.strerror or error}. Name a folder that "
            "is writable and has 60 MB free by the variable AUTOGRADER_CACHE."
        )
        raise CourseError(msg) from error


def _abandoned(path: Path) -> Iterator[Path]:
    for temporary in path.parent.glob(f".{path.name}.*.tmp"):
        with suppress(OSError):
            if time.time() - temporary.stat().st_mtime > _ABANDONED_S:
                yield temporary
