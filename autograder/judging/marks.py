"""The marker `task` of hidden tests: reads it, checks all of a suite's, and sums the points.

Points stand at the marker and nowhere else: `task("1.2", points=2, after="1.1", hint="...")`.
"""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pytest

_DEVICES: Final = (None, "cpu", "cuda")


@dataclass(frozen=True, slots=True)
class TaskMark:
    """The arguments of a test's marker `task`.

    Attributes:
        device: "cpu" or "cuda" where the test can be run there only; None where it follows the run.
    """

    task: str
    points: float
    after: str | None = None
    hint: str = ""
    device: str | None = None


def task_mark(item: pytest.Item) -> TaskMark:
    """The marker of a collected test.

    Raises:
        ValueError: It has none, more than one, or one with wrong arguments; the message says which.
    """
    marks = list(item.iter_markers("task"))
    if len(marks) != 1:
        message = f'{item.nodeid}: expected one marker task("1.1", points=...), found {len(marks)}'
        raise ValueError(message)
    try:
        mark = TaskMark(*marks[0].args, **marks[0].kwargs)
    except TypeError as error:
        message = f"{item.nodeid}: marker task: {error}"
        raise ValueError(message) from None
    if (
        not isinstance(mark.task, str)
        or not isinstance(mark.points, (int, float))
        or not 0 < mark.points < math.inf  # NaN is neither
    ):
        message = f'{item.nodeid}: marker task takes a string and points above 0, as in task("1.1", points=2)'
        raise ValueError(message)
    if mark.device not in _DEVICES:
        message = f'{item.nodeid}: marker task: device={mark.device!r}, expected "cpu" or "cuda"'
        raise ValueError(message)
    return mark


def describe(items: Sequence[pytest.Item], known: Collection[str]) -> list[tuple[str, float]]:
    """Task ids with the sum of their points, in the order of the assignment; checks every marker.

    Args:
        items: The collected tests.
        known: The assignment's task ids, in its order.

    Raises:
        ValueError: Lists every fault of the suite's markers.
    """
    faults: list[str] = []
    points = dict.fromkeys(known, 0.0)
    for item in items:
        try:
            mark = task_mark(item)
        except ValueError as error:
            faults.append(str(error))
            continue
        faults += [f"{item.nodeid}: {fault}" for fault in _faults(item, mark, list(known))]
        points[mark.task] = points.get(mark.task, 0.0) + mark.points
    faults += [
        f"task {task}: no hidden test gives points for it" for task in points if not points[task]
    ]
    if faults:
        raise ValueError("\n".join(faults))
    return list(points.items())


def _faults(item: pytest.Item, mark: TaskMark, known: Sequence[str]) -> Iterator[str]:
    if any(item.get_closest_marker(name) for name in ("skip", "skipif", "xfail")):
        yield "a hidden test may not be skipped or expected to fail"
    unknown = [task for task in (mark.task, mark.after) if task is not None and task not in known]
    for task in unknown:
        yield f"task {task!r} is not in assignment.yml ({', '.join(known)})"
    if not unknown and mark.after in known[known.index(mark.task) :]:
        yield f"builds on task {mark.after!r}, which is not judged before: it would be skipped for everybody"
