# attack: memory that outlives, hides or handles its own faults: memfd, secret memory, userfaultfd, remapped files
# asset: machine, other submissions
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


refused("memfd_create", 0, 0)
refused("memfd_secret", 0)
refused("userfaultfd", 0)
refused("userfaultfd", 1)
refused("remap_file_pages", 0, 0, 0, 0, 0)
refused("set_mempolicy_home_node", 0, 0, 0, 0)
refused("modify_ldt", 0, 0, 0)
refused("shmget", 4242, 4096, 0o1777)
refused("shmat", 0, 0, 0)
refused("semget", 4242, 1, 0o1777)
refused("msgget", 4242, 0o1777)
refused("mq_open", 0, 0, 0, 0)
refused("mq_unlink", 0)
