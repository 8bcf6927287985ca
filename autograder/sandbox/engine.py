"""The engines: starting the one that the course requires, or refusing with the reason and the remedy.

There is no automatic step down to something weaker than what is required.
"""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO

from autograder.errors import IsolationError
from autograder.records import Isolation
from autograder.sandbox import bubblewrap, cgroup_search, gpus, host
from autograder.sandbox.cgroups import Place
from autograder.sandbox.gpus import Gpu
from autograder.sandbox.spawn import BOOTSTRAP, ColdSpawner, Spawner, WarmSpawner
from autograder.worker.request import ZygoteConfig

_START_TIME_S = 120.0


@dataclass(slots=True)
class Engine:
    """A running engine.

    Attributes:
        level: What it is.
        description: Engine and version, for the run record.
        control: Socket to its zygote; None for `process`, which has none.
        place: Where its tasks get control groups; None where they get none.
        open_devices: Device files that submissions may use: a piece of the kernel that they can talk to.
    """

    level: Isolation
    description: str
    control: socket.socket | None = None
    place: Place | None = None
    open_devices: tuple[str, ...] = ()
    _process: "subprocess.Popen[bytes] | None" = None
    _words: IO[bytes] | None = None

    def spawner(self) -> Spawner:
        """Where processes come from."""
        if self.control is None:
            return spawner(None)
        return WarmSpawner(self.control, self.place)

    def last_words(self) -> str:
        """The end of what the engine wrote to its standard error, for staff."""
        if self._words is None:
            return ""
        self._words.seek(0)
        return self._words.read()[-4000:].decode(errors="replace")

    def close(self) -> None:
        """Ends the engine and every process that it started."""
        if self.control is not None:
            self.control.close()
        if self._process is not None:
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._words is not None:
            self._words.close()
        if self.place is not None:
            self.place.sweep()


def spawner(control: socket.socket | None) -> Spawner:
    """The spawner for a zygote's control socket, or for cold starts where there is none."""
    if control is None:
        return ColdSpawner(str(bubblewrap.package_root()))
    return WarmSpawner(control, cgroup_search.find())


def start(level: Isolation, on: Sequence[Gpu] = ()) -> Engine:
    """Starts the engine of exactly this level; returns before the zygote is warm (see `await_ready`).

    Args:
        level: Which one.
        on: GPUs that submissions are to compute on.

    Raises:
        IsolationError: It is not to be had here; the message names the remedy.
    """
    nodes = gpus.nodes(on)
    match level:
        case Isolation.PROCESS:
            if os.name != "posix":
                message = "`grade` needs a POSIX system; on Windows use WSL2. `autograder check` works here."
                raise IsolationError(message)
            return Engine(level, "a new interpreter per task, no isolation", open_devices=nodes)
        case Isolation.NAMESPACES:
            host.require_linux(level)
            program, origin = bubblewrap.find()
            version = subprocess.run(
                [str(program), "--version"], capture_output=True, text=True, check=False
            ).stdout.strip()
            run_as = bubblewrap.SANDBOX_UID if os.getuid() == 0 else None
            config = ZygoteConfig(
                "namespaces", scratch=bubblewrap.scratch(), run_as=run_as, gpu_nodes=nodes
            )
            libraries = gpus.library_folders() if nodes else ()
            return _start_zygote(
                level,
                f"{version} ({origin})",
                lambda inner: bubblewrap.command(program, inner, nodes, libraries),
                config,
            )
        case Isolation.LANDLOCK:
            host.require_linux(level)
            abi = _require_landlock()
            readable = tuple(str(path) for path in bubblewrap.readable())
            if nodes:
                readable += gpus.library_folders()
            config = ZygoteConfig("landlock", readable=readable, gpu_nodes=nodes)
            return _start_zygote(level, f"Landlock ABI {abi}", lambda inner: inner, config)
        case Isolation.UID:
            host.require_linux(level)
            if nodes:
                message = "engine `uid` has no device files inside: on a GPU take `namespaces` or `landlock`."
                raise IsolationError(message)
            host.require_root(level, ("CAP_SETUID", "CAP_SETGID", "CAP_KILL", "CAP_SYS_CHROOT"))
            jail = host.packages()
            config = ZygoteConfig("uid", jail=str(jail))
            return _start_zygote(level, f"user ids, root {jail}", lambda inner: inner, config)


def await_ready(engine: Engine) -> None:
    """Waits until a started engine's zygote is warm.

    Raises:
        IsolationError: It did not start; the message carries its last words and a remedy.
    """
    if engine.control is None:
        return
    engine.control.settimeout(_START_TIME_S)
    try:
        greeting = engine.control.recv(4096)
    except TimeoutError:
        greeting = b""
    engine.control.settimeout(None)
    if b'"threads": 1,' in greeting:
        return
    words = engine.last_words().strip()
    engine.close()
    if greeting:
        message = f"the zygote has more than one thread and cannot fork safely: {greeting.decode()}"
        raise IsolationError(message)
    found = host.obstacles() if engine.level is Isolation.NAMESPACES else []
    message = (
        f"engine `{engine.level}` did not start: {words or 'no word from it'}. "
        f"{host.remedy(words, found)}"
    )
    raise IsolationError(message)


def strongest(levels: list[Isolation], on: Sequence[Gpu] = ()) -> Engine:
    """Starts the first of these levels that is to be had and waits until it is warm.

    Raises:
        IsolationError: None is; the message tells why, level by level.
    """
    reasons = []
    for level in levels:
        try:
            engine = start(level, on)
            await_ready(engine)
        except IsolationError as error:
            reasons.append(f"{level}: {error}")
        else:
            return engine
    raise IsolationError("\n".join(reasons))


def _start_zygote(
    level: Isolation,
    description: str,
    wrap: Callable[[list[str]], list[str]],
    config: ZygoteConfig,
) -> Engine:
    place = cgroup_search.find()
    if place is not None:
        place.sweep()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    words = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the engine
    program = BOOTSTRAP.format(
        root=str(bubblewrap.package_root()), module="autograder.worker.zygote"
    )
    inner = [sys.executable, "-I", "-B", "-c", program, str(theirs.fileno()), config.to_json()]
    with theirs:
        process = subprocess.Popen(
            wrap(inner),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
            # Nothing of the caller's environment: a token in it would be in /proc/self/environ.
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"},
            cwd="/",
        )
    described = f"{description}; {cgroup_search.describe(place)}"
    return Engine(level, described, ours, place, config.gpu_nodes, process, words)


def _require_landlock() -> int:
    from autograder.worker import landlock  # noqa: PLC0415  # ctypes only where it is asked for

    host.require_root(Isolation.LANDLOCK, ("CAP_SETUID", "CAP_SETGID", "CAP_KILL"))
    abi = landlock.abi()
    if abi < 1:
        message = (
            "this kernel has no Landlock (5.13 or newer, enabled at boot with lsm=...,landlock)."
        )
        raise IsolationError(message)
    host.require_open((*bubblewrap.readable(), *bubblewrap.interpreter_links()))
    return abi
