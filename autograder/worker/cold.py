"""Engine `process`: a fresh interpreter that serves one session without isolation."""

import sys

from autograder.worker import child
from autograder.worker.request import limits_from_json


def main() -> None:
    """Entry point: `argv` is the data descriptor and the limits as JSON."""
    sys.exit(child.run_unconfined(int(sys.argv[1]), limits_from_json(sys.argv[2].encode())))
