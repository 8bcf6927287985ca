"""The suite process: collects the hidden suite once, then forks a grader process per submission.

Started by the command as `python -m autograder.judging.suite FD`. It holds pytest, torch, the suite and the reference;
its forks inherit them warm. pytest is pinned: configuration, root, conftest boundary and suite are given explicitly,
plugin autoload is off, so that no file of a submission or of the package's own tests ever reaches it.
"""

import gc
import importlib
import importlib.util
import os
import platform
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from autograder.errors import AutograderError, CourseError
from autograder.judging.entry_points import check_entry_points
from autograder.judging.messages import (
    ANSWER,
    ORDER,
    ZYGOTE,
    Ready,
    Refusal,
    SuiteOrder,
    receive_line,
)
from autograder.records import IsolationRecord, TaskInfo
from autograder.worker import kernel

if TYPE_CHECKING:
    import pytest

    from autograder.judging.plugin import GradingPlugin


def main() -> None:
    """Entry point: `argv` is the descriptor of the channel to the command."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    if sys.platform == "linux":
        # A killed command closes the channel, but that is not read before everything is imported.
        kernel.parent_death_signal(signal.SIGKILL)
    _warm_up()
    line = receive_line(channel)
    if not line:
        return  # the command found no engine
    order = ORDER.validate_json(line)
    control = None
    if order.zygote:
        _, descriptors, _, _ = socket.recv_fds(channel, len(ZYGOTE), 1)
        control = socket.socket(fileno=descriptors[0])
    try:
        _run(channel, order, control)
    except AutograderError as error:
        _refuse(channel, Refusal(type(error).__name__, str(error)))


def _warm_up() -> None:
    """Imports what is heavy, before the order comes."""
    # One thread and no parallel operation before a fork, or the forks hang in libgomp.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    # No GPU either: with one, autograd's engine starts a thread for it, and a fork may not differentiate any more.
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    sys.dont_write_bytecode = True
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    importlib.import_module("autograder.judging.forker")
    # The first optimiser of a process imports 800 modules. A diagnosis needs one in a fork of a fork, again and again;
    # here it is paid once, while the engine starts beside it.
    torch.optim.SGD([torch.zeros(1)], lr=0.1)


def _refuse(channel: socket.socket, refusal: Refusal) -> None:
    clipped = replace(refusal, message=refusal.message[:50_000])
    channel.sendall(ANSWER.dump_json(clipped) + b"\n")


def _run(channel: socket.socket, order: SuiteOrder, control: socket.socket | None) -> None:
    from autograder.judging.calibration import load_calibration  # noqa: PLC0415
    from autograder.judging.diagnosis.misconceptions import load_catalogue  # noqa: PLC0415
    from autograder.judging.plugin import GradingPlugin  # noqa: PLC0415  # imports torch and pytest

    reference = load_reference(Path(order.reference))
    _check_entry_points(order, reference)
    suite = Path(order.suite)
    plugin = GradingPlugin(
        reference,
        {name: Path(path) for name, path in order.data.items()},
        lambda items: _collected(channel, order, control, plugin, items),
        catalogue=load_catalogue(suite, reference),
        calibration=load_calibration(suite, order.device),
        calibrating=order.calibrating,
    )
    collect(Path(order.suite), plugin)


def collect(suite: Path, plugin: "GradingPlugin") -> None:
    """Collects a hidden suite; the plugin then serves in the place of pytest's own loop.

    Raises:
        CourseError: The suite cannot be imported.
        AutograderError: What the plugin's serving raised.
    """
    import pytest  # noqa: PLC0415  # after the environment of _warm_up

    from autograder.judging.slips import slips_in  # noqa: PLC0415  # imports pytest

    if slips := slips_in(suite):
        raise CourseError("\n".join(slips))
    code = pytest.main(
        [
            *sorted(str(path) for path in suite.glob("test_*.py")),
            "-c", os.devnull, "--rootdir", str(suite), "--confcutdir", str(suite),
            "--import-mode=importlib", "--strict-markers", "--capture=no",
            *(f"-pno:{name}" for name in _UNWANTED),
        ],
        plugins=[plugin],
    )  # fmt: skip
    if plugin.error is not None:
        raise plugin.error
    # TESTS_FAILED: what failed was somebody's submission, and the plugin has dealt with it.
    if code not in (
        pytest.ExitCode.OK,
        pytest.ExitCode.NO_TESTS_COLLECTED,
        pytest.ExitCode.TESTS_FAILED,
    ):
        text = "\n".join(plugin.collection_errors) or f"pytest ended with {code!r}"
        message = f"{suite}: the hidden suite cannot be collected:\n{text}"
        raise CourseError(message)


#: pytest's own plugins that a hidden suite has no use for, or that would write files.
_UNWANTED = (
    "cacheprovider", "terminal", "logging", "doctest", "unittest", "junitxml", "pastebin", "faulthandler",
    "warnings", "stepwise",
)  # fmt: skip


def _collected(
    channel: socket.socket,
    order: SuiteOrder,
    control: socket.socket | None,
    plugin: "GradingPlugin",
    items: Sequence["pytest.Item"],
) -> None:
    """Runs when the suite is collected: checks it, runs the canary, says so and judges until the channel closes."""
    from autograder.judging.forker import Forker  # noqa: PLC0415  # imports torch and pytest
    from autograder.judging.marks import describe, task_mark  # noqa: PLC0415
    from autograder.sandbox import canary  # noqa: PLC0415
    from autograder.sandbox.engine import spawner  # noqa: PLC0415

    if plugin.collection_errors:
        text = "\n".join(plugin.collection_errors)
        message = f"{order.suite}: the hidden suite cannot be collected:\n{text}"
        raise CourseError(message)
    titles = {task.id: task.title for task in order.tasks}
    try:
        points = describe(items, titles)
        if order.device == "cpu" and not order.gpu_tests_required:
            items = [item for item in items if task_mark(item).device != "cuda"]
            points = describe(items, titles)
    except ValueError as error:
        message = f"{order.suite}: {error}"
        raise CourseError(message) from None
    tasks = tuple(TaskInfo(task, titles[task], total) for task, total in points)
    place = {task: position for position, task in enumerate(titles)}
    ordered = sorted(items, key=lambda item: place[task_mark(item).task])
    failed = plugin.rehearse(ordered, bytes.fromhex(order.key))
    if plugin.slips:
        raise CourseError("\n".join(plugin.slips))
    if failed:
        text = "\n".join(f"{name}: {why}" for name, why in failed)
        message = (
            f"{order.suite}: the reference does not pass its own hidden suite, which was run with the reference "
            f"in the student's place:\n{text}"
        )
        raise CourseError(message)
    processes = spawner(control)
    isolation = canary.run(
        processes,
        order.level,
        order.required,
        order.engine,
        Path(order.canary_target),
        order.open_devices,
    )
    ready = Ready(tasks, isolation, _versions(isolation))
    gc.collect()
    gc.freeze()
    kernel.collapse_memory()
    channel.sendall(ANSWER.dump_json(ready) + b"\n")
    Forker(plugin, ordered, order, tasks, processes).serve(channel)


def _check_entry_points(order: SuiteOrder, reference: ModuleType) -> None:
    """Refuses names that the reference does not have: a typo would be every student's missing function.

    Raises:
        CourseError: Names them, with what was probably meant.
    """
    known = [name for name, value in vars(reference).items() if callable(value)]
    if any(name not in known for name in order.entry_points):
        path = Path(order.reference)
        check_entry_points(path.parents[1], order.assignment, known, path)


def load_reference(path: Path) -> ModuleType:
    """The oracle, imported by its path; it is never on `sys.path`.

    Raises:
        CourseError: It is missing or cannot be imported.
    """
    spec = importlib.util.spec_from_file_location(f"reference_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        message = (
            f"{path}: there is no reference; write one with the entry points of the assignment."
        )
        raise CourseError(message)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where a dataclass of the reference looks up its annotations
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        text = "".join(traceback.format_exception_only(error)).strip()
        message = f"{path}: the reference cannot be imported: {text}"
        raise CourseError(message) from error
    return module


def _versions(isolation: IsolationRecord) -> tuple[tuple[str, str], ...]:
    import numpy as np  # noqa: PLC0415
    import pytest  # noqa: PLC0415
    import torch  # noqa: PLC0415

    from autograder import __version__  # noqa: PLC0415

    return (
        ("autograder", __version__),
        ("python", platform.python_version()),
        ("torch", str(torch.__version__)),
        ("numpy", np.__version__),
        ("pytest", pytest.__version__),
        ("engine", isolation.engine),
        ("platform", platform.platform()),
    )


if __name__ == "__main__":
    main()
