"""The course's whole corpus through an otter-grader assignment with plain `allclose` tests, and ours beside it.

    python benchmarks/corpus_with_otter.py [ASSIGNMENT ...] [--only PART ...] [--with-command] [--list]
                                           [--json FILE] [--ours GRADES_JSON ...]

Counts, for each assignment, the wrong submissions that get full points and the right ones that do not. The tests stand
in otter_plain_tests.py; the corpus is tests/hidden/<assignment>/{right,wrong}, the master and the stub being controls.

`otter run` takes seconds per submission, nearly all of them for starting a kernel. Here the same is done in a forked
child with torch and otter loaded: the submission's code is run, then otter's own `Checker` runs the same test files on
its namespace, once below everything, as `otter run` does where a submission has no check cells. Its code is run by this
package's `flatten` and `load`: notebooks without their magics, folders with their helpers, what is not installed
replaced by stand-ins, every statement on its own. otter would refuse folders of several scripts, and treats a script as
one cell; so all that is counted here against otter is what the tests say. `--with-command` grades every submission by
`otter run` as well, compares the points of every question, and exits with 1 where they differ.

A submission that takes longer than 60 s is not accepted; otter itself would wait for ever.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from inspect import getsource
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import otter_assignment
import otter_plain_tests
import torch
from otter.check.notebook import Notebook
from otter.execute import Checker
from otter.test_files import GradingResults

from autograder.datasets import mnist
from autograder.proving.corpus import Kind, Known, known_submissions
from autograder.settings.assignment import Assignment, load_assignment
from autograder.submission.execute import load
from autograder.submission.flatten import flatten
from autograder.submission.stand_ins import install

COURSE = Path(__file__).resolve().parents[1]
_LIMIT_S = 60.0
_FORK = multiprocessing.get_context("fork")
_CONTROLS = frozenset({Kind.MASTER, Kind.STUB})
# The columns.
USUAL = "otter"
CAREFUL = "otter, careful"
OURS = "ours"

#: The top of every test file.
_HEAD = """\
import copy
from types import SimpleNamespace

import torch
from otter.test_files import test_case
from torch import nn

