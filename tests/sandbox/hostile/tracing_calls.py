# attack: trace, read, write and compare other processes by every call that can
# asset: tests, reference, other submissions
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


refused("ptrace", 16, 1, 0, 0)
refused("ptrace", 0x4206, 1, 0, 0)
refused("process_vm_readv", 1, 0, 0, 0, 0, 0)
refused("process_vm_writev", 1, 0, 0, 0, 0, 0)
refused("kcmp", 1, 1, 0, 0, 0)
refused("pidfd_open", 1, 0)
refused("pidfd_getfd", 3, 0, 0)
refused("pidfd_send_signal", 3, 9, 0, 0)
refused("process_madvise", 3, 0, 0, 21, 0)
refused("process_mrelease", 3, 0)
refused("move_pages", 1, 0, 0, 0, 0, 0)
refused("migrate_pages", 1, 0, 0, 0)
