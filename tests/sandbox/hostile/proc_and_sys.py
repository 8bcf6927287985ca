# attack: write to memory, limits and settings through /proc and /sys, and read what they tell of others
# asset: machine, tests, other submissions
# channel: file system, processes
# beats otter: no
# expect: not_implemented
# place: after
import glob

WRITTEN = "mem oom_score_adj coredump_filter setgroups uid_map clear_refs loginuid timerslack_ns attr/current comm".split()
PATHS = [f"/proc/self/{name}" for name in WRITTEN] + [f"/proc/1/{name}" for name in WRITTEN]
PATHS += ["/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/sys/kernel/uevent_helper"]
PATHS += glob.glob("/sys/fs/cgroup/**/*.max", recursive=True)[:50] + glob.glob("/sys/fs/cgroup/*/tasks")
for path in PATHS:
    try:
        open(path, "r+b", buffering=0).close()
    except (OSError, ValueError):
        continue
    raise RuntimeError(f"ESCAPED: {path} opened for writing")
for path in ["/proc/keys", "/proc/locks", "/proc/net/unix", "/proc/modules", "/proc/kallsyms", "/proc/timer_list", "/sys/kernel/debug"]:
    try:
        with open(path) as file:
            text = file.read(200)
    except OSError:
        continue
    raise RuntimeError(f"ESCAPED: read {path}: {text}")
