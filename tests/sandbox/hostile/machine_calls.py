# attack: modules, clocks, ports, swap, accounts, host name and reboot
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


refused("init_module", 0, 0, 0)
refused("finit_module", 3, 0, 0)
refused("delete_module", 0, 0)
refused("kexec_load", 0, 0, 0, 0)
refused("kexec_file_load", 3, 3, 0, 0, 0)
refused("iopl", 3)
refused("ioperm", 0x70, 1, 1)
refused("swapon", 0, 0)
refused("swapoff", 0)
refused("acct", 0)
refused("sethostname", 0, 0)
refused("setdomainname", 0, 0)
refused("settimeofday", 0, 0)
refused("clock_settime", 0, 0)
refused("adjtimex", 0)
refused("clock_adjtime", 0, 0)
refused("syslog", 3, 0, 0)
refused("vhangup")
refused("personality", 0x0040000)
refused("sync")
refused("syncfs", 0)
refused("reboot", 0, 0, 0, 0)
