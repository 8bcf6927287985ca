"""CPU time of this process and of everything that it starts, however that ends.

`getrusage` and /proc do not do: the suite process leaves its graders to the kernel to bury
(SIGCHLD is ignored), and what is buried so is added to nobody's children. Linux's event counters,
inherited by every thread and process started after `CpuCounter.start`, lose nothing: not the
forks, not what lies in other namespaces or under other users, not the time that tearing a process
down takes.
"""

import ctypes
import os
import platform
import struct

#: perf_event_open's number, by machine (Linux: arch/*/entry/syscalls).
_SYSCALL = {"x86_64": 298, "aarch64": 241}
_ATTRIBUTES_BYTES = 128
_SOFTWARE, _TASK_CLOCK = 1, 1
_FLAGS_OFFSET = 40
#: Without kernel and hypervisor an unprivileged user may ask, too; the task clock counts them all the same.
_INHERIT, _EXCLUDE_KERNEL, _EXCLUDE_HYPERVISOR = 1 << 1, 1 << 5, 1 << 6
_CLOSE_ON_EXEC = 1 << 3


class CpuCounter:
    """A running counter.

    Args:
        descriptor: From perf_event_open, or -1: then `read_s` is NaN, and so is all that follows from it.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def start(cls) -> "CpuCounter":
        """Starts counting for the calling thread, and for all that it starts from now on."""
        number = _SYSCALL.get(platform.machine())
        if not hasattr(os, "sched_getaffinity") or number is None:
            return cls(-1)
        attributes = bytearray(_ATTRIBUTES_BYTES)
        struct.pack_into("=IIQ", attributes, 0, _SOFTWARE, _ATTRIBUTES_BYTES, _TASK_CLOCK)
        flags = _INHERIT | _EXCLUDE_KERNEL | _EXCLUDE_HYPERVISOR
        struct.pack_into("=Q", attributes, _FLAGS_OFFSET, flags)
        buffer = (ctypes.c_char * _ATTRIBUTES_BYTES).from_buffer(attributes)
        this_thread, any_core, no_group = 0, -1, -1
        return cls(
            ctypes.CDLL(None).syscall(
                number, buffer, this_thread, any_core, no_group, _CLOSE_ON_EXEC
            )
        )

    @property
    def works(self) -> bool:
        """False where the system has no such counter or does not allow it."""
        return self._descriptor >= 0

    def read_s(self) -> float:
        """CPU seconds, user and system, since the start."""
        if not self.works:
            return float("nan")
        nanoseconds: int = struct.unpack("=Q", os.read(self._descriptor, 8))[0]
        return nanoseconds / 1e9
