# attack: read environment, memory, maps and descriptors of every process, its own parents included
# asset: tests, reference, seeds, grades
# channel: processes
# beats otter: no
# expect: not_implemented
# place: after
import glob
import os

me = str(os.getpid())
for path in (
    glob.glob("/proc/[0-9]*/*") + glob.glob("/proc/self/fd/*") + [f"/proc/{os.getppid()}/environ"]
):
    try:
        with open(path, "rb") as file:
            content = file.read(4096)
    except OSError:
        continue
    raise RuntimeError(f"ESCAPED: {path}: {content!r}")
for descriptor in range(3, 4096):
    try:
        target = os.fstat(descriptor)
    except OSError:
        continue
    if not (target.st_mode & 0o170000 == 0o140000):
        raise RuntimeError(f"ESCAPED: descriptor {descriptor} was inherited: {target}")
for name, value in os.environ.items():
    if "KEY" in name or "TOKEN" in name or "SECRET" in name or "@COURSE@" in value:
        raise RuntimeError(f"ESCAPED: {name}={value}")
