"""Grades a class of attackers through the command line, and says what each of them has gained.

Knows the command and its results. What is tried stands in hostile_class and hostile_intake.
"""

import base64
import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import hostile_class
import hostile_files  # noqa: F401  # adds its attacks to those of hostile_intake
import hostile_intake
from hostile_class import CHAIN_RULE, Attack

from autograder.authoring.master import stub_script
from autograder.records import Isolation
from autograder.reporting.text import visible
from autograder.store.database import Store
from autograder.worker import kernel

ROOT = Path(__file__).parents[2]
HONEST = "_z_honest"
#: These leave notes; a copy of each looks for them.
MAILBOXES = ("mailbox", "pseudo_terminals", "listens_for_others", "sleeping_daemons")
#: The slowest attack ends after 5 s here; one that makes the trusted side compute goes on for minutes.
BUSY_S = 20.0
_PR_SET_CHILD_SUBREAPER = 36

SETTINGS = """
course: hostile
isolation: {require: landlock}
parallel: 4
limits:
  call_time_s: 1
  load_time_s: 2
  cell_time_s: 1
  intake_time_s: 10
  task_time_s: 4
  submission_time_s: 60
  memory_mb: 1024
  processes: 24
  file_mb: 8
  submission_mb: 4
"""
#: Without isolation every task is a cold start: longer limits, and one task instead of five.
PATIENT = SETTINGS.replace("load_time_s: 2", "load_time_s: 10").replace(
    "task_time_s: 4", "task_time_s: 20"
)


def attacks() -> list[Attack]:
    return [*hostile_class.programs(), *hostile_intake.attacks()]


@dataclass(frozen=True)
class Results:
    """What became of a class.

    Attributes:
        code: The command's exit code.
        said: What it printed.
        grades: By student, as in grades.json.
        files: Every file of the results, by its relative name.
        leaks: Where a hidden byte or the course's secret stands in the results.
        leaked_bytes: How many of them.
        survivors: Processes that outlived the command: name and user id.
        damage: Files of the course that were changed, made or removed.
    """

    code: int
    said: str
    grades: dict[str, dict]
    files: dict[str, bytes]
    leaks: list[str]
    leaked_bytes: int
    survivors: list[str]
    damage: list[str]

    def feedback(self, student: str) -> str:
        # Lines are wrapped, so white space is left out; the line after the name says what was handed in.
        head = "".join(f"Student: {visible(student)} Handed in:".split())
        texts = [c.decode() for n, c in self.files.items() if n.startswith("feedback/")]
        return next(text for text in texts if head in "".join(text.split()))


def honest_among(chosen: Sequence[Attack]) -> list[str]:
    """Ids of honest students, each of whom comes next after three attackers."""
    return [f"{name}{HONEST}" for name in sorted(attack.name for attack in chosen)[::-3]]


@contextlib.contextmanager
def place() -> Iterator[Path]:
    # Not below pytest's own folder, which only its owner may enter: the wall shall be met, not file permissions.
    top = Path(tempfile.mkdtemp(prefix="hostile-"))
    top.chmod(0o755)
    try:
        yield top
    finally:
        shutil.rmtree(top)


