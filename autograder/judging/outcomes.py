"""What an exception in a hidden test means: whose doing it is, and in whose words it is told.

An outcome comes with a message for the student and one for staff; only the latter may quote values.
"""

import os
import traceback
from pathlib import Path
from typing import Final

from autograder.errors import CourseError
from autograder.judging.mismatch import Mismatch
from autograder.records import Outcome
from autograder.sandbox.faults import GraderStalled, SubmissionFault

_PACKAGE: Final = f"{Path(__file__).parents[1]}{os.sep}"

_PYTESTS: Final = frozenset(("_pytest", "pluggy"))

#: What a test raises where it says something, or where the machine fails: no stumble.
_NO_STUMBLES: Final = (
    AssertionError,
    CourseError,
    GraderStalled,
    Mismatch,
    OSError,
    SubmissionFault,
)


def is_stumble(error: BaseException) -> bool:
    """True for what a test raises that takes an answer for something that it is not.

    Whatever kind that is: a test that asks an empty list for its first item meets StopIteration, and one that hands a
    nested answer on, an argument that cannot cross the wall. Any kind left out would withhold a grade at will.
    """
    return isinstance(error, Exception) and not isinstance(error, _NO_STUMBLES)


def outcome_of_stumble(error: BaseException) -> tuple[Outcome, str, str]:
    """An exception of a test after an answer: the answer's doing, since with the reference the very test passes.

    The rehearsal ran it with the same draws. Were it our fault, every submission could have its grade withheld at will
    by returning None; were it simply wrong, a test that is too narrow would cost marks unseen: a person looks.
    """
    message = "What it returned cannot be used as the task asks. Is it of the kind that the handout names?"
    return Outcome.WRONG, message, _told(error)


_OUR_FAULT = (
    "The grader failed while judging this task. This is not your fault; nothing was scored."
)


def outcome_of(error: BaseException) -> tuple[Outcome, str, str]:
    """Whose doing an exception in a hidden test is: the submission's, or anything else: ours."""
    match error:
        case SubmissionFault():
            return error.outcome, error.message, error.staff_message
        case Mismatch():
            return Outcome.WRONG, error.message, error.staff_message
        case AssertionError():
            return (
                Outcome.WRONG,
                "What it returned does not have a property that it must have.",
                str(error),
            )
        case _:
            # A skip or an xfail lands here as well: it must never score.
            return Outcome.GRADER_ERROR, _OUR_FAULT, _told(error)


def _told(error: BaseException) -> str:
    steps = [
        (step.filename, step.lineno)
        for step in traceback.extract_tb(error.__traceback__)
        if not _PYTESTS.intersection(Path(step.filename).parts)
    ]
    # Before the line of ours, the line of the test that led to it.
    theirs = [step for step in steps if not step[0].startswith(_PACKAGE)][-1:]
    where = ", ".join(f"{file}:{line}" for file, line in dict.fromkeys((*theirs, *steps[-1:])))
    return f"{type(error).__name__}: {error}{where and f' ({where})'}"
