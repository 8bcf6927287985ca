# attack: leave a note for the next task and the next student in every place that can be written
# asset: other submissions
# channel: file system, kernel, memory
# beats otter: no
# expect: not_implemented
# place: after
import ctypes
import glob
import mmap
import os

NOTE = b"note of another process"
PLACES = [
    f"{f}/note"
    for f in (
        ".",
        "/tmp",
        "/dev/shm",
        "/run/submission",
        "/var/tmp",
        "/dev",
        "/run",
        "/run/lock",
        os.path.expanduser("~"),
        os.path.dirname(torch.__file__),
        "/dev/mqueue",
        "/proc",
    )
]
notes = [place for place in PLACES if os.path.exists(place)]
if notes:
    raise RuntimeError(f"ESCAPED: a note in {notes}")
for place in PLACES:
    try:
        with open(place, "wb") as file:
            file.write(NOTE)
    except OSError:
        pass
libc = ctypes.CDLL(None, use_errno=True)
if libc.shmget(4242, 4096, 0) >= 0 or libc.msgget(4242, 0) >= 0 or libc.semget(4242, 1, 0) >= 0:
    raise RuntimeError("ESCAPED: System V memory of another process")
libc.shmget(4242, 4096, 0o1777), libc.msgget(4242, 0o1777), libc.semget(4242, 1, 0o1777)
if any(os.environ.get(name) for name in ("NOTE",)) or hasattr(torch, "note"):
    raise RuntimeError("ESCAPED: a note in memory")
os.environ["NOTE"] = torch.note = "note"
for path in glob.glob("/proc/self/maps"):
    for line in open(path):
        if "rw-s" in line:
            raise RuntimeError(f"ESCAPED: shared memory of the zygote: {line}")
