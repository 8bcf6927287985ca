"""`autograder verify`: proves an assignment before release, as a table, as JSON, and as an exit code."""

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.cli.orders import order_for
from autograder.cli.progress import GradingProgress
from autograder.errors import CourseError
from autograder.proving.corpus import Kind
from autograder.proving.statistics import upper_bound
from autograder.proving.verify import Effort, MutantProof, Proof, Row, verify
from autograder.records import Isolation
from autograder.reporting.files import write_atomically
from autograder.reporting.text import clean

#: What a version of verify's JSON is called; raised whenever a reader of the old one would stumble.
_SCHEMA_VERSION = 1


def verify_command(
    assignment: str,
    *,
    rounds: int,
    mutants: int,
    every_level: bool,
    seed: str,
    json_out: Path | None,
    device: str | None,
    isolation: Isolation | None,
    course: Path | None,
) -> int:
    """Proves an assignment and prints what was found.

    Returns:
        The exit code: 0 where it is proven, 1 where something has to be mended.
    """
    if json_out is not None and json_out.is_dir():
        message = f"--json {json_out}: this is a folder, expected a file; nothing was proven."
        raise CourseError(message)
    started = time.monotonic()
    progress = Console(stderr=True)
    order = order_for(
        assignment, course=course, device=device, isolation=isolation, console=progress
    )
    levels = tuple(level for level in Isolation if level is not Isolation.PROCESS)
    effort = Effort(rounds, mutants, levels if every_level else ())
    with GradingProgress(progress) as watcher:
        proof = verify(
            order,
            effort,
            secret=hashlib.sha256(f"autograder verify {seed}".encode()).digest(),
            now=datetime.now(UTC),
            watcher=watcher,
            say=partial(progress.print, markup=False, highlight=False),
        )
    proof = replace(proof, time_s=time.monotonic() - started)
    if json_out is not None:
        write_atomically(json_out, (json.dumps(_plain(proof), indent=2) + "\n").encode())
    _print(Console(highlight=False), proof)
    return 0 if proof.is_proven else 1


def _plain(proof: Proof) -> dict[str, object]:
    found = {
        "schema_version": _SCHEMA_VERSION,
        "proven": proof.is_proven,
        **asdict(proof),
        "isolation": proof.isolation.level.value,
    }
    if proof.mutants is not None:
        found["mutants"] = {
            **asdict(proof.mutants),
            **{
                kind: [_without_source(asdict(mutant)) for mutant in getattr(proof.mutants, kind)]
                for kind in ("survivors", "equivalent")
            },
        }
    return found


def _without_source(mutant: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in mutant.items() if name != "source"}


def _print(console: Console, proof: Proof) -> None:
    console.print(
        f"{proof.assignment} {proof.version} on {proof.device}, {proof.isolation.level}: "
        f"{proof.gradings} gradings in {proof.time_s:.0f} s",
        markup=False,
    )
    console.print(_table(proof))
    if proof.mutants is not None:
        _print_mutants(console, proof.mutants)
    for level, words in proof.other_levels:
        console.print(f"isolation {level}: {words or 'the same verdicts'}", markup=False)
    for remark in proof.remarks:
        console.print(f"note: {clean(remark)}", style="yellow", markup=False)
    for fault in proof.faults:
        console.print(f"to mend: {clean(fault)}", style="red", markup=False)
    words = "PROVEN" if proof.is_proven else f"NOT PROVEN: {len(proof.faults)} to mend"
    console.print(words, style="bold green" if proof.is_proven else "bold red")


def _table(proof: Proof) -> Table:
    table = Table("", "tried", "gradings", "as it should be", "otherwise")
    for words, rows in _groups(proof.rows):
        gradings = sum(row.rounds for row in rows)
        deviating = sum(len(row.deviations) for row in rows)
        flaky = sum(0 < len(row.deviations) < row.rounds for row in rows)
        bound = f"at most {100 * upper_bound(0, gradings):.2g} %" if not deviating else ""
        otherwise = f"{deviating} ({flaky} not always)" if deviating else f"0 ({bound})"
        table.add_row(
            words, str(len(rows)), str(gradings), str(gradings - deviating), otherwise,
            style="red" if deviating else None,
        )  # fmt: skip
    return table


def _groups(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    for kind, words in (
        (Kind.MASTER, "master: full points"),
        (Kind.STUB, "stub, answers by heart: none"),
        (Kind.RIGHT, "right: full points"),
        (Kind.WRONG, "wrong: fails just its tasks"),
    ):
        yield words, [row for row in rows if row.kind is kind]


def _print_mutants(console: Console, found: MutantProof) -> None:
    judged = found.tried - len(found.equivalent)
    share = f"{100 * found.killed / judged:.0f} %" if judged else "none"
    console.print(
        f"mutants of the master: {found.generated} possible, {found.tried} tried, {found.killed} killed, "
        f"{len(found.equivalent)} explained, {len(found.survivors)} survive: {share} of those that could be.",
        markup=False,
    )
    for mutant in found.survivors:
        console.print(
            f"  line {mutant.line}, task {mutant.task}, {mutant.kind}: {mutant.before}  ->  {mutant.after}",
            markup=False,
            soft_wrap=True,
        )
