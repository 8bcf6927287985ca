# attack: type into, paste into or take over the terminal of whoever grades, also with high bits set
# asset: machine
# channel: kernel
# beats otter: no
# expect: not_implemented
# place: after
import ctypes
import fcntl
import os

libc = ctypes.CDLL(None, use_errno=True)
descriptors = [0, 1, 2]
for path in ("/dev/tty", "/dev/console", "/dev/tty0", "/dev/tty1", "/dev/ptmx", "/dev/pts/0", "/dev/pts/ptmx"):
    try:
        descriptors.append(os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
    except OSError:
        continue
for descriptor in descriptors:
    for request in (0x5412, (1 << 32) | 0x5412, 0x541C, (7 << 32) | 0x541C, 0x540E):
        typed = ctypes.create_string_buffer(b"\n")
        if libc.ioctl(descriptor, ctypes.c_ulong(request), typed) == 0:
            raise RuntimeError(f"ESCAPED: terminal request {request:#x} on {descriptor}")
