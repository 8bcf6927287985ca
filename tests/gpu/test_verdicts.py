"""The whole corpus on a CPU grader and on a CUDA grader: the same verdicts; and how long mnist_mlp takes on each."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from autograder.cli.orders import order_for
from autograder.errors import CourseError
from autograder.proving.corpus import Kind, known_submissions
from autograder.proving.rounds import grade_rounds
from autograder.running.batch import Order, Watcher

COURSE = Path(__file__).parents[2]
SECRET = b"the same verdicts on every card."
NAMES = ["chain_rule", "linear_regression", "logistic_regression", "mnist_mlp"]


def order_on(name: str, device: str, **settings: object) -> Order:
    try:
        order = order_for(name, course=COURSE, device=device, isolation=None, console=Console())
    except CourseError as error:
        pytest.skip(f"NOT RUN: {error}")
    return Order(
        **{
            field: getattr(order, field) for field in order.__slots__
        } | {"course": order.course.model_copy(update=settings)}
    )  # fmt: skip


def verdicts(order: Order, kinds: set[Kind]) -> dict[str, dict[str, str]]:
    known = [(one, 1) for one in known_submissions(COURSE, order.assignment) if one.kind in kinds]
    graded = grade_rounds(order, known, secret=SECRET, now=datetime.now(UTC), watcher=Watcher())
    return {
        name: {task.id: task.outcome.value for task in grade.tasks}
        for name, (grade,) in graded.grades.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_corpus_gets_the_same_verdicts_on_the_cpu_and_on_a_gpu(cards, name, capsys):
    kinds = set(Kind) - {Kind.MUTANT}
    on_cpu = verdicts(order_on(name, "cpu"), kinds)
    on_gpu = verdicts(order_on(name, "cuda", gpu_slots=4), kinds)
    differing = {one: (on_cpu[one], on_gpu[one]) for one in on_cpu if on_cpu[one] != on_gpu[one]}
    with capsys.disabled():
        print(f"\n{name}: {len(on_cpu)} submissions, {len(differing)} differ")
        for one, (here, there) in differing.items():
            print(f"  {one}: {here} / {there}")
    assert not differing


@pytest.mark.parametrize(("device", "settings"), [
    ("cpu", {"parallel": 1}), ("cuda", {"gpu_slots": 1}), ("cuda", {"gpu_slots": 4}),
])  # fmt: skip
def test_submissions_a_minute_of_mnist_mlp(cards, device, settings, capsys):
    order = order_on("mnist_mlp", device, **settings)
    started = time.monotonic()
    found = verdicts(order, {Kind.RIGHT})
    time_s = time.monotonic() - started
    with capsys.disabled():
        words = ", ".join(f"{key} {value}" for key, value in settings.items())
        print(
            f"\nmnist_mlp on {device}, {words}: {60 * len(found) / time_s:.1f} a minute ({os.cpu_count()} cores)"
        )
    assert all(set(tasks.values()) == {"passed"} for tasks in found.values())
