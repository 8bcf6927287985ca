# attack: new namespaces, mounts and roots by every call and flag, also beyond 32 bits
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


refused("unshare", 0x10000000)
refused("unshare", 0x20000)
refused("unshare", 0x20000000)
refused("unshare", 0x40000000)
refused("unshare", 0x8000000)
refused("unshare", 0x4000000)
refused("unshare", 0x2000000)
refused("unshare", 0x80)
refused("setns", 3, 0)
refused("clone", 0x10000000 | 17, 0, 0, 0, 0)
refused("clone", (1 << 32) | 0x20000000 | 17, 0, 0, 0, 0)
refused("clone3", 0, 0)
refused("mount", 0, 0, 0, 0, 0)
refused("umount2", 0, 0)
refused("pivot_root", 0, 0)
refused("chroot", 0)
refused("open_tree", -100, 0, 0)
refused("move_mount", -100, 0, -100, 0, 0)
refused("fsopen", 0, 0)
refused("fsconfig", 3, 0, 0, 0, 0)
refused("fsmount", 3, 0, 0)
refused("fspick", -100, 0, 0)
refused("mount_setattr", -100, 0, 0, 0, 0)
