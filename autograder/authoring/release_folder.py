"""Writes a release whole or not at all, in the place of an earlier one and of nothing else.

Knows what an earlier release may have left. What a release holds is the business of `release`.
"""

import json
import secrets
import shutil
from pathlib import Path
from typing import Final

from autograder.authoring import changelog
from autograder.authoring.figures import FOLDER as FIGURES
from autograder.authoring.release import Release
from autograder.errors import CourseError

__all__ = ["write_release"]

_LISTED: Final = 5


def write_release(release: Release, out: Path) -> None:
    """Writes the folder whole or not at all; an earlier release of the assignment is replaced.

    Raises:
        CourseError: `out` is something else than an earlier release, or cannot be written.
    """
    _check_out(release, out)
    mark = secrets.token_hex(8)
    out = out.absolute()
    new, old = out.with_name(f".{mark}.new"), out.with_name(f".{mark}.old")
    try:
        for name, content in release.files.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if out.exists():
            out.rename(old)
        try:
            new.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise
    except OSError as error:
        message = f"--out {out}: {error.strerror or error}; nothing was released."
        raise CourseError(message) from None
    finally:
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)


def _check_out(release: Release, out: Path) -> None:
    """Refuses to replace what this command has not made: a student's work, or a whole course."""
    if not out.exists() and not out.is_symlink():
        return
    refused = f"--out {out}: it exists and is no earlier release of {release.assignment}"
    if out.is_symlink() or not out.is_dir():
        message = f"{refused} but a file or a link. Name a new folder."
        raise CourseError(message)
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    if not there:
        return
    if _released_assignment(out / f"{release.assignment}.ipynb") != release.assignment:
        message = f"{refused}. Name a new folder, or remove this one first."
        raise CourseError(message)
    # A task or a changelog that is gone leaves its file behind, a release its wheel; all else is somebody's own.
    ours = (("tests/", ".py"), (f"{FIGURES}/", ""), ("torch_autograder-", ".whl"))
    foreign = sorted(
        name
        for name in there - release.files.keys() - {changelog.FILE}
        if not any(name.startswith(start) and name.endswith(end) for start, end in ours)
    )
    if foreign:
        listed = ", ".join(foreign[:_LISTED])
        message = (
            f"--out {out}: beside an earlier release it holds what is not of it: {listed}. "
            "It would be lost. Name a new folder, or move it away first."
        )
        raise CourseError(message)


def _released_assignment(notebook: Path) -> str | None:
    try:
        found = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["autograder"]
        return str(found["assignment"])
    except (OSError, ValueError, LookupError, TypeError):
        return None
