"""Times a grading of every assignment, and how much of it is the student's own computing.

    python benchmarks/per_assignment.py [--submissions 12] [--json FILE]

Right submissions only, since those compute most. What each lane does stands in benchmarks/README.md.
"""

import argparse
import json
import os
import statistics
from pathlib import Path

from cpu_counter import CpuCounter
from lanes import Helper, Lane, time_class

from autograder.running.batch import Order
from autograder.running.collect import collect
from autograder.running.data import prepared_data
from autograder.running.workshop import cores
from autograder.settings.assignment import load_assignment
from autograder.settings.course import load_course

COURSE = Path(__file__).resolve().parents[1]
ROUNDS = 3


def main() -> None:
    """Measures every assignment of the course, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=12, help="of each assignment")
    parser.add_argument("--json", type=Path, help="write the numbers there")
    options = parser.parse_args()
    counter = CpuCounter.start()  # before anything is started, so that it is inherited by all
    names = sorted(path.parent.name for path in COURSE.glob("assignments/*/assignment.yml"))
    rows = [measured(name, options.submissions, counter) for name in names]
    columns = list(rows[0])
    print("".join(f"{column:>22}" for column in columns))
    for row in rows:
        print("".join(f"{value:>22}" for value in row.values()))
    print(f"{cores()} cores, load average {os.getloadavg()[0]:.2f}; medians, per submission")
    if options.json is not None:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")


def measured(name: str, count: int, counter: CpuCounter) -> dict[str, str]:
    """One row of the table."""
    course, assignment = load_course(COURSE), load_assignment(COURSE, name)
    data = prepared_data(COURSE, course, assignment, os.environ, print)
    right = COURSE / "tests" / "hidden" / name / "right"
    submissions = collect(right, None, limit_mb=20)[:count]
    paths = [path for path in sorted(right.iterdir()) if path.suffix == ".py"][:count]
    loop = Helper("loop", name)
    loop.measure(None, paths, len(assignment.tasks))  # torch's first use of everything
    own, alone, together = Lane(), Lane(), Lane()
    for _ in range(ROUNDS):
        for lane, parallel in ((alone, 1), (together, "auto")):
            settings = course.model_copy(update={"parallel": parallel})
            order = Order(COURSE, settings, assignment, None, "cpu", again=True, data=data)
            for wall_s, cpu_s in time_class(order, submissions, counter).each:
                lane.add(wall_s, cpu_s)
        loop.measure(own, paths, len(assignment.tasks))
    loop.close()
    wall_ms, own_ms, together_ms = (
        1000 * statistics.median(lane.wall_s) for lane in (alone, own, together)
    )
    return {
        "assignment": name,
        "tasks / calls": f"{len(assignment.tasks)} / {loop.about['calls']}",
        "one at a time, ms": f"{wall_ms:.0f}",
        "all cores, ms": f"{together_ms:.0f}",
        "own computing, ms": f"{own_ms:.1f}",
        "own share": f"{own_ms / wall_ms:.0%}",
    }


if __name__ == "__main__":
    main()
