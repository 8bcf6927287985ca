"""A run and a grade that every test of the store can start from."""

import pytest

from autograder.records import (
    Grade,
    Isolation,
    IsolationRecord,
    Outcome,
    ProbeResult,
    RunRecord,
    Status,
    TaskResult,
)


@pytest.fixture(scope="session")
def run() -> RunRecord:
    probes = (ProbeResult("open_network", True, "EPERM"), ProbeResult("read_home", True, "ENOENT"))
    isolation = IsolationRecord(Isolation.NAMESPACES, Isolation.NAMESPACES, "bwrap 0.11", probes)
    return RunRecord(
        run_id="run-1",
        started_at="2026-01-02T03:04:05Z",
        assignment="chain_rule",
        assignment_version="1.0",
        assignment_sha256="a" * 64,
        settings_sha256="b" * 64,
        device="cpu",
        official=True,
        isolation=isolation,
        versions=(("python", "3.11.7"), ("torch", "2.13.0")),
    )


@pytest.fixture(scope="session")
def grade() -> Grade:
    return Grade(
        student="ada",
        assignment="chain_rule",
        score=2.5,
        max_score=5.0,
        status=Status.GRADED,
        official=True,
        tasks=(
            TaskResult("1.1", "Product", 2.0, 2.0, Outcome.PASSED, "", "", 0.2, 0.1),
            TaskResult("1.2", "Mean", 0.5, 3.0, Outcome.PARTIAL, "Off by 2.", "x", 0.3, 0.2),
        ),
        notes=("cell 3 failed",),
        advice=("autograd was used",),
        source="ada.py",
        submission_sha256="c" * 64,
        time_s=0.5,
    )
