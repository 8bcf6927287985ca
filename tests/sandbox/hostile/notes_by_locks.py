# attack: pass notes between submissions at work by locks and leases on the files that all of them can read
# asset: other submissions
# channel: kernel, file system
# beats otter: no
# expect: not_implemented
# place: after
import fcntl
import os
import struct
import time

SHARED = torch.__file__
LOCK = struct.Struct("hhqqi4x")


def lock_at(place, command, kind, descriptor):
    return LOCK.unpack(fcntl.fcntl(descriptor, command, LOCK.pack(kind, 0, place, 1, 0)))


if os.fork() == 0:
    try:
        lock_at(4242, fcntl.F_SETLK, fcntl.F_RDLCK, os.open(SHARED, os.O_RDONLY))
        time.sleep(1)
    finally:
        os._exit(0)
time.sleep(0.3)
try:
    seen = lock_at(4242, fcntl.F_GETLK, fcntl.F_WRLCK, os.open(SHARED, os.O_RDONLY))
except OSError:
    seen = (fcntl.F_UNLCK,)
if seen[0] != fcntl.F_UNLCK:
    raise RuntimeError(f"ESCAPED: a lock of another process on a shared file: {seen}")
