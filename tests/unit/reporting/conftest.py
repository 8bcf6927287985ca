"""A grade to start from; a test changes what it is about with dataclasses.replace."""

import pytest

from autograder.records import Grade, Outcome, Status, TaskInfo, TaskResult


@pytest.fixture(scope="session")
def grade() -> Grade:
    return Grade(
        student="ada",
        assignment="chain_rule",
        score=2.5,
        max_score=6.0,
        status=Status.GRADED,
        official=True,
        tasks=(
            TaskResult(
                "1.1",
                "Product",
                0.5,
                3.0,
                Outcome.PARTIAL,
                "The gradient of b is off by a factor of 2. Is your loss a sum or a mean?",
                "staff only: got 4.0",
                0.2,
                0.1,
            ),
            TaskResult("1.2", "Neuron", 2.0, 2.0, Outcome.PASSED, "", "", 0.3, 0.2),
            TaskResult("1.3", "Network", 0.0, 1.0, Outcome.SKIPPED, "It builds on 1.1."),
        ),
        notes=("Cell 3 failed in line 2 and was left out.",),
        advice=("autograd was used in 1.2",),
        source="ada.py",
        submission_sha256="c" * 64,
        time_s=0.5,
    )


@pytest.fixture(scope="session")
def tasks() -> tuple[TaskInfo, ...]:
    return (
        TaskInfo("1.1", "Product", 3.0),
        TaskInfo("1.2", "Neuron", 2.0),
        TaskInfo("1.3", "Network", 1.0),
    )
