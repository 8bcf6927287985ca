"""A class of hostile submissions: the programs below hostile/ as data, beside what hostile_intake builds.

Knows how a blank answer and an attack become what a student hands in, and what may become of it. Knows no grader.

The head of a program:
    # attack: what it tries
    # asset: what it is after, of ASSETS; several with commas
    # channel: by which way, of CHANNELS; several with commas
    # beats otter: number of the attack in the table of notes/otter.md, section 3, that beat otter-grader, or no
    # expect: outcomes that its tasks may have, and `ungradable` where nothing of it may be loaded
    # place: before or after the blank answer
and, where it applies:
    # unseen: a pattern that must not be in what its student gets to read
    # residual: what it gains all the same, in words; listed in docs/security.md
    # assignment: the assignment that it attacks, where that is not chain_rule
    # process: too, where the attack is not about isolation and fails without any
In a program, @COURSE@ and @OUT@ stand for the course and for the folder of results, which an attacker may have guessed;
@TOP@ for the folder of both, @PYTHON@ for the interpreter's, @PACKAGE@ for that of autograder. A program that got what
it must not get says ESCAPED.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CHAIN_RULE = "chain_rule"

ASSETS = ("tests", "reference", "seeds", "other submissions", "grades", "machine", "time of others")
CHANNELS = (
    "file system", "memory", "processes", "network", "kernel", "wire", "results", "intake", "feedback", "time",
)  # fmt: skip
OUTCOMES = frozenset(
    [
        "wrong",
        "missing",
        "not_implemented",
        "raised",
        "timed_out",
        "out_of_memory",
        "crashed",
        "partial",
        "ungradable",
    ]
)

#: Writes what is handed in: takes the folder of all submissions, the blank answer and the names.
Build = Callable[[Path, str, Mapping[str, str]], None]


class HeadError(ValueError):
    """A program without a proper head."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile submission.

    Attributes:
        otter: Number of the attack that beat otter-grader, or 0.
        entry: Name below SUBMISSIONS, as the student's id.
        process: Also run without isolation.
    """

    name: str
    what: str
    assets: tuple[str, ...]
    channels: tuple[str, ...]
    otter: int
    expect: frozenset[str]
    build: Build
    unseen: str = ""
    residual: str = ""
    assignment: str = CHAIN_RULE
    process: bool = False
    entry: str = ""

    def __post_init__(self) -> None:
        for what, given, known in (
            ("asset", self.assets, ASSETS), ("channel", self.channels, CHANNELS), ("expect", self.expect, OUTCOMES),
        ):  # fmt: skip
            if not given or not set(given) <= set(known):
                message = f"{self.name}: {what} is {', '.join(given)!r}, expected some of {', '.join(known)}"
                raise HeadError(message)

    @property
    def student(self) -> str:
        return self.entry or self.name


def listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def programs() -> list[Attack]:
    return [program(path) for path in sorted((HERE / "hostile").glob("*.py"))]


def program(path: Path) -> Attack:
    text = path.read_text()
    head = dict(re.findall(r"^# ([a-z ]+): (.*)$", text.partition("\n\n")[0], re.MULTILINE))
    missing = {"attack", "asset", "channel", "beats otter", "expect", "place"} - head.keys()
    unknown = head.keys() - {
        "attack", "asset", "channel", "beats otter", "expect", "place", "unseen", "residual", "assignment", "process",
    }  # fmt: skip
    if missing or unknown:
        message = f"{path.name}: its head lacks {sorted(missing)} and has unknown {sorted(unknown)}"
        raise HeadError(message)

    def build(folder: Path, blank: str, known: Mapping[str, str]) -> None:
        attack = filled(text, known)
        parts = [attack, blank] if head["place"] == "before" else [blank, attack]
        (folder / path.name).write_text("\n\n".join(parts))

    return Attack(
        name=path.stem,
        what=head["attack"],
        assets=listed(head["asset"]),
        channels=listed(head["channel"]),
        otter=int(head["beats otter"].replace("no", "0")),
        expect=frozenset(listed(head["expect"])),
        build=build,
        unseen=head.get("unseen", ""),
        residual=head.get("residual", ""),
        assignment=head.get("assignment", CHAIN_RULE),
        process=head.get("process", "") == "too",
    )


def names(course: Path, out: Path) -> dict[str, str]:
    package = HERE.parents[1] / "autograder"
    return {
        "@COURSE@": str(course), "@OUT@": str(out), "@TOP@": str(course.parent),
        "@PYTHON@": sys.prefix, "@PACKAGE@": str(package),
    }  # fmt: skip


def filled(text: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(name, value)
    return text
