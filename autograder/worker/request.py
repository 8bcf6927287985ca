"""What the trusted side asks of the zygote, as JSON: how to confine, and with which limits.

Shared by both sides of the control socket. Holds no secret: it is visible in the zygote's memory.
"""

import json
from dataclasses import asdict, dataclass, fields
from typing import Self

#: Working folder of a submission; also the zygote's temporary folder, which every fork covers with its own.
WORK = "/run/submission"


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """Limits of one sandboxed process.

    Attributes:
        memory_mb: Address space of each process beyond what torch itself takes, in MiB; in a control group also the
            memory of all of them.
        cpu_time_s: CPU seconds after which the kernel kills the process.
        processes: Processes and threads of the submission, itself included.
        file_mb: Largest file, and size of the scratch folder where there is one, in MiB.
        output_kb: How much of the tail of printed text is kept for staff, in KiB.
        threads: Threads of torch.
        gpu: The one GPU that it may see, by its UUID; empty for none. With one, memory_mb bounds the data of each
            process and not its address space, of which CUDA reserves far more than there is memory.
        gpu_memory_mb: What torch may hold of the GPU's memory, in MiB, its context aside. Its own code can lift this.
    """

    memory_mb: int = 4096
    cpu_time_s: int = 60
    processes: int = 64
    file_mb: int = 64
    output_kb: int = 16
    threads: int = 1
    gpu: str = ""
    gpu_memory_mb: int = 4096


@dataclass(frozen=True, slots=True)
class ZygoteConfig:
    """How the zygote confines the processes that it forks.

    Attributes:
        engine: "namespaces", "landlock" or "uid".
        readable: Folders that a submission may read (Python, its packages, these modules). Only `landlock` needs
            them; under `namespaces` nothing else is mounted.
        scratch: Folders over which every fork of engine `namespaces` gets a small file system of its own.
        run_as: User id that the zygote takes before it imports anything, or None to stay. bubblewrap started by root
            runs its program as the real root, who could read root's files in the mounted folders.
        jail: Folder that becomes the root of every fork of engine `uid`.
        gpu_nodes: Device files of GPUs that forks may open; none unless the run computes there.
    """

    engine: str
    readable: tuple[str, ...] = ()
    scratch: tuple[str, ...] = ()
    run_as: int | None = None
    jail: str = ""
    gpu_nodes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The configuration as one line for the zygote's command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads what `to_json` wrote."""
        plain = json.loads(text)
        for name in ("readable", "scratch", "gpu_nodes"):
            plain[name] = tuple(plain[name])
        return cls(**plain)


def limits_to_json(limits: SandboxLimits) -> bytes:
    """The spawn request's body."""
    return json.dumps(asdict(limits)).encode()


def limits_from_json(body: bytes) -> SandboxLimits:
    """Reads a spawn request's body."""
    plain = json.loads(body)
    return SandboxLimits(**{field.name: plain[field.name] for field in fields(SandboxLimits)})
