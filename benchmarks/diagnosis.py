"""How often a diagnosis names the right misconception, on the whole corpus and on the part that was held back.

    python benchmarks/diagnosis.py [ASSIGNMENT ...] [--rounds 1] [--list]

Every wrong submission is graded on the walk that students' work takes. What the first diagnosed test names is compared
with the id in the submission's head: right (the same id), wrong (another one), seen (a relation such as "half of the
right one", which names nobody), none. Held back are the submissions from which no variant of a catalogue was made: some
show a misconception that a catalogue knows, in other words of Python, some one that it does not know. For the latter a
name is always wrong.
"""

import argparse
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from autograder.cli.orders import order_for
from autograder.cli.progress import GradingProgress
from autograder.judging.diagnosis.misconceptions import load_catalogue
from autograder.judging.suite import load_reference
from autograder.proving.corpus import Kind, Known, known_submissions
from autograder.proving.rounds import grade_rounds
from autograder.records import Grade, Outcome

COURSE = Path(__file__).resolve().parents[1]
SECRET = b"the diagnosis on its own corpus."
#: An id of the catalogue, without the letter that tells two submissions with the same slip apart.
ID = re.compile(r"([A-Z]+\d+)")


def main() -> None:
    """Grades, prints a table for each assignment."""
    options = _options()
    names = options.assignments or sorted(
        path.parent.name for path in COURSE.glob("assignments/*/assignment.yml")
    )
    print(f"{'':24}{'':12}{'tried':>7}{'right':>7}{'wrong':>7}{'seen':>7}{'none':>7}")
    for name in names:
        _report(name, options.rounds, options.list)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*")
    parser.add_argument("--rounds", type=int, default=1, help="each with other inputs")
    parser.add_argument("--list", action="store_true", help="name those that are not right")
    return parser.parse_args()


def _report(name: str, rounds: int, listing: bool) -> None:
    console = Console(stderr=True)
    order = order_for(name, course=COURSE, device="cpu", isolation=None, console=console)
    order = replace(order, evidence=True)
    wrong = [k for k in known_submissions(COURSE, order.assignment) if k.kind is Kind.WRONG]
    with GradingProgress(console) as watcher:
        graded = grade_rounds(
            order, [(one, rounds) for one in wrong], secret=SECRET, now=datetime.now(UTC), watcher=watcher
        )  # fmt: skip
    catalogue = load_catalogue(
        COURSE / "tests" / "hidden" / name, load_reference(COURSE / "reference" / f"{name}.py")
    )
    known_ids = {_base(m.id) for m in catalogue.misconceptions}
    parts = (
        ("whole corpus", lambda one: not one.held_back),
        ("held back, known", lambda one: one.held_back and _base(one.id) in known_ids),
        ("held back, new", lambda one: one.held_back and _base(one.id) not in known_ids),
    )
    for words, belongs in parts:
        chosen = [one for one in wrong if belongs(one)]
        found = [
            (one, *_verdict(one, grade)) for one in chosen for grade in graded.grades[one.name]
        ]
        counts = Counter(verdict for _, verdict, _ in found)
        row = "".join(f"{counts[verdict]:7}" for verdict in ("right", "wrong", "seen", "none"))
        print(f"{name:24}{words:18}{len(found):>5}{row}", flush=True)
        if listing:
            for one, verdict, said in found:
                if verdict != "right":
                    print(f"    {verdict:6}{one.name}: {said or 'nothing'}")


def _verdict(known: Known, grade: Grade) -> tuple[str, str]:
    said = [e.diagnosis for e in grade.evidence if e.diagnosis and e.outcome is not Outcome.PASSED]
    named = [one for one in said if ID.match(one)]
    if named:
        return ("right" if _base(named[0]) == _base(known.id) else "wrong"), named[0]
    return ("seen", said[0]) if said else ("none", "")


def _base(id_: str) -> str:
    found = ID.match(id_)
    return found[1] if found else id_


if __name__ == "__main__":
    main()
