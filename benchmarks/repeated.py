"""How steady verdicts are: every right submission graded again and again.

    python benchmarks/repeated.py [ASSIGNMENT ...] [--times 100]

Each grading draws its own inputs. A verdict is the outcome of every task; one has changed where it is not that of the
first grading.
"""

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from autograder.cli.orders import order_for
from autograder.cli.progress import GradingProgress
from autograder.proving.corpus import Kind, known_submissions
from autograder.proving.rounds import grade_rounds
from autograder.records import Grade

COURSE = Path(__file__).resolve().parents[1]
SECRET = b"right submissions, over and over"


def main() -> None:
    """Grades, prints a line for each assignment."""
    options = _options()
    names = options.assignments or sorted(
        path.parent.name for path in COURSE.glob("assignments/*/assignment.yml")
    )
    console = Console(stderr=True)
    print(f"{'':24}{'right':>7}{'gradings':>10}{'full points':>13}{'changed':>9}")
    for name in names:
        order = order_for(name, course=COURSE, device="cpu", isolation=None, console=console)
        right = [
            known
            for known in known_submissions(COURSE, order.assignment)
            if known.kind is Kind.RIGHT
        ]
        with GradingProgress(console) as watcher:
            graded = grade_rounds(
                replace(order, evidence=False),
                [(known, options.times) for known in right],
                secret=SECRET,
                now=datetime.now(UTC),
                watcher=watcher,
            )
        grades = [grade for some in graded.grades.values() for grade in some]
        full = sum(grade.score == grade.max_score for grade in grades)
        changed = sum(
            _verdict(grade) != _verdict(some[0])
            for some in graded.grades.values()
            for grade in some
        )
        print(f"{name:24}{len(right):7}{len(grades):10}{full:13}{changed:9}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*")
    parser.add_argument("--times", type=int, default=100, help="gradings of each submission")
    return parser.parse_args()


def _verdict(grade: Grade) -> tuple[str, ...]:
    return tuple(task.outcome.value for task in grade.tasks)


if __name__ == "__main__":
    main()
