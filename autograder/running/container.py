"""What the container that grading runs in leaves for a submission: its memory, its cores, its time.

Reads control groups and changes none; where they show no limit, what was chosen for the container counts. Knows how
much of it the grader takes itself, as measured. Refuses to know Gradescope's files.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import GraderError
from autograder.settings.course import Limits

#: What the command, the suite process, the zygote and a grader hold beside the submission, MiB. Measured: 520
#: with the suite of chain_rule (benchmarks/in_gradescope.py).
GRADER_MB: Final = 530
#: MNIST, and what a suite makes of it once for all: 60,000 images as float32 are 180 MiB, in two processes.
MNIST_MB: Final = 480
#: Less than this and torch itself fails in an honest submission.
_LEAST_MB: Final = 128
#: Until the grader is ready and after the last task, on half a core. Measured: 20 to 35 s.
GRADER_TIME_S: Final = 90.0
_MIB: Final = 1 << 20
#: Version 1 writes "no limit" as the largest number of pages.
_NO_LIMIT: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Container:
    """What there is.

    Attributes:
        memory_mb: For all processes together, MiB.
        cores: Cores that may be kept busy all the time.
        time_s: Wall time until the container is ended.
        seen: Which of memory and cores the container shows itself.
    """

    memory_mb: int
    cores: float
    time_s: float
    seen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Allowance:
    """The limits of a submission in a container, and how they differ from the course's, for the run's record."""

    limits: Limits
    remarks: tuple[str, ...]


def look(
    chosen: Container,
    mounted: Path = Path("/sys/fs/cgroup"),
    process: Path = Path("/proc/self/cgroup"),
) -> Container:
    """This container, as its control groups show it; what they do not show is as chosen."""
    memory, cores = _memory_mb(mounted, process), _cores(mounted, process)
    seen = [name for name, found in (("memory", memory), ("cores", cores)) if found is not None]
    return Container(
        chosen.memory_mb if memory is None else memory,
        chosen.cores if cores is None else cores,
        chosen.time_s,
        tuple(seen),
    )


def fit(limits: Limits, container: Container, data_mb: int = 0) -> Allowance:
    """Fits a submission's limits into a container.

    Memory is what the grader leaves. Times are meant for a whole core: with half of one they are twice as long. All
    tasks together must be over before the container is ended, since that would be a score of 0 there.

    Args:
        limits: What the course allows.
        container: What there is.
        data_mb: What data sets take beside.

    Raises:
        GraderError: There is not enough memory for any submission.
    """
    left_mb = container.memory_mb - GRADER_MB - data_mb
    if left_mb < _LEAST_MB:
        needed = GRADER_MB + data_mb + _LEAST_MB
        message = (
            f"the container has {container.memory_mb} MB of memory, and this assignment needs {needed} MB at least: "
            "give it more in the platform's settings"
        )
        raise GraderError(message)
    slower = max(1.0, 1.0 / container.cores)
    budget_s = max(1.0, container.time_s - GRADER_TIME_S)
    fitted = {
        name: min(getattr(limits, name) * slower, budget_s)
        for name in Limits.model_fields
        if name.endswith("_time_s")
    }
    fitted_limits = limits.model_copy(
        update={**fitted, "memory_mb": min(limits.memory_mb, left_mb)}
    )
    remarks = [
        f"{name}: {getattr(limits, name):g} in the course, {getattr(fitted_limits, name):g} here"
        for name in ("memory_mb", *fitted)
        if getattr(limits, name) != getattr(fitted_limits, name)
    ]
    return Allowance(fitted_limits, tuple(remarks))


def be_last_to_go(adjustment: Path = Path("/proc/self/oom_score_adj")) -> None:
    """Asks the kernel to kill others first when memory runs out: submissions have themselves put first.

    A container's root often may not: then the submission's process is still the first.
    """
    with contextlib.suppress(OSError):
        adjustment.write_text("-900")


def _memory_mb(mounted: Path, process: Path) -> int | None:
    found = [
        int(text)
        for controller, file in (("", "memory.max"), ("memory", "memory.limit_in_bytes"))
        for text in _texts(mounted, process, controller, file)
        if text.isdecimal()
    ]
    least = min(found, default=_NO_LIMIT)
    return None if least >= _NO_LIMIT else least // _MIB


def _cores(mounted: Path, process: Path) -> float | None:
    found = []
    for text in _texts(mounted, process, "", "cpu.max"):
        quota, period = text.split()
        if quota != "max":
            found.append(int(quota) / int(period))
    quotas = _texts(mounted, process, "cpu", "cpu.cfs_quota_us")
    periods = _texts(mounted, process, "cpu", "cpu.cfs_period_us")
    found += [int(q) / int(p) for q, p in zip(quotas, periods, strict=False) if int(q) > 0]
    return min(found, default=None)


def _texts(mounted: Path, process: Path, controller: str, file: str) -> Iterator[str]:
    """The file's text in this process's group and all above it, as far as they are mounted."""
    try:
        lines = process.read_text().splitlines()
    except OSError:
        return
    own = {name: path for _, names, path in (line.split(":", 2) for line in lines)
           for name in names.split(",")}  # fmt: skip
    if controller not in own:
        return
    top = mounted / controller
    folder = top / own[controller].lstrip("/")
    for place in (folder, *folder.parents):
        with contextlib.suppress(OSError):
            yield (place / file).read_text().strip()
        if place == top:
            return
