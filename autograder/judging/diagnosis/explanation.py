"""What a diagnosis says to a student: what is right, the observation with numbers, a question, where to read.

Knows words only. Holds no hidden value: all numbers are those of a visible example, computed by our own functions.
Never the solution, and never more than 160 words.

Source: notes/misconceptions.md section 6 (order and length of a message; hints that end in a question).
"""

from dataclasses import dataclass
from typing import Final

__all__ = ["MOST_WORDS", "Finding", "Named", "Seen", "explained"]

#: Educators rank hints of 80 to 160 words best.
MOST_WORDS: Final = 160


@dataclass(frozen=True, slots=True)
class Named:
    """A misconception of the catalogue whose variant gives the submission's very numbers.

    Attributes:
        points: At how many independent points.
        example: A visible input in words; empty where there is none, or where it does not show the slip.
        right: The right numbers on the example.
        slip: Those of the variant on it.
    """

    id: str
    points: int
    what: str
    question: str
    reading: str
    example: str
    right: str
    slip: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be seen of a wrong answer without knowing where it comes from.

    Attributes:
        right: What of it is right; empty where nothing is.
        observation: How the rest of it lies to the right answer, in words.
    """

    id: str
    right: str
    observation: str


Finding = Named | Seen


def explained(finding: Finding, *, passed: int, tests: int, mismatch: str, hint: str) -> str:
    """Returns what the student reads of a failed test.

    Args:
        finding: What the diagnosis found.
        passed: How many tests of the task passed.
        tests: How many it has.
        mismatch: What the comparison said.
        hint: The question of the test's author.
    """
    verb = "passes" if passed == 1 else "pass"
    right = f"{passed} of the {tests} tests of this task {verb}." if passed else ""
    if isinstance(finding, Seen):
        parts = [right, mismatch, finding.right, finding.observation, hint]
    else:
        points = (
            f"at {finding.points} independent points" if finding.points > 1 else "number by number"
        )
        parts = [right, mismatch, f"The same numbers come out, {points}, when {finding.what}."]
        if finding.example:
            parts.append(
                f"For {finding.example}, the right answer is {finding.right}; with that slip it is {finding.slip}."
            )
        parts += [finding.question, f"To read: {finding.reading}."]
    return " ".join(part for part in parts if part)
