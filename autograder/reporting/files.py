"""Files that are there whole or not at all, and file names that no student's name can abuse.

Knows file systems. Knows nothing of what stands in a report but the feedback text.
"""

import hashlib
import os
import re
import secrets
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from autograder.errors import CourseError
from autograder.records import Grade
from autograder.reporting.text import feedback

# What stands as it is: no capital (two names that differ in case are one file on macOS and
# Windows), no leading dot (hidden, `..`) or hyphen (an option to rm).
_PLAIN: Final = re.compile(r"[a-z0-9_][a-z0-9._-]{0,79}")
# What looks like a name made below must not stand as it is, or "ada-1a2b3c4d" could be chosen to
# collide with the file of "Ada".
_MADE: Final = re.compile(r"-[0-9a-f]{8,64}\Z")
# Windows opens a device for these, whatever follows the first dot.
_DEVICES: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)")

_SLUG_LENGTH: Final = 40
_SHORT_DIGEST: Final = 8
_WHOLE_DIGEST: Final = 64


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file so that a reader, a crash or a full disk finds the old one or the new one.

    Args:
        path: The file; its folder is made where it is missing.
        content: All of it.

    Raises:
        CourseError: The folder cannot be made or the file not be written.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # "x": never through a link that someone put there.
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise CourseError(
            f"{path}: cannot be written: {error.strerror or error}. The grades are safe in the "
            "store. Name a folder for --out that is writable and on a disk with free space, then "
            "run the same command again."
        ) from error


def feedback_name(student: str) -> str:
    """Returns the name of a student's feedback file, safe on any file system.

    A plain identifier stays as it is; anything else becomes a readable part and the start of the
    identifier's SHA-256, so that `../x`, `a/b`, `Ada`, `CON` or an empty name neither escape from
    the folder nor fall on another student's file.
    """
    return _name(student, _SHORT_DIGEST)


def write_feedback(folder: Path, grades: Sequence[Grade], title: str) -> tuple[Path, ...]:
    """Writes one feedback text per student and returns the files, in the order of the grades.

    Several grades of one student (a script and a notebook side by side) stand in one file.

    Args:
        folder: Where the files go; made where it is missing.
        grades: The grades.
        title: Title of the assignment.

    Raises:
        CourseError: The folder cannot be written.
    """
    texts: dict[str, list[str]] = {}
    for grade in grades:
        texts.setdefault(grade.student, []).append(feedback(grade, title))
    taken: set[str] = set()
    paths: list[Path] = []
    for student, parts in texts.items():
        name = feedback_name(student)
        if name in taken:
            # Eight digits can be made to collide on purpose, given some hours of trying names.
            name = _name(student, _WHOLE_DIGEST)
        taken.add(name)
        paths.append(folder / name)
        write_atomically(paths[-1], "\n\n".join(parts).encode("utf-8"))
    return tuple(paths)


def _name(student: str, digits: int) -> str:
    plain = _PLAIN.fullmatch(student) and not _MADE.search(student)
    if digits == _SHORT_DIGEST and plain and not _DEVICES.match(student):
        return f"{student}.txt"
    ascii_part = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9_]+", "-", ascii_part.lower())[:_SLUG_LENGTH].strip("-") or "student"
    # surrogatepass: a file name that is not UTF-8 reaches us with lone surrogates.
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{slug}-{digest[:digits]}.txt"
