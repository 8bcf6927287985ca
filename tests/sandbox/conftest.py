"""Engines for the tests of the wall: each test runs against every engine that the machine offers."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.errors import IsolationError
from autograder.records import Isolation
from autograder.sandbox import engine as engines
from autograder.sandbox.session import Session
from autograder.worker import kernel
from autograder.worker.kernel import CloneFlag, MountFlag
from autograder.worker.request import SandboxLimits

REAL = (Isolation.NAMESPACES, Isolation.LANDLOCK, Isolation.UID)


def let_others_reach_python() -> None:
    """In a mount namespace of this process alone, opens a home folder that hides this Python from other users.

    Engine `landlock` runs submissions as another user; on a machine whose Python lies under /root (mode 0700) it
    rightly refuses to start. The machine itself is left as it is.
    """
    home = Path("/root")
    base = Path(sys.base_prefix).resolve()
    if os.getuid() != 0 or not base.is_relative_to(home) or home.stat().st_mode & 0o001:
        return
    kernel.unshare(CloneFlag.NEWNS)
    kernel.mount(None, "/", None, MountFlag.REC | MountFlag.PRIVATE)
    descriptor = os.open(base, os.O_PATH | os.O_DIRECTORY)
    kernel.mount("tmpfs", str(home), "tmpfs", MountFlag.NOSUID, "mode=711")
    base.mkdir(parents=True)
    kernel.mount(f"/proc/self/fd/{descriptor}", str(base), None, MountFlag.BIND)
    os.close(descriptor)


let_others_reach_python()


def start(level: Isolation) -> engines.Engine:
    """A running engine; where there is none the test is skipped, but never in CI, where a hole must not hide."""
    try:
        engine = engines.start(level)
        engines.await_ready(engine)
    except IsolationError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must offer engine {level}: {error}")
        pytest.skip(f"this machine does not offer engine {level}: {error}")
    return engine


@pytest.fixture(scope="session", params=REAL, ids=[level.value for level in REAL])
def engine(request: pytest.FixtureRequest) -> Iterator[engines.Engine]:
    running = start(request.param)
    yield running
    running.close()


@pytest.fixture
def session(engine: engines.Engine) -> Iterator[Session]:
    """A fresh confined process with small limits."""
    limits = SandboxLimits(memory_mb=512, cpu_time_s=10, processes=16, file_mb=4)
    conversation = Session(engine.spawner().spawn(limits))
    yield conversation
    conversation.kill()
    conversation.usage()
