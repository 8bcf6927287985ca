# attack: find the course by command lines of other processes and rewrite it for the next student
# asset: tests, reference, other submissions
# channel: file system
# beats otter: 18
# expect: not_implemented
# place: after
import glob
import os

seen = ["@COURSE@", "@OUT@"]
for path in glob.glob("/proc/*/cmdline") + [f"/proc/{os.getppid()}/cmdline", "/proc/1/cmdline"]:
    try:
        with open(path, "rb") as file:
            words = file.read().decode(errors="replace").split("\0")
    except OSError:
        continue
    if any("judging" in word or "grade" in word for word in words):
        raise RuntimeError(f"ESCAPED: {path}: {words}")
    seen += [word for word in words if word.startswith("/")]
for root in seen:
    for folder, _, names in os.walk(root):
        for name in names:
            try:
                with open(os.path.join(folder, name), "r+b"):
                    raise RuntimeError(f"ESCAPED: could write {folder}/{name}")
            except OSError:
                pass
