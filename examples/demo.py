"""`make demo`: grades the example class and says what one sees.

With isolation: all students, the hostile ones among them. Without (macOS, a locked-down container): only the benign
ones, marked unofficial; hostile code never runs unconfined.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]
CLASS = COURSE / "examples" / "chain_rule"
OUT = COURSE / "results" / "demo"
AUTOGRADER = [sys.executable, "-m", "autograder"]


def grade(folders: list[str], *options: str) -> int:
    """Grades the students of these folders as one class; returns the exit code."""
    with tempfile.TemporaryDirectory() as gathered:
        for folder in folders:
            shutil.copytree(CLASS / folder, gathered, dirs_exist_ok=True)
        command = [*AUTOGRADER, "grade", "chain_rule", gathered, "--out", str(OUT), *options]
        return subprocess.run(command, cwd=COURSE, check=False).returncode


def main() -> int:
    """Grades with isolation where there is any, else the benign part without."""
    print("Grading the example class: examples/chain_rule (benign and hostile), each task in its own sandbox.\n")
    shutil.rmtree(OUT, ignore_errors=True)  # the grades are in the store; what is written now is of this run
    code = grade(["benign", "hostile"])
    if code == 3 and not OUT.exists():
        print(
            "\nThis machine offers no isolation (`autograder doctor` says why, and how to mend it)."
            "\nGrading only the benign examples, without isolation; every result is UNOFFICIAL.\n"
        )
        code = grade(["benign"], "--isolation", "process")
    if code == 0:
        feedback = OUT.relative_to(COURSE) / "feedback"
        print(f"\nRead what a student gets: {feedback}/. Run it again: nothing is judged twice.")
    return code


if __name__ == "__main__":
    sys.exit(main())
