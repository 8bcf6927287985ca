"""What became of a submission's cells when they ran.

Written by the student's process and therefore a claim: the trusted side reads it with `from_plain`,
shows labels and lines to the student, and messages to staff only.
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from autograder.submission import plain
from autograder.submission.flat import CEILING, MAX_LABEL

Kind = Literal["raised", "timed_out"]

#: Characters kept of a student's exception.
MAX_MESSAGE: Final = 2_000
#: Names kept per cell, and characters of each.
MAX_NAMES: Final = 100
_MAX_SECONDS: Final = 10**6


@dataclass(frozen=True, slots=True)
class CellFailure:
    """A cell that did not run to its end.

    Attributes:
        label: The cell's, as in `Cell`: "cell 5" or "line 12".
        kind: Interrupted or never started for lack of time ("timed_out"), else "raised".
        exception: Name of the exception's type where it is a builtin one, else "exception"; empty
            for "timed_out".
        message: Raw text of the student's exception, for staff.
        line: Line of the cell (notebook) or of the file (script) where it happened; None where
            unknown.
        names: What the cell would have defined.
    """

    label: str
    kind: Kind
    exception: str
    message: str
    line: int | None
    names: tuple[str, ...]

    def to_plain(self) -> dict[str, object]:
        """The same as str, int, list and dict; line 0 stands for None."""
        return {
            "label": self.label,
            "kind": self.kind,
            "exception": self.exception,
            "message": self.message,
            "line": self.line or 0,
            "names": list(self.names),
        }

    @classmethod
    def from_plain(cls, value: object) -> "CellFailure":
        """Rebuild from `to_plain`'s form, trusting nothing in it.

        Raises:
            ValueError: A type or a size is not as it must be.
        """
        keys = ("label", "kind", "exception", "message", "line", "names")
        entries = plain.record(value, "failure", keys)
        kinds = [kind for kind in get_args(Kind) if kind == entries["kind"]]
        if not kinds:
            raise ValueError("failure kind: expected raised or timed_out")
        return cls(
            label=plain.text(entries["label"], "failure label", MAX_LABEL),
            kind=kinds[0],
            exception=plain.text(entries["exception"], "failure exception", plain.MAX_NAME),
            message=plain.text(entries["message"], "failure message", MAX_MESSAGE),
            line=plain.number(entries["line"], "failure line", 0, CEILING.source_chars) or None,
            names=plain.texts(entries["names"], "failure names", MAX_NAMES, plain.MAX_NAME),
        )


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of a load as a whole.

    Attributes:
        failures: In the order of the cells.
        seconds: Wall time of the load.
        stopped: True where the whole time was spent: cells after that did not run, except bare
            definitions.
    """

    failures: tuple[CellFailure, ...]
    seconds: float
    stopped: bool

    def to_plain(self) -> dict[str, object]:
        """The same as str, int, list and dict; time in whole milliseconds."""
        return {
            "failures": [failure.to_plain() for failure in self.failures],
            "milliseconds": round(1000 * self.seconds),
            "stopped": int(self.stopped),
        }

    @classmethod
    def from_plain(cls, value: object) -> "LoadReport":
        """Rebuild from `to_plain`'s form, trusting nothing in it.

        Raises:
            ValueError: A type or a size is not as it must be.
        """
        entries = plain.record(value, "load report", ("failures", "milliseconds", "stopped"))
        failures = plain.items(entries["failures"], "failures", CEILING.cells)
        time_ms = plain.number(entries["milliseconds"], "load time", 0, 1000 * _MAX_SECONDS)
        return cls(
            failures=tuple(CellFailure.from_plain(entry) for entry in failures),
            seconds=time_ms / 1000,
            stopped=plain.number(entries["stopped"], "stopped", 0, 1) == 1,
        )
