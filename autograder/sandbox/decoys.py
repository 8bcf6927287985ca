"""Things outside the sandbox that are there to be reached by the canary: a file, listeners, files to overwrite.

All of them are worthless, live in one temporary folder or on loopback, and are gone with the canary.
"""

import contextlib
import secrets
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.sandbox import canary_calls
from autograder.worker.request import SandboxLimits


@contextlib.contextmanager
def set_up(limits: SandboxLimits) -> Iterator[dict[str, Any]]:
    """What `attempt` of the canary's program needs to know, but for its victim.

    Args:
        limits: Of the sandboxed canary; it tries to have a little more of everything.
    """
    with tempfile.TemporaryDirectory(prefix="canary-") as folder, contextlib.ExitStack() as stack:
        Path(folder).chmod(0o755)  # it is the wall that must stop the canary, and not a file's mode
        files = {name: f"{folder}/{name}" for name in ("decoy", "course_file", "package_file")}
        for path in files.values():
            Path(path).write_text(secrets.token_hex(16))
        abstract = f"canary-{secrets.token_hex(8)}"
        tcp = _listener(stack, socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        udp = _listener(stack, socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        _listener(stack, socket.AF_UNIX, socket.SOCK_STREAM, f"\0{abstract}")
        _listener(stack, socket.AF_UNIX, socket.SOCK_STREAM, f"{folder}/socket")
        with contextlib.suppress(OSError):  # there is none where it could not be made
            Path(folder, "socket").chmod(0o777)
        yield files | {
            "folder": folder,
            "new_file": f"{folder}/new",
            "tcp": tcp.getsockname()[1],
            "udp": udp.getsockname()[1],
            "abstract": abstract,
            "socket": f"{folder}/socket",
            "calls": canary_calls.calls(),
            "processes": limits.processes,
            "memory_mb": limits.memory_mb,
            "file_mb": limits.file_mb,
        }


def _listener(
    stack: contextlib.ExitStack, family: int, kind: int, address: tuple[str, int] | str
) -> socket.socket:
    listener = stack.enter_context(socket.socket(family, kind))
    # A machine without loopback, or with a long path, has nothing to connect to, which the proof then finds.
    with contextlib.suppress(OSError):
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen()
    return listener
