# attack: become root, leave the sandbox by namespaces, mounts, chroot, programs and higher limits
# asset: machine
# channel: kernel
# beats otter: no
# expect: not_implemented
# place: after
import ctypes
import os
import resource
import subprocess

libc = ctypes.CDLL(None, use_errno=True)
TRIES = {
    "setuid": lambda: os.setuid(0),
    "setgid": lambda: os.setgid(0),
    "chroot": lambda: os.chroot("/"),
    "exec": lambda: subprocess.run(["/bin/true"], check=True),
    "exec python": lambda: subprocess.run(["@PYTHON@/bin/python", "-c", ""], check=True),
    "nice": lambda: os.nice(-5),
    "sched": lambda: os.sched_setscheduler(0, 1, os.sched_param(1)),
    **{f"limit {n}": (lambda n=n: resource.setrlimit(n, (-1, -1))) for n in (0, 1, 4, 6, 7, 8, 9)},
    **{
        f"unshare {f:x}": (lambda f=f: libc.unshare(f) and 1 / 0)
        for f in (0x10000000, 0x20000, 0x20000000)
    },
    "mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) and 1 / 0,
    "clone": lambda: libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0) > 0 or 1 / 0,
    "keyctl": lambda: libc.syscall(250, 0, -3, 1) >= 0 or 1 / 0,
    "bpf": lambda: libc.syscall(321, 0, 0, 0) >= 0 or 1 / 0,
    "mknod": lambda: os.mknod("null", 0o20666, os.makedev(1, 3)),
}
for name, attempt in TRIES.items():
    try:
        attempt()
    except (OSError, ArithmeticError, ValueError):
        continue
    raise RuntimeError(f"ESCAPED: {name}")
