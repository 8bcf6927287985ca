"""`autograder init`: a course that already grades."""

from pathlib import Path

from rich.console import Console

from autograder.authoring.placing import place_new
from autograder.authoring.scaffold import FIRST, course_texts, titled
from autograder.errors import CourseError
from autograder.settings.course import COURSE_FILE

#: A repository that was just made or cloned counts as empty.
_NO_CONTENT = frozenset((".git",))
_LISTED = 3


def init_command(folder: Path, title: str | None) -> int:
    """Makes a course in a new or empty folder.

    Returns:
        The exit code, 0.
    """
    place = folder.absolute()
    name = place.resolve().name
    texts = course_texts(titled(name) if title is None else title)
    if place.is_symlink() or place.exists():
        _check_empty(folder)
        # What makes a folder a course comes last.
        parts = sorted({text.split("/")[0] for text in texts}, key=lambda part: part == COURSE_FILE)
        place_new(folder, texts, parts)
    elif place.parent.is_dir():
        place_new(place.parent, {f"{name}/{text}": texts[text] for text in texts}, [name])
    else:
        message = f"{folder}: there is no folder {place.parent}. Make it first."
        raise CourseError(message)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Made the course {folder}:", markup=False)
    for text in sorted(texts):
        console.print(f"  {text}", markup=False)
    console.print(
        f"Next: read README.md and grading.yml there, then, in that folder: autograder verify {FIRST}",
        markup=False,
    )
    return 0


def _check_empty(folder: Path) -> None:
    if not folder.is_dir():
        message = f"{folder}: it is no folder. Name a new folder, or an empty one."
        raise CourseError(message)
    try:
        there = sorted({path.name for path in folder.iterdir()} - _NO_CONTENT)
    except OSError as error:
        message = f"{folder}: cannot be read: {error.strerror or error}."
        raise CourseError(message) from None
    if COURSE_FILE in there:
        message = (
            f"{folder}: it is a course already, nothing was written. "
            "`autograder new NAME` makes a new assignment in it."
        )
        raise CourseError(message)
    if there:
        more = f" and {len(there) - _LISTED} more" if len(there) > _LISTED else ""
        message = (
            f"{folder}: it is not empty: it holds {', '.join(there[:_LISTED])}{more}. "
            "Nothing was written. Name a new folder, or an empty one."
        )
        raise CourseError(message)
