"""Puts new files into a folder, all of them or none, and never over anything that is there.

Knows file systems. Refuses to know what the files are for.
"""

import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from autograder.errors import CourseError

__all__ = ["place_new"]


def place_new(folder: Path, texts: Mapping[str, str], parts: Sequence[str]) -> None:
    """Writes the files out of sight, then moves them in place part by part; a failure moves them back.

    Args:
        folder: Where the parts go; it exists.
        texts: Content by name relative to `folder`. Every file is one of the parts or lies in one.
        parts: What is moved as a whole, in this order. The folders above are made where missing.

    Raises:
        CourseError: A part is there already, or cannot be written; the folder is as it was.
    """
    there = [part for part in parts if _exists(folder / part)]
    if there:
        message = (
            f"{folder}: there already: {', '.join(there)}. Nothing was written, nothing is ever "
            "overwritten. Choose another name, or move it away first."
        )
        raise CourseError(message)
    staged = folder / f".{secrets.token_hex(8)}.new"
    above: list[Path] = []
    moved: list[str] = []
    try:
        for name, text in texts.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        for part in parts:
            for parent in reversed(Path(part).parents[:-1]):
                if not (folder / parent).is_dir():
                    (folder / parent).mkdir()
                    above.append(folder / parent)
            (staged / part).rename(folder / part)
            moved.append(part)
    except BaseException as error:  # Ctrl-C leaves no half of it either
        for part in reversed(moved):
            with suppress(OSError):
                (folder / part).rename(staged / part)
        for parent in reversed(above):
            with suppress(OSError):
                parent.rmdir()
        if isinstance(error, OSError):
            message = f"{folder}: cannot be written: {error.strerror or error}; it is as it was."
            raise CourseError(message) from None
        raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _exists(path: Path) -> bool:
    """Whether something has this name, in capitals or not: on a laptop the two may be one file."""
    if path.is_symlink() or path.exists():
        return True
    with suppress(OSError):
        return any(entry.name.lower() == path.name.lower() for entry in path.parent.iterdir())
    return False
