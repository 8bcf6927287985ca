"""Runs a function in a fork, for what a process can do to itself only once."""

import json
import os
import warnings
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def in_fork() -> Callable[[Callable[[], Any]], Any]:
    """Call a function in a forked child and return its result, which must be JSON."""

    def run(function: Callable[[], Any]) -> Any:
        readable, writable = os.pipe()
        with warnings.catch_warnings():
            # Python 3.12 warns of threads that other tests may have left; the child starts none.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            try:
                answer = {"result": function()}
            except BaseException as error:  # noqa: BLE001  nothing may leave the fork
                answer = {"error": repr(error)}
            os.write(writable, json.dumps(answer).encode())
            os._exit(0)
        os.close(writable)
        with os.fdopen(readable, "rb") as pipe:
            text = pipe.read()
        _, status = os.waitpid(pid, 0)
        assert text, f"the child ended with status {status}"
        answer = json.loads(text)
        assert "result" in answer, answer["error"]
        return answer["result"]

    return run


@pytest.fixture
def attempt() -> Callable[[Callable[[], Any]], str]:
    """Call a function and say "allowed", or the name of the error that stopped it."""

    def run(function: Callable[[], Any]) -> str:
        try:
            function()
        except OSError as error:
            return type(error).__name__
        return "allowed"

    return run
