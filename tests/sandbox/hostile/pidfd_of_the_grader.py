# attack: ask the socket for a descriptor of the grader's process, and signal or trace it through that
# asset: grades, machine
# channel: kernel, processes
# beats otter: no
# expect: not_implemented
# place: after
import ctypes
import errno
import os
import platform
import signal
import socket

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


def channels():
    for descriptor in range(3, 64):
        try:
            yield socket.socket(fileno=os.dup(descriptor))
        except OSError:
            pass


SO_PEERPIDFD = 77
for channel in channels():
    try:
        descriptor = channel.getsockopt(socket.SOL_SOCKET, SO_PEERPIDFD)
    except OSError:
        continue
    for number in (0, signal.SIGSTOP, signal.SIGKILL):
        refused("pidfd_send_signal", descriptor, number, 0, 0)
    refused("pidfd_getfd", descriptor, 0, 0)
    refused("setns", descriptor, 0x40000000)
    refused("process_madvise", descriptor, 0, 0, 21, 0)