OK_FORMAT = False
name = {name!r}
points = None
_master = {{"__name__": "reference"}}
exec({master!r}, _master)
reference = SimpleNamespace(**_master)
"""


@dataclass(frozen=True, slots=True)
class OtterAssignment:
    """An assignment in otter's form.

    Attributes:
        tests: Folder of the test files.
        files: What stands beside a submission when they run.
        archive: Both as autograder zip.
    """

    tests: Path
    files: tuple[Path, ...]
    archive: Path


@dataclass(frozen=True, slots=True)
class Result:
    """What one submission got from otter.

    Attributes:
        scores: Points by question; empty where there is no result.
        failed: Names of the test cases that it did not pass.
        broken: Why there is no result.
    """

    scores: Mapping[str, float]
    failed: tuple[str, ...]
    broken: str = ""

    def accepted(self, *, careful: bool) -> bool:
        """True where it gets full points."""
        failed = set(self.failed) if careful else set(self.failed) - otter_plain_tests.CAREFUL
        return not self.broken and not failed


@dataclass(frozen=True, slots=True)
class Row:
    """One submission of the corpus, and by column whether it is accepted in full."""

    name: str
    right: bool
    result: Result
    accepted: Mapping[str, bool]


def main() -> None:
    """Grades, prints the table, and writes what was asked for."""
    options = _options()
    torch.set_num_threads(1)
    # The first optimiser of a process imports 800 modules: here, and not in every fork.
    torch.optim.SGD([torch.zeros(1)], lr=0.1)
    install()
    ours = _ours(options.ours)
    rows, differing = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for name in options.assignments:
            about, place = load_assignment(COURSE, name), Path(folder) / name
            place.mkdir()
            otter = _otter_assignment(about, place)
            corpus = [
                known
                for known in known_submissions(COURSE, about)
                if known.kind in _CONTROLS or any(part in known.name for part in options.only)
            ]
            rows[name] = list(_rows(about, otter, corpus, ours))
            if options.with_command:
                chosen = [known for known in corpus if known.kind not in _CONTROLS]
                differing += [
                    words for known in chosen if (words := _difference(known, about, otter))
                ]
    _print(rows, names=options.list)
    if options.json is not None:
        options.json.write_text(json.dumps(_report(rows), indent=1) + "\n")
        print(f"Written: {options.json}")
    if differing:
        raise SystemExit(f"Not as `otter run` has it: {', '.join(differing)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    known = list(otter_plain_tests.TESTS)
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help=", ".join(known))
    parser.add_argument("--list", action="store_true", help="name what is graded wrongly")
    parser.add_argument("--json", type=Path, help="write everything there")
    parser.add_argument(
        "--ours", type=Path, nargs="+", default=[], metavar="GRADES_JSON",
        help="written by `autograder grade` on right/ and wrong/, in one run or several",
    )  # fmt: skip
    parser.add_argument(
        "--only",
        nargs="+",
        default=[""],
        metavar="PART",
        help="submissions with this in their names",
    )
    parser.add_argument(
        "--with-command", action="store_true",
        help="by `otter run` too; no folders, and shell magics of notebooks would run",
    )  # fmt: skip
    options = parser.parse_args()
    options.assignments = options.assignments or known
    if unknown := set(options.assignments) - set(known):
        parser.error(f"no such assignment: {', '.join(sorted(unknown))}")
    return options


def _otter_assignment(about: Assignment, place: Path) -> OtterAssignment:
    """Writes the test files, one point for each task, and the zip by `otter generate`; no network."""
    master = (COURSE / "assignments" / about.name / f"{about.name}.py").read_text()
    helpers = [getsource(helper) for helper in otter_plain_tests.HELPERS]
    tests = place / "tests"
    tests.mkdir()
    for task, functions in otter_plain_tests.TESTS[about.name].items():
        question = f"q{task.replace('.', '_')}"
        cases = [
            f"@test_case(name={test.__name__!r}, hidden=True)\n{getsource(test)}"
            for test in functions
        ]
        head = _HEAD.format(name=question, master=master)
        (tests / f"{question}.py").write_text("\n\n".join([head, *helpers, *cases]))
    files = (_few_digits(place),) if "mnist" in about.data else ()
    archive = place / "autograder.zip"
    subprocess.run(
        [otter_assignment.otter_program(), "generate", "-t", str(tests), "-o", str(archive),
         "--no-config", "--no-requirements", "--no-environment", *(file.name for file in files)],
        cwd=place, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return OtterAssignment(tests, files, archive)


def _few_digits(place: Path) -> Path:
    """The first 2,000 images of MNIST to train on and the first 1,000 to test on."""
    folder = mnist.named_folder(os.environ, "", COURSE)
    data = mnist.load(mnist.prepare(folder, mnist.cache_folder(os.environ), say=print))
    parts = [
        part[:count].clone()
        for digits, count in ((data.train, 2_000), (data.test, 1_000))
        for part in (digits.images, digits.labels)
    ]
    torch.save(parts, place / otter_plain_tests.DIGITS_FILE)
    return place / otter_plain_tests.DIGITS_FILE


def _rows(
    about: Assignment,
    otter: OtterAssignment,
    corpus: Sequence[Known],
    ours: Mapping[str, bool],
) -> Iterator[Row]:
    """Grades the corpus.

    Raises:
        SystemExit: A master is not accepted, or a stub is: then the tests are at fault.
    """
    for number, known in enumerate(corpus):
        print(f"\r{about.name} {number + 1}/{len(corpus)} {known.name:50}", end="", file=sys.stderr)
        result = _graded(known, about, otter)
        accepted = {
            USUAL: result.accepted(careful=False),
            CAREFUL: result.accepted(careful=True),
        }
        if known.kind in _CONTROLS:
            if set(accepted.values()) != {known.kind is Kind.MASTER}:
                raise SystemExit(f"\n{about.name}: otter says of the {known.name}: {result}")
            continue
        if known.submission.sha256 in ours:
            accepted[OURS] = ours[known.submission.sha256]
        yield Row(known.name, known.kind is Kind.RIGHT, result, accepted)
    print(f"\r{'':80}\r", end="", file=sys.stderr)


def _graded(known: Known, about: Assignment, otter: OtterAssignment) -> Result:
    """One submission in a child of its own."""
    receiving, sending = _FORK.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as folder:
        child = _FORK.Process(target=_grade, args=(known, about, otter, Path(folder), sending))
        child.start()
        sending.close()
        try:
            if not receiving.poll(_LIMIT_S):
                return Result({}, (), f"longer than {_LIMIT_S:.0f} s")
            return Result(*receiving.recv())
        except EOFError:
            return Result({}, (), "the process ended without a result")
        finally:
            child.kill()
            child.join()


def _grade(
    known: Known, about: Assignment, otter: OtterAssignment, folder: Path, sending: Connection
) -> None:
    """In the child: what the kernel of `otter run` does, in its words."""
    os.chdir(folder)  # what a submission writes beside itself
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    for file in otter.files:
        (folder / file.name).symlink_to(file)
    entry_points = [task.entry_point for task in about.tasks.values()]
    files = {file.name: file.content for file in known.submission.files}
    module, _ = load(flatten(files, entry_points), cell_time_s=30, total_time_s=50)
    Notebook.init_grading_mode(str(otter.tests))
    for test in sorted(otter.tests.glob("*.py")):
        Checker.check_if_not_already_checked(str(test), global_env=vars(module))
    results = GradingResults(Checker.get_results()).results
    cases = [case for file in results.values() for case in file.test_case_results]
    failed = tuple(case.test_case.name for case in cases if not case.passed)
    sending.send(({name: file.score for name, file in results.items()}, failed))


def _difference(known: Known, about: Assignment, otter: OtterAssignment) -> str:
    """In which points `otter run` differs from the child; empty where it does not."""
    (file,) = known.submission.files
    with tempfile.TemporaryDirectory() as folder:
        submission = Path(folder) / file.name
        submission.write_bytes(file.content)
        subprocess.run(
            [otter_assignment.otter_program(), "run", "--no-logo", "-a", str(otter.archive),
             "-o", folder, str(submission)],
            cwd=folder, check=True, capture_output=True,
        )  # fmt: skip
        tests = json.loads((Path(folder) / "results.json").read_text())["tests"]
    command = {test["name"]: test["score"] for test in tests if "score" in test}
    here = {name: round(score, 5) for name, score in _graded(known, about, otter).scores.items()}
    print(f"{about.name}/{known.kind}/{known.name}: `otter run` {command}, here {here}")
    return "" if command == here else f"{about.name}/{known.kind}/{known.name}"


def _ours(paths: Sequence[Path]) -> dict[str, bool]:
    """By a submission's hash, whether `autograder grade` gave it full points."""
    return {
        grade["submission_sha256"]: grade["score"] == grade["max_score"]
        for path in paths
        for grade in json.loads(path.read_text())["grades"]
    }


