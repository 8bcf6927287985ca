# attack: have the kernel work behind the filter's back: io_uring, bpf, asynchronous I/O, performance counters
# asset: machine, tests
# channel: kernel
# beats otter: no
# expect: not_implemented
# place: after
import ctypes
import errno
import platform

from autograder.worker import syscalls

NUMBERS = syscalls.numbers(platform.machine())
libc = ctypes.CDLL(None, use_errno=True)


def refused(name, *arguments):
    if name not in NUMBERS:
        return
    ctypes.set_errno(0)
    result = libc.syscall(NUMBERS[name], *(ctypes.c_long(value) for value in arguments))
    if result >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
        raise RuntimeError(f"ESCAPED: {name} reached the kernel: {result}, {ctypes.get_errno()}")


refused("io_uring_setup", 1, 0)
refused("io_uring_enter", 3, 0, 0, 0, 0)
refused("io_uring_register", 3, 0, 0, 0)
refused("io_setup", 1, 0)
refused("io_submit", 0, 0, 0)
refused("bpf", 0, 0, 0)
refused("bpf", 5, 0, 0)
refused("perf_event_open", 0, 0, -1, -1, 0)
refused("splice", 0, 0, 1, 0, 1, 0)
refused("tee", 0, 1, 1, 0)
refused("vmsplice", 1, 0, 0, 0)
refused("seccomp", 0, 0, 0)
refused("seccomp", 1, 8, 0)
