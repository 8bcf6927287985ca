"""Tests that need a GPU. Elsewhere each says that it was not run; `make test-gpu` runs them where there is one."""

from collections.abc import Iterator

import pytest

from autograder.errors import IsolationError
from autograder.records import Isolation
from autograder.sandbox import engine as engines
from autograder.sandbox import gpus
from autograder.sandbox.gpus import Gpu
from autograder.sandbox.session import Session
from autograder.worker.request import SandboxLimits

LEVELS = (Isolation.NAMESPACES, Isolation.LANDLOCK, Isolation.PROCESS)


@pytest.fixture(scope="session")
def cards() -> tuple[Gpu, ...]:
    found = gpus.find()
    if not found:
        pytest.skip("NOT RUN: there is no GPU here; `make test-gpu` on a machine that has one")
    return found


@pytest.fixture(scope="module", params=LEVELS, ids=str)
def engine(cards, request) -> Iterator[engines.Engine]:
    try:
        running = engines.start(request.param, cards)
        engines.await_ready(running)
    except IsolationError as error:
        pytest.skip(f"NOT RUN: no `{request.param}` here: {error}")
    print(f"\n{running.level}: {running.description}; open: {', '.join(running.open_devices)}")
    yield running
    running.close()


@pytest.fixture
def load(engine, cards):
    """Loads a program into a process of its own that has the first GPU; gives its session."""
    sessions = []

    def loaded(program: str, *entry_points: str, memory_mb: int = 4096) -> Session:
        limits = SandboxLimits(gpu=cards[0].uuid, gpu_memory_mb=memory_mb)
        session = Session(engine.spawner().spawn(limits))
        sessions.append(session)
        flat = session.flatten({"work.py": program.encode()}, entry_points, time_s=30)
        session.open_gpu()
        session.load(flat, cell_time_s=10, time_s=30, device="cuda")
        return session

    yield loaded
    for session in sessions:
        session.kill()
    for session in sessions:
        session.usage()
