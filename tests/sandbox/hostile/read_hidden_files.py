# attack: read hidden tests, reference, settings and store on disk and through /proc
# asset: tests, reference, seeds, grades, other submissions
# channel: file system
# beats otter: 1
# expect: not_implemented
# place: before
import glob
import os

COURSE = "@COURSE@"
PLACES = [
    "tests/hidden/chain_rule/test_chain_rule.py",
    "reference/chain_rule.py",
    "grading.yml",
    "assignments/chain_rule/chain_rule.py",
    ".autograder/store.sqlite",
    "store.sqlite",
]


def look():
    roots = [
        "",
        *glob.glob("/proc/*/root"),
        *glob.glob("/proc/*/cwd"),
        "/proc/self/root",
        "/proc/1/root",
    ]
    for root in roots:
        for place in PLACES:
            try:
                with open(f"{root}{COURSE}/{place}", "rb") as file:
                    return f"ESCAPED: read {place}: {file.read()!r}"
            except OSError:
                pass
    for folder, _, names in os.walk("/", followlinks=False):
        if folder.startswith(("/usr", "/lib", "/root/.local", "@PYTHON@")):
            continue
        for name in names:
            if "chain_rule" in name or "grading" in name or name.endswith(".sqlite"):
                return f"ESCAPED: saw {folder}/{name}"
    return ""


found = look()
if found:
    raise RuntimeError(found)
