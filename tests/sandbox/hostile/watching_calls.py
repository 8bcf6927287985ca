# attack: watch files and mounts that all submissions share: inotify, fanotify, handles of files
# asset: other submissions, tests
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


refused("inotify_init1", 0)
refused("inotify_init")
refused("fanotify_init", 0, 0)
refused("fanotify_mark", 3, 1, 0, -100, 0)
refused("name_to_handle_at", -100, 0, 0, 0, 0)
refused("open_by_handle_at", 3, 0, 0)
refused("lookup_dcookie", 0, 0, 0)
refused("flock", 0, 2)
refused("quotactl", 0, 0, 0, 0)
