"""Submissions go the way that they go when they are graded: through a confined process."""

import os
from collections.abc import Iterator

import pytest

from autograder.errors import IsolationError
from autograder.records import Isolation
from autograder.sandbox import engine as engines


@pytest.fixture(scope="session")
def engine() -> Iterator[engines.Engine]:
    """The strongest engine of this machine; without any, a test is skipped, but never in CI."""
    try:
        running = engines.strongest([Isolation.NAMESPACES, Isolation.LANDLOCK])
    except IsolationError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must offer isolation: {error}")
        pytest.skip(f"this machine offers no isolation: {error}")
    yield running
    running.close()
