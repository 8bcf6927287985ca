"""A bundle under Gradescope's limits: a control group of so much memory and so much of a core, groups read-only inside.

    python benchmarks/in_gradescope.py chain_rule --memory-mb 768 --cores 0.5

Grades the master, a submission that never ends, and one that fills the container with processes; prints time, peak
memory (file caches included), memory that is no cache, kernel kills, and what results.json says. Needs root and control
groups of version 1 that can be made. The Python is this one (setup.sh is not run).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
COURSE = Path(__file__).resolve().parents[1]
METADATA = {"users": [{"email": "ada@example.edu", "id": 1, "name": "Ada"}]}
ENDLESS = "while True:\n        pass"
FILLING = """import os, time
    for _ in range(12):
        if os.fork() == 0:
            block = bytearray(200 << 20)
            for at in range(0, len(block), 4096):
                block[at] = 1
            time.sleep(60)
            os._exit(0)
    time.sleep(15)"""
#: Joins the groups, hides that they could be written, and becomes run_autograder.
INSIDE = """
for group in "$MEMORY" "$CPU"; do echo $BASHPID > "$group/cgroup.procs"; done
exec unshare -m bash -c 'for d in /sys/fs/cgroup/*; do mount -o remount,bind,ro "$d" 2> /dev/null; done
exec "$0"' "$1"
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignment")
    parser.add_argument("--memory-mb", type=int, default=768)
    parser.add_argument("--cores", type=float, default=0.5)
    parser.add_argument("--only", choices=["master", "endless", "filling"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle.zip"
        subprocess.run(
            [sys.executable, "-m", "autograder", "bundle", arguments.assignment,
             "--out", bundle, "--course", COURSE, "--store", Path(folder) / "store.sqlite"],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        print(f"bundle: {bundle.stat().st_size / 1e6:.1f} MB")
        for name, source in submissions(arguments.assignment).items():
            if arguments.only in (None, name):
                root = unpacked(bundle, Path(folder) / name)
                (root / "submission" / f"{arguments.assignment}.py").write_text(source)
                print(f"{name}: {measured(root, arguments.memory_mb, arguments.cores)}", flush=True)


def submissions(assignment):
    """The master, and two whose every entry point does harm."""
    about = (COURSE / "assignments" / assignment / "assignment.yml").read_text()
    names = {line.split("entry_point: ")[1].split(",")[0].strip(" }") for line in
             about.splitlines() if "entry_point: " in line}  # fmt: skip
    master = (COURSE / "assignments" / assignment / f"{assignment}.py").read_text()

    def harmful(body):
        return "\n".join(f"def {name}(*a, **k):\n    {body}\n" for name in sorted(names))

    return {"master": master, "endless": harmful(ENDLESS), "filling": harmful(FILLING)}


def unpacked(bundle, root):
    """Gradescope's folders."""
    for name in ("submission", "results", "source"):
        (root / name).mkdir(parents=True)
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    (root / "run_autograder").chmod(0o755)
    (root / "submission_metadata.json").write_text(json.dumps(METADATA))
    return root


def measured(root, memory_mb, cores):
    """Runs it in groups of its own, and says how it went."""
    memory, cpu = (GROUPS / kind / f"in-gradescope-{os.getpid()}" for kind in ("memory", "cpu"))
    for group in (memory, cpu):
        group.mkdir()
    (memory / "memory.limit_in_bytes").write_text(str(memory_mb << 20))
    (cpu / "cpu.cfs_quota_us").write_text(str(int(cores * 100_000)))
    started = time.monotonic()
    with (root / "results" / "stdout").open("wb") as stdout:
        process = subprocess.Popen(
            ["bash", "-c", INSIDE, "inside", root / "run_autograder"],
            env={"PATH": os.environ["PATH"], "MEMORY": memory, "CPU": cpu,
                 "AUTOGRADER_ROOT": root, "AUTOGRADER_VENV": sys.prefix},
            stdout=stdout, stderr=subprocess.STDOUT,
        )  # fmt: skip
        no_cache = 0
        while process.poll() is None:
            no_cache = max(no_cache, numbers(memory / "memory.stat")["total_rss"])
            time.sleep(0.05)
    took_s = time.monotonic() - started
    peak = int((memory / "memory.max_usage_in_bytes").read_text())
    kills = numbers(memory / "memory.oom_control")["oom_kill"]
    for group in (memory, cpu):
        group.rmdir()
    results = json.loads((root / "results" / "results.json").read_bytes())
    outcomes = [t["output"].split(",")[0] for t in results["tests"] if "number" in t]
    return (
        f"exit code {process.returncode}, {took_s:.0f} s, peak {peak >> 20} MB, without caches "
        f"{no_cache >> 20} MB, {kills} killed for memory, score {results.get('score')}, {outcomes}"
    )


def numbers(file):
    """A file of names and numbers."""
    words = file.read_text().split()
    return {name: int(value) for name, value in zip(words[::2], words[1::2], strict=False)}


if __name__ == "__main__":
    main()
