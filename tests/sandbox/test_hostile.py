"""A whole class of attackers, graded through the command line: nobody gains a point, and nobody else loses one.

With HOSTILE_RESULTS set, what became of each attack is written to that file, from which attack_table.py makes the
tables of docs/security.md.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path

import pytest

from autograder.records import Isolation


def beside(name: str):
    """A module beside this one: pytest's import mode, importlib, puts no folder on the path."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


hostile_class, *_, hostile_run = map(
    beside, ("hostile_class", "hostile_intake", "hostile_files", "hostile_run")
)
ATTACKS = hostile_run.attacks()
ASSIGNMENTS = sorted({attack.assignment for attack in ATTACKS})
NOT_ABOUT_ISOLATION = [attack for attack in ATTACKS if attack.process]
each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])


def of(assignment):
    return [attack for attack in ATTACKS if attack.assignment == assignment]


def record(level: Isolation, results) -> None:
    """Adds what became of a level's attacks to the file that HOSTILE_RESULTS names."""
    if not os.environ.get("HOSTILE_RESULTS"):
        return
    path = Path(os.environ["HOSTILE_RESULTS"])
    known = json.loads(path.read_text()) if path.exists() else {}
    classes = {id(of_class): of_class for _, of_class in results}.values()
    statuses = [grade["status"] for of_class in classes for grade in of_class.grades.values()]
    known[level.value] = {
        "attacks": {
            attack.name: {
                "outcomes": hostile_run.outcomes(attack, of_class),
                "points": of_class.grades[attack.student]["score"] or 0,
                "gained": hostile_run.gained(attack, of_class),
            }
            for attack, of_class in results
        },
        "leaked_bytes": sum(of_class.leaked_bytes for of_class in classes),
        "survivors": sum(len(of_class.survivors) for of_class in classes),
        "withheld": statuses.count("withheld"),
    }
    ordered = {level.value: known[level.value] for level in Isolation if level.value in known}
    path.write_text(json.dumps(ordered, indent=1) + "\n")


@pytest.fixture(scope="module")
def results(engine) -> dict:
    graded = {}
    for assignment in ASSIGNMENTS:
        with hostile_run.place() as top:
            graded[assignment] = hostile_run.grade(top, engine.level, of(assignment), assignment)
    record(engine.level, [(attack, graded[attack.assignment]) for attack in ATTACKS])
    return graded


@pytest.fixture(scope="module")
def unconfined():
    with hostile_run.place() as top:
        graded = hostile_run.grade(top, Isolation.PROCESS, NOT_ABOUT_ISOLATION)
    record(Isolation.PROCESS, [(attack, graded) for attack in NOT_ABOUT_ISOLATION])
    return graded


def table(results) -> str:
    """The attacks that beat otter-grader 7.0.0, by their number there, and what became of them here."""
    rows = [f"{'otter':>5}  {'attack':<32} {'tasks here':<28} gained"]
    for attack in sorted(ATTACKS, key=lambda a: a.otter):
        if attack.otter:
            ends = ", ".join(hostile_run.outcomes(attack, results[attack.assignment]))
            gained = hostile_run.gained(attack, results[attack.assignment]) or "nothing"
            rows.append(f"{attack.otter:>5}  {attack.name:<32} {ends:<28} {gained}")
    return "\n".join(rows)


@each_attack
def test_an_attack_gains_nothing(attack, results):
    graded = results[attack.assignment]
    gained = hostile_run.gained(attack, graded) or hostile_run.surprise(attack, graded)
    assert not gained, f"{attack.what} (otter: {attack.otter or 'no'}): {gained}"


def test_what_beat_otter_fails_here(results):
    numbers = {attack.otter for attack in ATTACKS} - {0}
    assert numbers >= set(range(1, 21)), (
        "an attack of the table in notes/otter.md has no counterpart here"
    )
    gained = [
        attack.name
        for attack in ATTACKS
        if attack.otter and hostile_run.gained(attack, results[attack.assignment])
    ]
    assert not gained, f"\n{table(results)}"


HONEST = [(a, student) for a in ASSIGNMENTS for student in hostile_run.honest_among(of(a))]


@pytest.mark.parametrize(("assignment", "student"), HONEST, ids=[student for _, student in HONEST])
def test_the_honest_student_who_comes_next_loses_nothing(assignment, student, results):
    grade = results[assignment].grades[student]
    outcomes = [(task["outcome"], task["staff_message"]) for task in grade["tasks"]]
    assert (grade["score"], grade["status"]) == (grade["max_score"], "graded"), outcomes


def test_a_note_does_not_reach_its_addressee(results):
    for name in hostile_run.MAILBOXES:
        grade = results[hostile_class.CHAIN_RULE].grades[f"{name}_addressee"]
        assert "ESCAPED" not in json.dumps(grade)
        assert grade["score"] == 0


def test_no_secret_is_in_the_results(results):
    leaks = [leak for graded in results.values() for leak in graded.leaks]
    assert (leaks, sum(graded.leaked_bytes for graded in results.values())) == ([], 0)


def test_nothing_survives_the_run(results):
    assert not [process for graded in results.values() for process in graded.survivors]


def test_the_course_is_as_it_was(results):
    assert not [file for graded in results.values() for file in graded.damage]


def test_nothing_is_withheld(results):
    for graded in results.values():
        withheld = [name for name, grade in graded.grades.items() if grade["status"] == "withheld"]
        assert (graded.code, withheld) == (0, []), graded.said[-2000:]


@pytest.mark.parametrize(
    "attack", NOT_ABOUT_ISOLATION, ids=[attack.name for attack in NOT_ABOUT_ISOLATION]
)
def test_what_is_not_about_isolation_gains_nothing_without_it(attack, unconfined):
    gained = hostile_run.gained(attack, unconfined) or hostile_run.surprise(attack, unconfined)
    assert not gained, f"{attack.what}: {gained}"


def test_honest_students_lose_nothing_without_isolation_but_that_it_counts(unconfined):
    for student in hostile_run.honest_among(NOT_ABOUT_ISOLATION):
        grade = unconfined.grades[student]
        assert (grade["score"], grade["official"]) == (grade["max_score"], False)
