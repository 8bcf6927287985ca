# attack: leave notes in the kernel's keyrings, of the thread, the process, the session and the user
# asset: other submissions
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


refused("add_key", 0, 0, 0, 0, -3)
refused("request_key", 0, 0, 0, -3)
refused(*("keyctl", 0, -3, 1))
refused(*("keyctl", 1, 0))
