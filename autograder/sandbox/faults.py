"""What a submission can do instead of giving a value, in our words for the student and in its own for staff.

The student's words never quote the submission: hidden inputs are in its process, and a message would carry them out.
"""

import builtins
from collections.abc import Mapping
from typing import Any

from autograder.errors import GraderError
from autograder.records import Outcome

#: Kept of what a submission says; only staff see it.
STAFF_CHARS = 4000


class SubmissionFault(Exception):  # noqa: N818  # an outcome, not an error of ours
    """What a submission did instead of giving a value.

    Attributes:
        outcome: The task's outcome.
        message: Our own words, safe for the student.
        staff_message: May quote the submission.
        final: True where the process is gone and cannot be asked again.
    """

    def __init__(
        self, outcome: Outcome, message: str, staff_message: str = "", *, final: bool = False
    ) -> None:
        super().__init__(message)
        self.outcome = outcome
        self.message = message
        self.staff_message = staff_message
        self.final = final


class SubmissionUnreadable(SubmissionFault):
    """Nothing could be loaded from what was handed in: no task can be judged."""


class GraderStalled(GraderError):  # noqa: N818  # says what happened
    """This machine did not run the grader itself for a good part of the time limit, so an overrun proves nothing."""


def killed_for_memory(staff: str) -> SubmissionFault:
    """The kernel ended the task, since all its processes together had taken more memory than it may."""
    message = "It ran out of memory. How many elements does your largest tensor have?"
    return SubmissionFault(Outcome.OUT_OF_MEMORY, message, staff, final=True)


def fault_from(error: Mapping[str, Any], printed: str, where: str) -> SubmissionFault:
    """The submission's own report of a failure, as one of our outcomes in our own words."""
    staff = f"{error['type']}: {error['text']}"[:STAFF_CHARS]
    if printed:
        staff += f"\nprinted: {printed[-STAFF_CHARS:]}"
    match error["kind"]:
        case "missing":
            return SubmissionFault(
                Outcome.MISSING, "Your submission has nothing of this name.", staff
            )
        case "not_implemented":
            return SubmissionFault(Outcome.NOT_IMPLEMENTED, "Not implemented yet.", staff)
        case "out_of_memory":
            message = (
                f"It ran out of memory{where}. How many elements does your largest tensor have?"
            )
            return SubmissionFault(Outcome.OUT_OF_MEMORY, message, staff)
        case "misfit":
            message = (
                "The model's parameters have not the number and the shapes that the task asks for."
            )
            return SubmissionFault(Outcome.WRONG, message, staff)
        case "signature":
            message = (
                "It does not take the arguments that the handout gives it. "
                "Are its parameters as many as there, in the same order and with the same names?"
            )
            return SubmissionFault(Outcome.RAISED, message, staff)
        case "unsendable":
            message = (
                "It returned something other than tensors, numbers, or tuples and lists of them."
            )
            return SubmissionFault(Outcome.WRONG, message, staff)
        case "unreadable":
            return SubmissionUnreadable(Outcome.MISSING, error["text"], staff)
        case _:
            name = error["type"] if error["type"] in _EXCEPTIONS else "an exception"
            return SubmissionFault(Outcome.RAISED, f"Your code raised {name}{where}.", staff)


#: Names that may be shown: a submission's own class name is free text and could carry a hidden input.
_EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)
