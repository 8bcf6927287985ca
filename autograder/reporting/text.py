"""Plain text for people: what may be shown of a text that others wrote, and the student's feedback.

Knows terminals and wording. Knows no file and no format that a program reads.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterator
from typing import Final

from autograder.records import Grade, Outcome, Status, TaskResult
from autograder.reporting.words import (
    OUTCOME_WORDS,
    number,
    shown_score,
    shows_points,
    so_far,
)

_WIDTH: Final = 88
_CUT: Final = " [...]"

# A terminal acts on these (colours, titles, links, clipboard). A
# string that is never ended loses its introducer only: the rest of the message must stay readable.
_ESCAPE_SEQUENCES: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)"  # OSC, DCS
    r"|\x1b[ -/]*[0-~]"  # the short ones
)

# Zero-width though Unicode does not call them formatting: grapheme joiner and the fillers.
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")

_REMINDER: Final = (
    "The hidden tests check more than the public checks: other inputs, other shapes and the way "
    "to the result. Passing the public checks is a start, not the whole grade."
)


def clean(text: str, limit: int = 2000) -> str:
    """Returns the text without anything that acts on a terminal, reorders it or cannot be seen.

    Escape sequences, C0 and C1 controls, bidirectional controls, zero-width characters and lone
    surrogates go; newlines and tabs stay. All kinds of line ends become a newline.

    Args:
        text: Whatever a submission, an exception or a file name held.
        limit: Greatest length of what is returned, in characters; a longer text ends in "[...]".
    """
    text = re.sub("\r\n?|[\u2028\u2029\x85]", "\n", text)
    text = _ESCAPE_SEQUENCES.sub("", text)
    text = "".join(char for char in text if char in "\n\t" or not _is_unsafe(char))
    if len(text) <= limit:
        return text
    return (text[: max(0, limit - len(_CUT))] + _CUT)[:limit]


def visible(text: str) -> str:
    r"""Returns a name with every character that `clean` removes spelled out, as in `\u202e`.

    For identifiers: two names that differ must not look the same after cleaning.
    """
    return "".join(
        char
        if not _is_unsafe(char)
        else (rf"\u{ord(char):04x}" if ord(char) < 0x10000 else rf"\U{ord(char):08x}")
        for char in text
    )


def feedback(grade: Grade, title: str) -> str:
    """Returns what the student reads: what is right first, then what to look at, task by task.

    Holds the tasks' messages and the grade's notes, never a staff message or an advice.

    Args:
        grade: The grade.
        title: Title of the assignment.
    """
    return "\n".join(_lines(grade, title)) + "\n"


def overview(grade: Grade) -> str:
    """Returns the part of the feedback that belongs to no task: the score, what it is worth, notes on the file.

    For places that show the tasks themselves, one by one.
    """
    return "\n".join([*_standing(grade), *_notes(grade), "", *_wrapped(_REMINDER)]).strip() + "\n"


def _lines(grade: Grade, title: str) -> Iterator[str]:
    heading = _wrapped(_one_line(title))
    yield from heading
    yield "=" * max(map(len, heading), default=0)
    yield from _wrapped(f"Student: {visible(grade.student)}")
    if grade.source:
        yield from _wrapped(f"Handed in: {visible(grade.source)}")
    yield from _standing(grade)
    right = [task for task in grade.tasks if task.outcome is Outcome.PASSED]
    waiting = [task for task in grade.tasks if task.outcome is Outcome.PENDING]
    unfinished = [
        task for task in grade.tasks if task.outcome not in (Outcome.PASSED, Outcome.PENDING)
    ]
    for heading_text, tasks in (
        ("What is right", right),
        ("What to look at", unfinished),
        ("What people still grade", waiting),
    ):
        if tasks:
            yield from ("", heading_text, "-" * len(heading_text))
        for task in tasks:
            yield from _task(task, shows_points(grade))
    yield from _notes(grade)
    yield ""
    yield from _wrapped(_REMINDER)


def _notes(grade: Grade) -> Iterator[str]:
    if grade.notes:
        yield from ("", "Notes on your file", "------------------")
        for note in grade.notes:
            yield from _wrapped(clean(note), first="- ", rest="  ")


def _standing(grade: Grade) -> Iterator[str]:
    """Yields the score and what it is worth, each said plainly."""
    score = shown_score(grade)
    if grade.status is Status.PENDING:
        have, waiting = so_far(grade)
        yield from _wrapped(
            f"So far: {number(have)} of {number(grade.max_score)} points. Graded by hand, and still "
            f"missing: {number(waiting)}. This is no score yet."
        )
    if score is not None:
        yield f"Score: {number(score)} of {number(grade.max_score)} points"
    remark = _remark(grade, score)
    if remark:
        yield ""
        yield from _wrapped(remark)
    if not grade.official:
        yield ""
        yield from _wrapped(
            "Unofficial: this was graded with less isolation than the course requires. "
            "It does not count as a grade."
        )


def _remark(grade: Grade, score: float | None) -> str:
    match grade.status:
        case Status.UNGRADABLE:
            return (
                "Not graded: nothing in the file could be loaded, so there is no score and no "
                "attempt is used up. The notes below say why; mend that and hand in again."
            )
        case Status.NEEDS_REVIEW if score is not None:
            return "A person will look at this before the score stands; it may still change."
        case Status.OVERRIDDEN if score is not None:
            return "A person decided this score. It stands in place of the computed one."
        case Status.GRADED if score is not None:
            return ""
        case Status.PENDING:
            return ""
        case _:
            return (
                "No score yet: the grader could not finish, which is not the fault of your "
                "submission. You need not hand in again; it will be graded again."
            )


def _task(task: TaskResult, with_points: bool) -> Iterator[str]:
    yield ""
    head = f"{_one_line(task.id)} {_one_line(task.title)}: {OUTCOME_WORDS[task.outcome]}"
    if with_points and task.points is not None:
        head += f", {number(task.points)} of {number(task.max_points)} points"
    yield from _wrapped(head)
    yield from _wrapped(clean(task.message), first="    ", rest="    ")


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Returns the text's lines, each at most 88 columns wide; a newline in the text stays one."""
    lines: list[str] = []
    for paragraph in text.strip("\n").split("\n"):
        lines += textwrap.wrap(
            paragraph,
            _WIDTH,
            initial_indent=rest if lines else first,
            subsequent_indent=rest,
            break_on_hyphens=False,
        )
    return lines


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _is_unsafe(char: str) -> bool:
    # Cc controls, Cf formatting (bidi, zero-width, tags), Cs lone surrogates, Zl and Zp line ends.
    return char in _INVISIBLE or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