def _counts(rows: Sequence[Row], column: str) -> dict[str, dict[str, Any]]:
    """By kind, how many were tried and which ones were graded wrongly."""
    counts = {}
    for kind, right in (("wrong", False), ("right", True)):
        tried = [row for row in rows if row.right == right and column in row.accepted]
        missed = [row.name for row in tried if row.accepted[column] != right]
        counts[kind] = {"tried": len(tried), "missed": missed}
    return counts


def _print(rows: Mapping[str, Sequence[Row]], *, names: bool) -> None:
    columns = (USUAL, CAREFUL, OURS)
    print(f"{'':24}{'wrong ones with full points':48}right ones that lose points")
    print(f"{'':24}{''.join(f'{column:16}' for column in (*columns, *columns))}".rstrip())
    everything = {"all": [row for some in rows.values() for row in some]} if len(rows) > 1 else {}
    for name, some in {**rows, **everything}.items():
        cells = [
            f"{len(count['missed'])} of {count['tried']}" if count["tried"] else "-"
            for kind in ("wrong", "right")
            for column in columns
            for count in [_counts(some, column)[kind]]
        ]
        print(f"{name:24}{''.join(f'{cell:16}' for cell in cells)}".rstrip())
    if not names:
        return
    for name, some in rows.items():
        for row in some:
            missed = [
                column for column in columns if row.accepted.get(column, row.right) != row.right
            ]
            if missed:
                why = row.result.broken or ", ".join(row.result.failed)
                words = f"right, fails {why or 'nothing'}" if row.right else "wrong"
                print(f"  {name}/{row.name} ({', '.join(missed)}): {words}")


def _report(rows: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: version(name) for name in ("otter-grader", "torch", "torch-autograder")},
        "careful_tests": sorted(otter_plain_tests.CAREFUL),
        "assignments": {
            name: {
                "counts": {column: _counts(some, column) for column in (USUAL, CAREFUL, OURS)},
                "submissions": [asdict(row) for row in some],
            }
            for name, some in rows.items()
        },
    }


if __name__ == "__main__":
    main()
