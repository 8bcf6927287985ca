"""Mutants of an assignment's master, to measure its hidden suite: one that keeps full marks has survived.

Text in, records out; runs nothing. Knows masters and their regions; what is mutated is the business of `mutations`. No
well-kept library fits: mutmut and cosmic-ray mutate a package on disk and run its own test command per mutant, a fresh
interpreter each, and neither knows tensors' axes and reductions.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from autograder.authoring.regions import Region, find_regions, split_lines
from autograder.proving.edits import Edit, Source
from autograder.proving.mutations import DROPPED, edits_of

__all__ = ["LINE_DROPPED", "Mutant", "mutants", "sample"]

#: What a dropped line is told as.
LINE_DROPPED: Final = "(line dropped)"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A master with one edit in one of its solutions.

    Attributes:
        id: "m001" and so on, from top to bottom; the same master gives the same ids.
        line: Number of the edited line in the master, from 1; of several, the first that differs.
        task: Task of the solution region that it lies in.
        before: The line of the master, without the blanks around it.
        after: What became of it, likewise; `LINE_DROPPED` where nothing is left of its statement.
        kind: What the edit changes, one of `edits.Kind`.
        source: The whole mutated master, to be graded as a submission; its lines end in newlines.
    """

    id: str
    line: int
    task: str
    before: str
    after: str
    kind: str
    source: str


def mutants(master: str, path: Path) -> tuple[Mutant, ...]:
    """Returns all mutants of a master, from top to bottom, no two of them alike.

    Each parses, has as many lines as the master and differs from it inside one solution region.

    Args:
        master: The master's text.
        path: Where it stands, for messages only.

    Raises:
        CourseError: See `regions.find_regions`.
    """
    lines = split_lines(master)
    regions = find_regions(lines, path)
    source = Source("\n".join(lines))
    found: dict[str, Mutant] = {}
    for edit, region in _inside(source, regions):
        mutated = source.applied(edit)
        if mutated in found or not _is_sound(mutated, lines):
            continue
        changed = mutated.split("\n")
        pairs = enumerate(zip(lines, changed, strict=True))
        line = next(number for number, (old, new) in pairs if old != new)
        after = LINE_DROPPED if edit.text.rstrip("\n") == DROPPED else changed[line].strip()
        found[mutated] = Mutant(
            id=f"m{len(found) + 1:03d}",
            line=line + 1,
            task=region.task_id,
            before=lines[line].strip(),
            after=after,
            kind=edit.kind.value,
            source=mutated,
        )
    return tuple(found.values())


def sample(found: Sequence[Mutant], most: int) -> tuple[Mutant, ...]:
    """Returns at most so many mutants, spread evenly over tasks and, within a task, over kinds.

    The choice depends on the mutants' texts alone: the same ones are taken on every machine, and a smaller sample is
    part of a larger one.

    Args:
        found: Mutants of one master.
        most: How many to take.

    Returns:
        The chosen ones, in their order in `found`.
    """
    left = sorted(found, key=_lot)
    taken: set[str] = set()
    tasks: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    while left and len(taken) < most:
        mutant = min(
            left, key=lambda one: (tasks[one.task], both[one.task, one.kind], kinds[one.kind])
        )
        left.remove(mutant)
        taken.add(mutant.id)
        tasks[mutant.task] += 1
        kinds[mutant.kind] += 1
        both[mutant.task, mutant.kind] += 1
    return tuple(mutant for mutant in found if mutant.id in taken)


def _inside(source: Source, regions: Sequence[Region]) -> Iterator[tuple[Edit, Region]]:
    """Yields the edits that lie in a solution region, from top to bottom, with the region."""
    for edit in sorted(edits_of(source), key=lambda edit: (edit.start, edit.end)):
        first, last = source.line(edit.start), source.line(edit.end)
        for region in regions:
            if region.begin < first <= last < region.end:
                yield edit, region


def _is_sound(mutated: str, lines: Sequence[str]) -> bool:
    changed = mutated.split("\n")
    if changed == lines or len(changed) != len(lines):
        return False
    try:
        ast.parse(mutated)
    except SyntaxError:
        return False
    return True


def _lot(mutant: Mutant) -> str:
    words = (mutant.task, mutant.kind, mutant.before, mutant.after)
    return sha256("\0".join(words).encode()).hexdigest()
