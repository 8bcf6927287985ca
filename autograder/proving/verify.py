"""Proves an assignment before release: every known submission is graded as it has to be, and mutants do not survive.

Knows what has to hold. Grading is `running`'s, on the walk that students' work takes; what it prints is `cli`'s.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from autograder.authoring.master import stub_script
from autograder.authoring.release import CHECKS, make_release
from autograder.errors import CourseError, IsolationError
from autograder.judging.calibration import judged_by_sha256, load_calibration
from autograder.proving.corpus import Kind, Known, known_submissions
from autograder.proving.equivalent import load_equivalent
from autograder.proving.mutants import Mutant, mutants, sample
from autograder.proving.public import run_public_checks
from autograder.proving.rounds import Rounds, grade_rounds, lost
from autograder.proving.undemanding import answers_nothing, undemanding_tests
from autograder.records import Grade, Isolation, IsolationRecord, Status, Submission
from autograder.running.batch import Order, Watcher
from autograder.running.collect import made
from autograder.running.released import version_faults
from autograder.settings.assignment import ASSIGNMENTS_FOLDER

__all__ = ["Effort", "MutantProof", "Proof", "Row", "verify"]

_MEMORISED = "what the public checks say, by heart"


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried.

    Attributes:
        rounds: How often each known submission is graded, each time with other inputs.
        mutants: At most so many mutants of the master; 0 makes none.
        levels: Levels of isolation beside the strongest at hand, each for one round.
    """

    rounds: int = 3
    mutants: int = 120
    levels: tuple[Isolation, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one known submission.

    Attributes:
        rounds: In how many it was graded.
        deviations: In our words, one for each round that ended otherwise than its head says.
    """

    name: str
    kind: Kind
    id: str
    misconception: str
    fails: tuple[str, ...]
    rounds: int
    deviations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MutantProof:
    """What became of the mutants of the master.

    Attributes:
        generated: All that could be made.
        tried: Those that were graded.
        killed: Those that lost points.
        equivalent: Survivors that the course explains: file `mutants.yml` beside the hidden suite.
        survivors: The others.
    """

    generated: int
    tried: int
    killed: int
    equivalent: tuple[Mutant, ...] = field(repr=False)
    survivors: tuple[Mutant, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """All that was found.

    Attributes:
        faults: What has to be mended before a release; none proves the assignment.
        remarks: What is worth knowing and no fault.
        other_levels: Each level of isolation that was tried beside the first, with what deviated there.
    """

    assignment: str
    version: str
    device: str
    isolation: IsolationRecord
    rows: tuple[Row, ...]
    mutants: MutantProof | None
    other_levels: tuple[tuple[Isolation, str], ...]
    faults: tuple[str, ...]
    remarks: tuple[str, ...]
    gradings: int
    time_s: float = 0.0

    @property
    def is_proven(self) -> bool:
        """True where nothing has to be mended."""
        return not self.faults


def verify(
    order: Order,
    effort: Effort,
    *,
    secret: bytes,
    now: datetime,
    watcher: Watcher,
    say: Callable[[str], None],
) -> Proof:
    """Proves an assignment.

    Args:
        order: What judges.
        effort: How much is tried.
        secret: Stands in the place of the course's secret; the same gives the same inputs.
        now: The time of the run.
        watcher: Is told how the grading goes on.
        say: Takes a line for the person who waits.

    Raises:
        CourseError: A file is missing or wrong, so that nothing can be proven.
        IsolationError: The isolation is not to be had.
        GraderError: The grader itself failed.
    """
    root, about = order.root, order.assignment
    path = root / ASSIGNMENTS_FOLDER / about.name / f"{about.name}.py"
    known = known_submissions(root, about)
    master = path.read_text(encoding="utf-8-sig")
    generated = mutants(master, path) if effort.mutants else ()
    # No test looks at what people grade: there every mutant would survive.
    generated = tuple(mutant for mutant in generated if mutant.task not in about.manual)
    tried = sample(generated, effort.mutants)
    say(f"{len(known)} known submissions, {effort.rounds} rounds; {len(tried)} mutants.")
    public = run_public_checks(master, stub_script(master, path), path.with_name(CHECKS))
    by_heart = Known(
        _MEMORISED, Kind.STUB, _made(_MEMORISED, public.memorised), frozenset(about.tasks)
    )
    nothing = answers_nothing(about)
    stand_ins = (by_heart, nothing)
    rounds = grade_rounds(
        order,
        [
            *((one, effort.rounds) for one in (*known, *stand_ins)),
            *((_as_known(mutant), 1) for mutant in tried),
        ],
        secret=secret,
        now=now,
        watcher=watcher,
    )
    rows = tuple(_row(one, rounds.grades[one.name]) for one in (*known, *stand_ins))
    proof = _mutant_proof(root, about.name, generated, tried, rounds) if effort.mutants else None
    others = tuple(_other_levels(order, effort, known, rounds, secret, now, watcher))
    faults = [
        *(f"{row.kind} {row.name}: {deviation}" for row in rows for deviation in row.deviations),
        # No change of a right answer may be the grader's own fault: a submission could have it withheld at will.
        *(
            f"mutant {mutant.id}, line {mutant.line}: {mutant.after}: its grade is withheld"
            for mutant in tried
            if rounds.grades[mutant.id][0].status is Status.WITHHELD
        ),
        *public.faults(),
        *undemanding_tests(
            order, nothing, rounds.grades[nothing.name][0], secret=secret, now=now, watcher=watcher
        ),
        *_release_faults(order),
        *version_faults(root, about),
        *(f"{level}: {words}" for level, words in others if words),
    ]
    return Proof(
        assignment=about.name,
        version=about.version,
        device=order.device,
        isolation=rounds.run.isolation,
        rows=rows,
        mutants=proof,
        other_levels=others,
        faults=tuple(faults),
        remarks=tuple(_remarks(root, about.name, known, proof)),
        gradings=sum(map(len, rounds.grades.values())),
    )


def _made(name: str, text: str) -> Submission:
    return made(name, {"work.py": text.encode()})


def _as_known(mutant: Mutant) -> Known:
    return Known(mutant.id, Kind.MUTANT, _made(mutant.id, mutant.source))


def _row(known: Known, grades: Sequence[Grade]) -> Row:
    deviations = [
        f"round {number}: {words}"
        for number, grade in enumerate(grades, 1)
        if (words := _deviation(known, grade))
    ]
    return Row(
        known.name, known.kind, known.id, known.misconception, tuple(sorted(known.fails)),
        len(grades), tuple(deviations),
    )  # fmt: skip


def _deviation(known: Known, grade: Grade) -> str:
    """How a grade differs from what has to be; empty where it does not."""
    if grade.status in (Status.WITHHELD, Status.UNGRADABLE):
        return f"{grade.status}, expected a grade"
    failed = lost(grade)
    words = []
    if accepted := sorted(known.fails - failed):
        words.append(f"passes {', '.join(accepted)}, which its head says it fails")
    if rejected := sorted(failed - known.fails):
        why = next((t.staff_message for t in grade.tasks if t.id == rejected[0]), "")
        words.append(f"fails {', '.join(rejected)}, which it must not ({why[:200]})")
    if known.kind is Kind.STUB and grade.score:
        words.append(f"scores {grade.score:g} points, expected none")
    if known.kind in (Kind.MASTER, Kind.RIGHT) and grade.score != grade.max_score and not words:
        words.append(f"scores {grade.score} of {grade.max_score:g} points")
    if known.kind is Kind.RIGHT and (grade.status is Status.NEEDS_REVIEW) != known.review:
        words.append(f"status is {grade.status}: {'; '.join(grade.advice)[:200]}")
    return "; ".join(words)


def _mutant_proof(
    root: Path, name: str, generated: Sequence[Mutant], tried: Sequence[Mutant], rounds: Rounds
) -> MutantProof:
    alive = [mutant for mutant in tried if not lost(rounds.grades[mutant.id][0])]
    explained = load_equivalent(root / "tests" / "hidden" / name)
    equivalent = tuple(mutant for mutant in alive if explained.reason(mutant))
    survivors = tuple(mutant for mutant in alive if mutant not in equivalent)
    return MutantProof(len(generated), len(tried), len(tried) - len(alive), equivalent, survivors)


def _other_levels(
    order: Order,
    effort: Effort,
    known: Sequence[Known],
    first: Rounds,
    secret: bytes,
    now: datetime,
    watcher: Watcher,
) -> list[tuple[Isolation, str]]:
    """One round on each other level of isolation; what is not to be had here is said, and is no fault."""
    found = []
    for level in effort.levels:
        if level is first.run.isolation.level:
            continue
        try:
            rounds = grade_rounds(
                replace(order, isolation=level),
                [(one, 1) for one in known],
                secret=secret,
                now=now,
                watcher=watcher,
            )
        except IsolationError:
            continue
        deviating = [row for one in known if (row := _row(one, rounds.grades[one.name])).deviations]
        words = "; ".join(f"{row.kind} {row.name}: {row.deviations[0]}" for row in deviating)
        found.append((level, words))
    return found


def _release_faults(order: Order) -> list[str]:
    """What a release would give away, or why it cannot be made."""
    try:
        make_release(order.root, order.assignment)
    except CourseError as error:
        return [f"release: {error}"]
    return []


def _remarks(root: Path, name: str, known: Sequence[Known], proof: MutantProof | None) -> list[str]:
    remarks = []
    if proof is not None and proof.survivors:
        remarks.append(
            f"{len(proof.survivors)} mutants survive and nobody has said why: does a test miss something, "
            "or do they compute the same? Then say so in mutants.yml beside the hidden suite."
        )
    calibration = load_calibration(root / "tests" / "hidden" / name)
    if not calibration.judged_by_sha256:
        remarks.append("not calibrated: run `autograder calibrate --write`.")
    elif calibration.judged_by_sha256 != judged_by_sha256(root, name):
        remarks.append(
            f"the calibration of {calibration.calibrated_at[:10]} is stale: suite, reference or assignment.yml "
            "have changed since. Run `autograder calibrate --write`."
        )
    counts = {kind: sum(one.kind is kind for one in known) for kind in (Kind.WRONG, Kind.RIGHT)}
    if counts[Kind.WRONG] < 25 or counts[Kind.RIGHT] < 15:
        remarks.append(
            f"{counts[Kind.WRONG]} wrong and {counts[Kind.RIGHT]} right submissions: 25 and 15 prove more."
        )
    return remarks
