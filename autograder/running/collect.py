"""Finds what was handed in and reads it as bytes. Nothing is opened as a notebook or an archive here.

The rule of identity: an entry of SUBMISSIONS belongs to the student whose id is its name without .py, .ipynb or .zip.
`ada.py` and `ada.ipynb` are one submission of two files. With a roster, a name that is not an id in it is graded and
held apart, never guessed.
"""

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from autograder.errors import CourseError
from autograder.records import HandedInFile, Submission
from autograder.settings.roster import Roster

_SUFFIXES: Final = (".py", ".ipynb", ".zip")
_MOST_FILES: Final = 500
_MOST_DEPTH: Final = 8
#: How Python reads bytes of a file name that are no UTF-8 (PEP 383).
_UNDECODED: Final = re.compile("[\udc80-\udcff]")


#: What Windows leaves in folders that it has shown.
_LITTER: Final = frozenset({"Thumbs.db", "desktop.ini"})


class _Refused(Exception):  # noqa: N818  # about the submission, not an error of ours
    """A submission that is not even opened; the message is for its student."""


def collect(root: Path, roster: Roster | None, limit_mb: int) -> tuple[Submission, ...]:
    """Reads every submission below `root`, one entry per student, in the order of their ids.

    Args:
        root: A folder with one file or folder per student, or a single file.
        roster: The students of the course, if there is such a list.
        limit_mb: Largest submission; a larger one is refused, and the rest is not.

    Raises:
        CourseError: `root` does not exist, cannot be read or holds nothing.
    """
    if not root.exists():
        message = f"{root}: there is no such file or folder; SUBMISSIONS holds one file or folder per student."
        raise CourseError(message)
    try:
        entries = sorted(root.iterdir()) if root.is_dir() else [root]
    except OSError as error:
        message = f"{root}: {error.strerror}; grading needs to read it."
        raise CourseError(message) from None
    by_name: dict[str, list[Path]] = {}
    for entry in entries:
        if not entry.name.startswith((".", "__MACOSX")) and entry.name not in _LITTER:
            by_name.setdefault(_name(entry), []).append(entry)
    if not by_name:
        message = f"{root}: it is empty; expected one file or folder per student."
        raise CourseError(message)
    return tuple(_read(name, paths, roster, limit_mb) for name, paths in sorted(by_name.items()))


def collect_one(folder: Path, student: str, limit_mb: int) -> Submission:
    """Reads a folder as what one student handed in; who that is, the caller knows.

    Args:
        folder: It may be empty.
        student: Never taken from the folder's or a file's name.
        limit_mb: Largest submission; a larger one is refused.
    """
    return replace(_read(_text(folder.name), [folder], None, limit_mb), student=student)


def made(student: str, files: Mapping[str, bytes]) -> Submission:
    """A submission that nobody handed in: made by the course itself, to prove an assignment."""
    listed = [HandedInFile(name, content) for name, content in sorted(files.items())]
    return Submission(student, student, tuple(listed), _hash(listed, ""))


def _name(entry: Path) -> str:
    name = _text(entry.name)
    suffix = next((s for s in _SUFFIXES if name.lower().endswith(s) and not _is_folder(entry)), "")
    return name[: len(name) - len(suffix)] or name


def _is_folder(entry: Path) -> bool:
    return stat.S_ISDIR(entry.lstat().st_mode)


def _read(name: str, paths: Sequence[Path], roster: Roster | None, limit_mb: int) -> Submission:
    student = roster.match(name) if roster else name
    files: list[HandedInFile] = []
    refused = ""
    left = limit_mb << 20
    try:
        for path in paths:
            for file in _files(path):
                # A folder `ada` beside a script `ada.py`: its files keep the folder's name, or two could be one.
                base = path if path.is_dir() and len(paths) == 1 else path.parent
                name_inside = _text(str(file.relative_to(base)))
                files.append(HandedInFile(name_inside, _content(file, left)))
                left -= len(files[-1].content)
                if len(files) > _MOST_FILES:
                    message = f"It holds more than {_MOST_FILES} files."
                    raise _Refused(message)
    except _Refused as error:
        refused = str(error)
        files = []
    except OSError as error:
        refused = f"It could not be read: {error.strerror}."
        files = []
    files.sort(key=lambda file: file.name)
    return Submission(
        student=student or name,
        source=name,
        files=tuple(files),
        sha256=_hash(files, refused),
        refused=refused,
        matched=student is not None,
    )


def _files(path: Path, depth: int = 0) -> Iterator[Path]:
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        message = f"{_text(path.name)} is a link; hand in the file itself."
        raise _Refused(message)
    if stat.S_ISREG(mode):
        yield path
    elif stat.S_ISDIR(mode):
        if depth > _MOST_DEPTH:
            message = f"Its folders are more than {_MOST_DEPTH} deep."
            raise _Refused(message)
        for child in sorted(path.iterdir()):
            if child.name not in {
                ".ipynb_checkpoints",
                "__pycache__",
                "__MACOSX",
                ".DS_Store",
                ".git",
            }:
                yield from _files(child, depth + 1)
    else:
        message = (
            f"{_text(path.name)} is neither a file nor a folder (a device, a socket or a pipe)."
        )
        raise _Refused(message)


def _text(name: str) -> str:
    # Names are data: bytes that are no UTF-8 become visible escapes, so that every report can write them. Percent
    # signs, since a backslash in a file's name counts as the separator of folders that Windows writes into archives.
    return _UNDECODED.sub(lambda byte: f"%{ord(byte[0]) & 0xFF:02X}", name)


def _content(file: Path, left: int) -> bytes:
    # O_NOFOLLOW: between lstat and here the file could have become a link to the hidden tests.
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            message = f"{_text(file.name)} is not a regular file."
            raise _Refused(message)
        content = stream.read(left + 1)
    if len(content) > left:
        message = "It is larger than this course takes; leave out data, weights and outputs."
        raise _Refused(message)
    return content


def _hash(files: Sequence[HandedInFile], refused: str) -> str:
    digest = hashlib.sha256(refused.encode())
    for file in files:
        name = file.name.encode()
        digest.update(b"%d %d " % (len(name), len(file.content)) + name + file.content)
    return digest.hexdigest()
