"""The canary's program without a sandbox: what it could do here, as the user who grades, if nothing stopped it.

A probe that fails here as well proves nothing when the sandbox stops it. Runs in a throw-away interpreter beside the
sandboxed canary, in a session and a folder of its own, bounded in time; its victim is itself.
"""

import contextlib
import json
import os
import secrets
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from autograder.sandbox import canary_calls

#: What each probe met: whether it got through, and with what, or what stopped it.
Found = Mapping[str, tuple[bool, str]]

#: Trying everything takes 0.15 s; a machine that needs this long for it is out of order.
_TIME_S: Final = 10.0
_END_TIME_S: Final = 1.0

#: The first process keeps the notes and is the victim; its fork tries, and leaves daemons that hold `alive`.
_DRIVER: Final = """
import ctypes, json, os, select, sys
order = json.loads(sys.stdin.buffer.readline())
prctl = ctypes.CDLL(None).prctl
prctl(0x59616d61, ctypes.c_ulong(-1), 0, 0, 0)  # Yama: anybody may trace this process
prctl(36, 1, 0, 0, 0)  # its daemons come back to it
alive_read, alive_write = os.pipe()
lifeline_read, lifeline_write = os.pipe()
here = {"__name__": "canary"}
exec(order["program"], here)
here["leave"](order["name"], order["folders"], order["shared_memory"][0])
answer_read, answer_write = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(lifeline_write)
    there = {"__name__": "canary"}
    exec(order["program"], there)
    found = there["attempt"](order["targets"])
    found |= there["find"](order["name"], order["folders"], order["shared_memory"][0])
    with open(answer_write, "w") as answer:
        json.dump(found, answer)
    there["linger"](lifeline_read, 0)
    os._exit(0)
os.close(answer_write)
os.close(alive_write)
with open(answer_read) as answer:
    found = json.load(answer)
os.waitpid(pid, 0)
here["clear"](order["name"], order["folders"], *order["shared_memory"])
dead, _, _ = select.select([alive_read], [], [], 0)
found["survive"] = [not dead, "its daemons died with it" if dead else ""]
print(json.dumps(found), flush=True)
sys.stdin.buffer.read()  # it is a victim for as long as there is somebody who wants one
os.close(lifeline_write)
try:
    while True:
        os.wait()
except ChildProcessError:
    pass
"""


@dataclass(slots=True)
class Proof:
    """The program on its way, outside the sandbox.

    Attributes:
        victim: Its process id, for the sandboxed canary to aim at.
    """

    victim: int
    _process: "subprocess.Popen[bytes]"
    _deadline: float

    def found(self) -> tuple[Found, str]:
        """What it found, and, where that is nothing, why."""
        assert self._process.stdout is not None
        line = b""
        while not line.endswith(b"\n"):
            left_s = self._deadline - time.monotonic()
            if left_s <= 0 or not select.select([self._process.stdout], [], [], left_s)[0]:
                return {}, f"the proof was not done within {_TIME_S:g} s"
            part = os.read(self._process.stdout.fileno(), 1 << 16)
            if not part:
                return {}, "the proof ended without an answer"
            line += part
        return {name: (bool(got), str(what)) for name, (got, what) in json.loads(line).items()}, ""

    def close(self) -> None:
        """Ends it, whatever it is doing, and all that it started."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # what it was told and has not read
            self._process.stdin.close()  # at which it buries its daemons and ends
        in_time = time.monotonic() + _END_TIME_S
        states = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while time.monotonic() < in_time and not os.waitid(os.P_PID, self._process.pid, states):
            time.sleep(0.002)
        # It leads a process group and is not yet waited for, so that nobody else can have its number. Daemons have left
        # the group; they end when the last holder of their lifeline is gone.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()


@contextlib.contextmanager
def started(program: str, targets: Mapping[str, Any]) -> Iterator[Proof]:
    """Starts the program, does not wait for it, and ends it with the context.

    Args:
        program: Source of `canary_program` and `canary_neighbours`.
        targets: What it may touch, see `decoys`; its victim is added here.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", "-c", _DRIVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=targets["folder"],
        env={"CANARY": "a variable of the caller"},
    )
    proof = Proof(process.pid, process, time.monotonic() + _TIME_S)
    order = {
        "program": program,
        "targets": {**targets, "victim": process.pid},
        "folders": [targets["folder"]],
        "name": secrets.token_hex(8),
        "shared_memory": canary_calls.shared_memory(),
    }
    try:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended, which `found` will tell
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
        yield proof
    finally:
        proof.close()