def grade(
    top: Path, level: Isolation, chosen: Sequence[Attack], assignment: str = CHAIN_RULE
) -> Results:
    """Hands in the attacks and an honest work after every third, and has all of them graded."""
    hidden = f"hidden-byte-{secrets.token_hex(16)}"
    course, submissions, out, store = (
        top / name for name in ("course", "submissions", "out", "store.sqlite")
    )
    set_up_course(course, hidden, assignment, short=level is Isolation.PROCESS)
    submissions.mkdir()
    out.mkdir()
    master = ROOT / "assignments" / assignment / f"{assignment}.py"
    blank, honest = stub_script(master.read_text(), master), master.read_text()
    for attack in chosen:
        attack.build(submissions, blank, hostile_class.names(course, out))
    for student in honest_among(chosen):
        (submissions / f"{student}.py").write_text(honest)
    for attack in chosen:
        if attack.name in MAILBOXES:
            shutil.copy(
                submissions / f"{attack.name}.py", submissions / f"{attack.name}_addressee.py"
            )
    before, running = hashes(course), descendants()
    with adopting_orphans():
        done = subprocess.run(
            [sys.executable, "-m", "autograder", "grade", assignment, str(submissions), "--out", str(out),
             "--course", str(course), "--store", str(store), "--isolation", level.value],
            capture_output=True, text=True, cwd=ROOT, check=False, timeout=400,
            env=os.environ | {"COLUMNS": "200"},
        )  # fmt: skip
        survivors = surviving(running)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"the command failed: {done.stderr[-3000:]}")
    after = hashes(course)
    files = {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    with Store.open(store) as kept:
        secret = kept.secret(lambda: b"")
    forms = [hidden.encode(), secret, secret.hex().encode(), base64.b64encode(secret)]
    texts = {**files, "terminal": (done.stdout + done.stderr).encode()}
    return Results(
        code=done.returncode,
        said=done.stdout + done.stderr,
        grades={grade["student"]: grade for grade in json.loads(files["grades.json"])["grades"]},
        files=files,
        leaks=[name for name, text in texts.items() if any(form in text for form in forms)],
        leaked_bytes=sum(len(f) * text.count(f) for text in texts.values() for f in forms),
        survivors=survivors,
        damage=sorted(
            name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
        ),
    )


def set_up_course(course: Path, hidden: str, assignment: str, *, short: bool) -> None:
    suite = f"tests/hidden/{assignment}/test_{assignment}.py"
    for path in (f"assignments/{assignment}/assignment.yml", f"reference/{assignment}.py", suite):
        target = course / path
        target.parent.mkdir(parents=True)
        text = (ROOT / path).read_text()
        if short:  # the first task alone
            text = text.partition('\n  "2.1"')[0].partition("\n\n# 2.1 ")[0] + "\n"
        if target.suffix == ".py":
            text = f"{text}\n\nHIDDEN = {hidden!r}  # {hidden}\n"
        target.write_text(text)
    (course / "grading.yml").write_text(PATIENT if short else SETTINGS)


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@contextlib.contextmanager
def adopting_orphans() -> Iterator[None]:
    """Whatever a daemon does, its parent is then this process, so that it is found among our descendants."""
    kernel.set_child_subreaper()
    try:
        yield
    finally:
        kernel.prctl("unset_child_subreaper", _PR_SET_CHILD_SUBREAPER, 0)


def descendants() -> dict[int, str]:
    """Processes below this one that are no zombies."""
    parents, about = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended in between
                lines = (folder / "status").read_text().splitlines()
                fields = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
                parents[int(folder.name)] = int(fields["PPid"])
                if not fields["State"].startswith("Z"):
                    about[int(folder.name)] = f"{fields['Name']} of user {fields['Uid'].split()[0]}"
    ours = {os.getpid()}
    while new := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= new
    return {pid: text for pid, text in about.items() if pid in ours and pid != os.getpid()}


def surviving(before: dict[int, str]) -> list[str]:
    """Our new processes that are still there after a moment in which the dying may finish."""
    left: list[str] = []
    for _ in range(20):
        left = [text for pid, text in descendants().items() if pid not in before]
        if not left:
            break
        time.sleep(0.1)
    return left


def outcomes(attack: Attack, results: Results) -> list[str]:
    return sorted({task["outcome"] for task in results.grades[attack.student]["tasks"]})


def gained(attack: Attack, results: Results) -> str:
    """What an attack has gained; empty where it has gained nothing."""
    grade = results.grades[attack.student]
    reads = [
        results.feedback(attack.student),
        *(task["message"] for task in grade["tasks"]),
        *grade["notes"],
    ]
    seen = re.search(attack.unseen, "\n".join(reads)) if attack.unseen else None
    if grade["score"]:
        return f"scored {grade['score']}"
    if grade["status"] == "withheld":
        staff = " ".join(
            task["staff_message"] for task in grade["tasks"] if task["outcome"] == "grader_error"
        )
        return f"withheld its own grade: {staff[:300]}"
    if grade["time_s"] > BUSY_S:
        return f"kept the grader busy for {grade['time_s']:.0f} s, mostly outside the submission's own limits"
    if grade["status"] == "ungradable" and "ungradable" not in attack.expect:
        return f"made itself ungradable: {grade['notes'][:1]}"
    written = json.dumps(grade)
    if "ESCAPED" in written:
        return re.search(r"ESCAPED.{0,200}", written).group()
    if seen:
        return f"put {seen.group()!r} into what its student reads"
    return ""


def surprise(attack: Attack, results: Results) -> str:
    """An end that its head does not foresee; empty where there is none."""
    ends = outcomes(attack, results)
    if set(ends) <= attack.expect:
        return ""
    staff = " | ".join(task["staff_message"] for task in results.grades[attack.student]["tasks"])
    return f"ended as {ends}, expected {sorted(attack.expect)}: {staff[:500]}"
