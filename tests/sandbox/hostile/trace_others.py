# attack: ptrace, process_vm_readv and pidfd_getfd on the zygote and on everything else
# asset: tests, reference, grades, other submissions
# channel: kernel
# beats otter: no
# expect: not_implemented
# place: after
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
others = [p for p in {os.getppid(), *range(1, 400)} if p not in (0, os.getpid())]
for pid in others:
    if libc.ptrace(16, pid, 0, 0) == 0:
        raise RuntimeError(f"ESCAPED: traced {pid}")
    for number in (310, 311, 434, 438):
        if libc.syscall(number, pid, 0, 0, 0, 0, 0) > 0:
            raise RuntimeError(f"ESCAPED: system call {number} on {pid}")
