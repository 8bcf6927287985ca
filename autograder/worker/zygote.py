"""The zygote: a process that has torch loaded, forks one confined process per request, and holds no secret.

It never runs a submission's code itself. The trusted side sends a request with two descriptors over the control
socket: `data`, over which the fork serves calls, and `lifeline`, which stays here; and where there are control groups
the doors to one, which the fork enters first of all. The zygote reports the fork's end on the lifeline; when the other
end of the lifeline is shut or closed, the fork is killed with all that it started. A grader that dies therefore takes
its student processes with it.

Fork safety (measured): one thread, no parallel operation and no backward pass before a fork, else the fork hangs in
libgomp or in autograd's engine.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from typing import TYPE_CHECKING, NoReturn

from autograder.worker import jail
from autograder.worker.request import SandboxLimits, ZygoteConfig, limits_from_json

if TYPE_CHECKING:
    from autograder.worker import children

#: Descriptors of control groups that may come with a request: cgroup v1 counts memory and processes in two.
_MOST_DOORS = 2


def main() -> None:
    """Entry point: `argv` is the control descriptor and a `ZygoteConfig` as JSON."""
    control = socket.socket(fileno=int(sys.argv[1]))
    config = ZygoteConfig.from_json(sys.argv[2])
    if config.run_as is not None and os.getuid() == 0:
        _become(config.run_as)
    if config.engine == "namespaces":
        from autograder.worker import namespaces  # noqa: PLC0415  # ctypes is not needed before

        namespaces.own()
    _warm_up(config.engine)
    from autograder.worker import children  # noqa: PLC0415  # imports torch: only now is one thread certain

    forks = children.for_engine(config)
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208  # pathlib would be one more import
    control.send(json.dumps({"ready": True, "threads": threads, "pid": os.getpid()}).encode())
    _serve(control, forks)


def _become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    from autograder.worker import kernel  # noqa: PLC0415  # ctypes is not needed before

    # A change of user makes a process non-dumpable, and then /proc/self/uid_map belongs to root.
    kernel.set_dumpable(True)


def _warm_up(engine: str) -> None:
    """Imports all that a submission is likely to import, so that a fork finds it loaded."""
    os.environ.update(
        OMP_NUM_THREADS="1",
        OPENBLAS_NUM_THREADS="1",
        MKL_NUM_THREADS="1",
        MPLBACKEND="Agg",
        # torch.compile makes this folder even where it compiles nothing; a folder that is there need not be made.
        TORCHINDUCTOR_CACHE_DIR="/",
    )
    for name in (
        "numpy", "torch", "torch.nn.functional", "torch.optim", "torch.utils.data", "torch._dynamo",
        "IPython.core.inputtransformer2", "autograder.submission.flatten",
        "autograder.submission.execute", "autograder.submission.stand_ins",
        "ast", "collections", "copy", "csv", "dataclasses", "datetime", "decimal", "fractions",
        "functools", "glob", "gzip", "inspect", "io", "itertools", "json", "logging", "math",
        "operator", "pathlib", "pickle", "pprint", "random", "re", "shutil", "statistics",
        "string", "struct", "subprocess", "tarfile", "tempfile", "textwrap", "threading", "time",
        "typing", "unittest.mock", "urllib.request", "uuid", "warnings", "zipfile",
    ):  # fmt: skip
        importlib.import_module(name)
    if engine == "uid":
        jail.import_all()
    import torch  # noqa: PLC0415  # after the environment above, which torch reads once

    torch.set_num_threads(1)
    # The first optimiser of a process costs a second (it imports torch._dynamo); pay it here, once.
    from autograder.worker import gpu  # noqa: PLC0415  # imports torch

    with gpu.untouched():
        parameter = torch.nn.Parameter(torch.zeros(2))
        parameter.grad = torch.ones(2)
        for optimiser in (torch.optim.SGD, torch.optim.Adam):
            optimiser([parameter], lr=0.1).step()
        del parameter
        torch.manual_seed(0)
        _rehearse()
    gc.collect()
    gc.freeze()  # a collection in a fork would otherwise touch, and so copy, every page
    from autograder.worker import kernel  # noqa: PLC0415  # ctypes is not needed before

    kernel.collapse_memory()


def _rehearse() -> None:
    """Loads a tiny submission of our own, since whatever runs for the first time in a fork copies pages there."""
    from autograder.submission.execute import load  # noqa: PLC0415  # after the environment above
    from autograder.submission.flatten import flatten  # noqa: PLC0415

    program = b"import torch\n\n\ndef double(x):\n    return 2 * x\n"
    flat = flatten({"rehearsal.py": program}, ["double"])
    module, _ = load(flat, cell_time_s=60, total_time_s=60, module_name="rehearsal")
    module.double(importlib.import_module("torch").ones(3))
    del sys.modules["rehearsal"]


def _serve(control: socket.socket, forks: "children.Children") -> None:
    wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write)
    while True:
        poll = select.poll()
        poll.register(control, select.POLLIN)
        poll.register(wake_read, select.POLLIN)
        for lifeline in forks.lifelines():
            poll.register(lifeline, select.POLLIN)
        ready = {fd for fd, _ in poll.poll(5 if forks.dying() else None)}
        if wake_read in ready:
            os.read(wake_read, 4096)
        for lifeline in forks.lifelines():
            if lifeline.fileno() in ready:
                forks.kill(lifeline)
        forks.reap()
        if control.fileno() in ready:
            body, descriptors, _, _ = socket.recv_fds(control, 65536, 2 + _MOST_DOORS)
            if not body:
                forks.kill_all()
                return
            data, lifeline_fd, *doors = descriptors
            _fork(forks, data, doors, socket.socket(fileno=lifeline_fd), limits_from_json(body))
            for door in doors:
                os.close(door)


def _fork(
    forks: "children.Children",
    data: int,
    doors: list[int],
    lifeline: socket.socket,
    limits: SandboxLimits,
) -> None:
    uid = forks.next_uid()
    try:
        pid = forks.fork()
    except OSError:  # no room for one more process now: the grader sees its sockets close, and later requests may do
        os.close(data)
        lifeline.close()
        return
    if pid == 0:
        _run_child(forks, uid, data, doors, limits)
    os.close(data)
    forks.started(pid, uid, lifeline)


def _run_child(
    forks: "children.Children", uid: int, data: int, doors: list[int], limits: SandboxLimits
) -> NoReturn:
    """In the fork: join its control group, confine, then serve. Never returns into the zygote's loop."""
    status = 70
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for door in doors:
            os.write(door, b"0")  # whoever writes it joins; the trusted side has opened the door
        status = forks.run(uid, data, limits)
    except BaseException:  # noqa: BLE001  # whatever happens, this fork must not become a second zygote
        os.write(2, traceback.format_exc().encode(errors="replace")[-4000:])
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
