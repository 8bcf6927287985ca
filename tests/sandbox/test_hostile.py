"""A whole class of attackers, graded through the command line: nobody gains a point, and nobody else loses one."""

import base64
import contextlib
import hashlib
import importlib.util
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.authoring.master import stub_script
from autograder.records import Isolation
from autograder.store.database import Store
from autograder.worker import kernel


def beside(name: str):
    """A module beside this one: pytest's import mode, importlib, puts no folder on the path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hostile_class = beside("hostile_class")
ROOT = Path(__file__).parents[2]
MASTER = ROOT / "assignments" / "chain_rule" / "chain_rule.py"
ATTACKS = hostile_class.attacks()
HONEST = "_z_honest"
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


@dataclass(frozen=True)
class Results:
    """What became of the class.

    Attributes:
        grades: By student, as in grades.json.
        files: Every file of the results, by its relative name.
        survivors: Processes that outlived the command: name and user id.
        damage: Files of the course that were changed, made or removed.
    """

    level: Isolation
    code: int
    said: str
    grades: dict[str, dict]
    files: dict[str, bytes]
    secrets: dict[str, list[bytes]]
    survivors: list[str]
    damage: list[str]

    def feedback(self, student: str) -> str:
        texts = [c.decode() for n, c in self.files.items() if n.startswith("feedback/")]
        return next(
            text for text in texts if re.search(rf"^Student: {re.escape(student)}$", text, re.M)
        )


@pytest.fixture(scope="module")
def results(engine) -> Iterator[Results]:
    # Not below pytest's own folder, which only its owner may enter: the wall shall be met, not file permissions.
    top = Path(tempfile.mkdtemp(prefix="hostile-"))
    top.chmod(0o755)
    try:
        yield grade(top, engine.level)
    finally:
        shutil.rmtree(top)


def grade(top: Path, level: Isolation) -> Results:
    hidden = f"hidden-byte-{secrets.token_hex(16)}"
    course, submissions, out, store = (
        top / name for name in ("course", "submissions", "out", "store.sqlite")
    )
    set_up_course(course, hidden)
    submissions.mkdir()
    out.mkdir()
    blank, honest = stub_script(MASTER.read_text(), MASTER), MASTER.read_text()
    for attack in ATTACKS:
        attack.build(submissions, blank, hostile_class.names(course, out))
        (submissions / f"{attack.name}{HONEST}.py").write_text(honest)
    for name in ("mailbox", "pseudo_terminals"):  # the note's addressee
        shutil.copy(submissions / f"{name}.py", submissions / f"{name}_addressee.py")
    before, running = hashes(course), descendants()
    with adopting_orphans():
        done = subprocess.run(
            [sys.executable, "-m", "autograder", "grade", "chain_rule", str(submissions), "--out", str(out),
             "--course", str(course), "--store", str(store), "--isolation", level.value],
            capture_output=True, text=True, cwd=ROOT, check=False, timeout=300,
            env=os.environ | {"COLUMNS": "200"},
        )  # fmt: skip
        survivors = surviving(running)
    assert done.returncode in (0, 3), done.stderr[-3000:]
    after = hashes(course)
    files = {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    with Store.open(store) as kept:
        secret = kept.secret(lambda: pytest.fail("the store has lost the course's secret"))
    return Results(
        level=level,
        code=done.returncode,
        said=done.stdout + done.stderr,
        grades={grade["student"]: grade for grade in json.loads(files["grades.json"])["grades"]},
        files=files,
        secrets={
            "a byte of reference or hidden tests": [hidden.encode()],
            "the course's secret": [secret, secret.hex().encode(), base64.b64encode(secret)],
        },
        survivors=survivors,
        damage=sorted(
            name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
        ),
    )


def set_up_course(course: Path, hidden: str) -> None:
    for place in ("assignments/chain_rule/assignment.yml", "reference/chain_rule.py",
                  "tests/hidden/chain_rule/test_chain_rule.py"):  # fmt: skip
        target = course / place
        target.parent.mkdir(parents=True)
        text = (ROOT / place).read_text()
        target.write_text(
            text if target.suffix == ".yml" else f"{text}\n\nHIDDEN = {hidden!r}  # {hidden}\n"
        )
    (course / "grading.yml").write_text(SETTINGS)


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
    for _ in range(20):
        left = [text for pid, text in descendants().items() if pid not in before]
        if not left:
            break
        time.sleep(0.1)
    return left


def fault(attack, results: Results) -> str:
    """What an attack has gained; empty where it has gained nothing."""
    grade = results.grades[attack.student]
    outcomes = {task["outcome"] for task in grade["tasks"]}
    written = json.dumps(grade)
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
    if "ESCAPED" in written:
        return re.search(r"ESCAPED.{0,200}", written).group()
    if seen:
        return f"put {seen.group()!r} into what its student reads"
    if not outcomes <= attack.expect:
        staff = " | ".join(task["staff_message"] for task in grade["tasks"])
        return f"ended as {sorted(outcomes)}, expected {sorted(attack.expect)}: {staff[:500]}"
    return ""


def table(results: Results) -> str:
    """The attacks that beat otter-grader 7.0.0, by their number there, and what became of them here."""
    rows = [f"{'otter':>5}  {'attack':<32} {'score':>5}  {'tasks here':<28} gained"]
    for attack in sorted(ATTACKS, key=lambda a: a.otter):
        if attack.otter:
            grade = results.grades[attack.student]
            outcomes = ", ".join(sorted({task["outcome"] for task in grade["tasks"]}))
            gained = fault(attack, results) or "nothing"
            rows.append(
                f"{attack.otter:>5}  {attack.name:<32} {grade['score']!s:>5}  {outcomes:<28} {gained}"
            )
    return "\n".join(rows)


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_an_attack_gains_nothing(attack, results):
    gained = fault(attack, results)
    assert not gained, f"{attack.what} (otter: {attack.otter or 'no'}): {gained}"


def test_what_beat_otter_fails_here(results):
    numbers = {attack.otter for attack in ATTACKS} - {0}
    assert numbers >= set(range(1, 21)), (
        "an attack of the table in notes/otter.md has no counterpart here"
    )
    gained = [attack.name for attack in ATTACKS if attack.otter and fault(attack, results)]
    assert not gained, f"\n{table(results)}"


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_the_honest_student_who_comes_next_loses_nothing(attack, results):
    grade = results.grades[f"{attack.name}{HONEST}"]
    outcomes = [(task["outcome"], task["staff_message"]) for task in grade["tasks"]]
    assert (grade["score"], grade["status"]) == (grade["max_score"], "graded"), outcomes


def test_a_note_does_not_reach_its_addressee(results):
    for name in ("mailbox_addressee", "pseudo_terminals_addressee"):
        assert "ESCAPED" not in json.dumps(results.grades[name])
        assert results.grades[name]["score"] == 0


def test_no_secret_is_in_the_results(results):
    texts = {**results.files, "terminal": results.said.encode()}
    found = [
        f"{what} in {name}"
        for what, forms in results.secrets.items()
        for name, content in texts.items()
        if any(form in content for form in forms)
    ]
    assert not found


def test_nothing_survives_the_run(results):
    assert not results.survivors


def test_the_course_is_as_it_was(results):
    assert not results.damage


def test_nothing_is_withheld(results):
    withheld = [name for name, grade in results.grades.items() if grade["status"] == "withheld"]
    assert (results.code, withheld) == (0, []), results.said[-2000:]
