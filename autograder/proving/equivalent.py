"""Mutants of which the course says why they may survive: they compute the same, or what they change is not judged.

Knows the file `tests/hidden/<assignment>/mutants.yml`: a list of the line before, the line after, and the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from autograder.proving.mutants import Mutant
from autograder.settings.course import Settings
from autograder.settings.documents import read_document

__all__ = ["FILE", "Equivalent", "load_equivalent"]

FILE: Final = "mutants.yml"

_Words = Annotated[str, Field(min_length=1, max_length=400)]


class _Entry(Settings):
    """One survivor, explained.

    Attributes:
        before: The line of the master, without the blanks around it.
        after: What the mutation made of it.
        reason: Why it may survive.
    """

    before: _Words
    after: _Words
    reason: _Words


class _File(Settings):
    """mutants.yml as it is written."""

    equivalent: Annotated[tuple[_Entry, ...], Field(strict=False)] = ()


@dataclass(frozen=True, slots=True)
class Equivalent:
    """The explained mutants of an assignment."""

    entries: tuple[_Entry, ...] = ()

    def reason(self, mutant: Mutant) -> str:
        """Why a mutant may survive; empty where nobody has said so."""
        return next(
            (
                e.reason
                for e in self.entries
                if (e.before, e.after) == (mutant.before, mutant.after)
            ),
            "",
        )

    def unused(self, found: Iterable[Mutant]) -> list[str]:
        """Entries that no mutant answers to: the master has changed since."""
        known = {(mutant.before, mutant.after) for mutant in found}
        return [e.before for e in self.entries if (e.before, e.after) not in known]


def load_equivalent(suite: Path) -> Equivalent:
    """Returns the explained mutants of a hidden suite; none where there is no such file.

    Raises:
        CourseError: The file is wrong; names line and key.
    """
    path = suite / FILE
    return Equivalent(read_document(path, _File).equivalent) if path.is_file() else Equivalent()
