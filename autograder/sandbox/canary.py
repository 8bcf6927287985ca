"""The canary: a program that tries what is forbidden, through the very path that submissions take.

The isolation of a run is what the canary found, not what an engine claims: one success refuses the run. What the
program cannot do without the sandbox either proves nothing when it is stopped, and is recorded as unproven (`proof`).

It runs before any submission, in every run. A submission can therefore not behave while it runs, nor tell it from
another: it meets the same forks of the same zygote, later. Nor is it repeated at the end: the zygote runs no
submission's code, and one that had been taken over all the same would answer a second canary as the first. What the
zygote is after a class of attackers, the tests show.
"""

import secrets
import select
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from autograder.errors import GraderError, IsolationError
from autograder.records import Isolation, IsolationRecord, ProbeResult
from autograder.sandbox import bubblewrap, canary_calls, decoys, proof
from autograder.sandbox.probes import PROBES as _WORDS
from autograder.sandbox.proof import Found
from autograder.sandbox.session import Session, SubmissionFault
from autograder.sandbox.spawn import Spawner
from autograder.worker.request import WORK, SandboxLimits

_LIMITS: Final = SandboxLimits(memory_mb=512, cpu_time_s=20, processes=16, file_mb=4)
_TIME_S: Final = 20.0
_DEATH_TIME_S = 5.0

#: Where a task might leave something for another.
_FOLDERS: Final = (
    WORK, "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/dev/pts", "/dev", "/",  # noqa: S108  # the sandbox's own
)  # fmt: skip

#: All probes, in the order of the record; `process` has none of them.
PROBES: Final = tuple(_WORDS)


def run(
    spawner: Spawner,
    level: Isolation,
    required: Isolation,
    description: str,
    package_file: Path,
    open_devices: Sequence[str] = (),
) -> IsolationRecord:
    """Runs the canary and records what it met.

    Args:
        spawner: Where the engine's processes come from.
        level: The engine's level.
        required: What the course requires, for the record.
        description: Engine and version, for the record.
        package_file: A file of the course that a submission must not write; the canary only opens it.
        open_devices: Device files that submissions may use; the canary is then confined as one that may.

    Raises:
        IsolationError: A probe succeeded under an engine that should have stopped it; it names the remedy.
        GraderError: The canary could not be run.
    """
    if level is Isolation.PROCESS:
        return IsolationRecord(level, required, description, (), tuple(open_devices))
    probes = explore(spawner, package_file, on_gpu=bool(open_devices))
    escaped = [probe for probe in probes if not probe.blocked]
    if escaped:
        raise IsolationError(_refusal(f"`{level}` ({description})", escaped))
    return IsolationRecord(level, required, description, probes, tuple(open_devices))


def explore(
    spawner: Spawner, course_file: Path, *, on_gpu: bool = False
) -> tuple[ProbeResult, ...]:
    """Runs the canary in the sandbox and, beside it, without; judges nothing.

    The proof is made anew in every run and not kept: it costs 0.1 s of another core, and a user's rights, a
    container's profile or a sysctl may have changed since.

    Raises:
        GraderError: The canary could not be run.
    """
    alone, together = (
        Path(__file__).with_name(name).read_text("utf-8")
        for name in ("canary_program.py", "canary_neighbours.py")
    )
    with (
        decoys.set_up(_LIMITS) as targets,
        proof.started(alone + together, targets) as unconfined,
    ):
        real = {
            "course_file": str(course_file),
            "package_file": str(bubblewrap.package_root() / "autograder/worker/child.py"),
            "new_file": "/canary",
            "victim": unconfined.victim,
        }
        # Which GPU does not matter: the canary opens none, but the wall has the doors that CUDA needs.
        limits = replace(_LIMITS, gpu="0") if on_gpu else _LIMITS
        found = _confined(spawner, limits, (alone, together), targets | real)
        shown, why = unconfined.found()
    return tuple(_result(name, found, shown, why) for name in PROBES)


def _refusal(engine: str, escaped: Sequence[ProbeResult]) -> str:
    lines = [
        f"the canary escaped from engine {engine}: {', '.join(p.name for p in escaped)} succeeded, which the "
        "sandbox must stop. Nothing is graded."
    ]
    remedies = dict.fromkeys(_WORDS[probe.name][1] for probe in escaped)
    for remedy in remedies:
        for probe in escaped:
            could, its_remedy = _WORDS[probe.name]
            if its_remedy is remedy:
                detail = f" ({probe.detail})" if probe.detail else ""
                lines.append(f"  {probe.name}: a submission could {could}{detail}.")
        lines.append(f"  Remedy: {remedy}")
    lines.append(
        "`autograder doctor` tries again. Where none of this helps, it is a hole: "
        "docs/developer.md tells how to report it."
    )
    return "\n".join(lines)


def _result(name: str, found: Found, shown: Found, why: str) -> ProbeResult:
    through, detail = found[name]
    possible, obstacle = shown.get(name, (False, why or "not tried"))
    return ProbeResult(name, not through, detail, "" if possible else obstacle or "impossible here")


def _confined(
    spawner: Spawner,
    limits: SandboxLimits,
    programs: tuple[str, str],
    targets: Mapping[str, Any],
) -> Found:
    """What the canary meets in two tasks that are alive at once; the second leaves daemons behind."""
    alone, together = programs
    name, (shmget, shmctl) = secrets.token_hex(8), canary_calls.shared_memory()
    first, second = spawner.spawn(limits), spawner.spawn(limits)
    one, other = Session(first), Session(second)
    try:
        ask_one = _loaded(one, alone + together, "attempt", "leave", "clear")
        met = _checked(ask_one("attempt", targets))
        ask_one("leave", name, list(_FOLDERS), shmget)
        ask_other = _loaded(other, together, "find", "linger")
        met |= _checked(ask_other("find", name, list(_FOLDERS), shmget))
        ask_one("clear", name, list(_FOLDERS), shmget, shmctl)
        ask_other("linger", -1, 2 * _DEATH_TIME_S)
        with second.data.dup() as watched:
            other.kill()
            # Its daemons hold the other end: it reads as closed only when all of them are dead.
            closed, _, _ = select.select([watched], [], [], _DEATH_TIME_S)
        met["survive"] = (not closed, "all of them died with their task" if closed else "")
    except SubmissionFault as fault:
        message = f"the canary could not be run: {fault.message} {fault.staff_message}"
        raise GraderError(message) from None
    finally:
        for session in (one, other):
            session.kill()
        for session in (one, other):
            session.usage()
    if set(met) != set(PROBES):
        message = f"the canary did not report on {', '.join(set(PROBES) ^ set(met))}"
        raise GraderError(message)
    return met


def _loaded(session: Session, program: str, *entry_points: str) -> Callable[..., object]:
    """Hands the program in as a submission is handed in; gives what calls its functions."""
    flat = session.flatten({"canary.py": program.encode()}, entry_points, time_s=_TIME_S)
    session.load(flat, cell_time_s=_TIME_S, time_s=_TIME_S)

    def ask(name: str, *arguments: object) -> object:
        return session.call(name, arguments, {}, seed=0, device="cpu", time_s=_TIME_S).value

    return ask


def _checked(value: object) -> dict[str, tuple[bool, str]]:
    """The canary's answer in the only form that is understood.

    Raises:
        GraderError: It has another form.
    """
    if type(value) is dict and all(
        type(name) is str and type(row) is list and [type(item) for item in row] == [bool, str]
        for name, row in value.items()
    ):
        return {name: (row[0], row[1]) for name, row in value.items()}
    message = "the canary did not report in its own form: is the package half updated?"
    raise GraderError(message)
