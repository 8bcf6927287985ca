# attack: become another user or regain rights by number: ids, groups, capabilities, schedulers, priorities
# asset: machine, time of others
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


refused("setuid", 0)
refused("setgid", 0)
refused("setreuid", 0, 0)
refused("setregid", 0, 0)
refused("setresuid", 0, 0, 0)
refused("setresgid", 0, 0, 0)
refused("setfsuid", 0)
refused("setfsgid", 0)
refused("setgroups", 0, 0)
refused("capset", 0, 0)
refused("sched_setscheduler", 0, 1, 0)
refused("sched_setattr", 0, 0, 0)
refused("sched_setparam", 0, 0)
refused("setpriority", 0, 0, -20)
refused("ioprio_set", 1, 0, 1 << 13)
refused("chown", 0, 0, 0)
refused("fchownat", -100, 0, 0, 0, 0)
refused("mknodat", -100, 0, 0o20666, 0x103)
refused("setxattr", 0, 0, 0, 0, 0)
