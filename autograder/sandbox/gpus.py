"""Which GPUs this machine has, and which files a process has to open to compute on one.

Reads what NVIDIA's driver tells below /proc, starts nothing and touches no GPU: a process that has opened CUDA can fork
none that may use it. Other makers' GPUs are not known here.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import CourseError

_DRIVER: Final = Path("/proc/driver/nvidia")
#: What every program that uses CUDA opens beside the node of its GPU.
_SHARED_NODES: Final = ("/dev/nvidiactl", "/dev/nvidia-uvm")
_LIBRARY: Final = "libcuda.so.1"
#: Where containers mount the driver's libraries, and where the system keeps them.
_LIBRARY_FOLDERS: Final = (
    "/usr/local/nvidia/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU.

    Attributes:
        uuid: As NVIDIA's tools name it, "GPU-...": CUDA_VISIBLE_DEVICES takes it.
        name: Its model.
        node: Its device file.
    """

    uuid: str
    name: str
    node: str


def find(driver: Path = _DRIVER) -> tuple[Gpu, ...]:
    """The GPUs of this machine whose device files are there, in the order of their bus addresses."""
    found = []
    for information in sorted((driver / "gpus").glob("*/information")):
        lines = (line.partition(":") for line in information.read_text().splitlines())
        facts = {name.strip(): value.strip() for name, _, value in lines}
        node = f"/dev/nvidia{facts.get('Device Minor', '')}"
        if "GPU UUID" in facts and os.path.exists(node):  # noqa: PTH110  # a container may have been given some only
            found.append(Gpu(facts["GPU UUID"], facts.get("Model", "unknown"), node))
    return tuple(found)


def require(driver: Path = _DRIVER) -> tuple[Gpu, ...]:
    """The GPUs of this machine.

    Raises:
        CourseError: It has none that can be used; says what is missing and what to do.
    """
    found = find(driver)
    if found:
        return found
    why = (
        "its device files (/dev/nvidia0, ...) are not here: give them to the container (`docker run --gpus all`)"
        if (driver / "gpus").is_dir()
        else f"NVIDIA's driver is not loaded ({driver} is not there)"
    )
    message = f"device cuda: no GPU is to be had: {why}. Use --device cpu, or grade on a machine with a GPU."
    raise CourseError(message)


def nodes(gpus: Sequence[Gpu]) -> tuple[str, ...]:
    """Device files that have to be open to whoever computes on these GPUs, and no more."""
    return (*_SHARED_NODES, *(gpu.node for gpu in gpus)) if gpus else ()


def library_folders(candidates: Sequence[str] = _LIBRARY_FOLDERS) -> tuple[str, ...]:
    """Folders of the driver's own library: the one where a link to it lies, and where it leads."""
    for folder in candidates:
        library = Path(folder) / _LIBRARY
        if library.exists():
            return tuple(dict.fromkeys((folder, str(library.resolve().parent))))
    return ()


def driver_version(driver: Path = _DRIVER) -> str:
    """Version of the driver, for the run record; empty where it does not say."""
    try:
        words = (driver / "version").read_text().split()
    except OSError:
        return ""
    return next((word for word in words if word[:1].isdigit() and word.count(".") >= 1), "")
