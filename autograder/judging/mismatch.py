"""The verdict that a value is not the expected one, in words for students and words for staff.

Knows both texts and keeps them apart. Refuses to know how values are compared.
"""

__all__ = ["Mismatch", "mismatch_at"]


class Mismatch(AssertionError):  # noqa: N818 (a wrong answer is an outcome, not an error)
    """A value of a submission is not the expected one.

    Attributes:
        message: Safe for students: our words, shapes, counts, sizes to a power of ten. Holds no
            expected value and no tolerance; `str()` of the exception is this text.
        staff_message: The same, then the worst element, both values there, and what was allowed.
    """

    def __init__(self, message: str, staff_message: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.staff_message = staff_message or message


def mismatch_at(place: str, words: str, detail: str = "") -> Mismatch:
    """Returns a `Mismatch` whose sentence names the place, as in "Value 2 of 2: shape is ...".

    Args:
        place: Empty, or the position with a colon and a space after it.
        words: For students; begins in lower case, has no full stop.
        detail: For staff only: whole sentences.
    """
    text = f"{place}{words}."
    message = text[0].upper() + text[1:]
    return Mismatch(message, f"{message} {detail}".rstrip())
