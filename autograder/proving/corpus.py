"""The known submissions of an assignment: master, stub, and what lies in `right/` and `wrong/`, with their heads.

A head is comments at the top of a submission: `# id:`, `# misconception:`, `# fails: 1.2 2.1` (wrong ones), `# advice:
autograd` (right ones that a person is to look at), `# diagnosis: held back`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from autograder.authoring.master import solved_notebook, stub_notebook, stub_script
from autograder.errors import CourseError
from autograder.records import Submission
from autograder.running.collect import collect, made
from autograder.settings.assignment import ASSIGNMENTS_FOLDER, Assignment
from autograder.settings.documents import read_text

__all__ = ["Kind", "Known", "known_submissions"]

_HEAD_LINE: Final = re.compile(r"^# (\w+): (.*?)\r?$", re.MULTILINE)
_MOST_MB: Final = 64


class Kind(StrEnum):
    """What a known submission is for."""

    MASTER = "master"
    STUB = "stub"
    RIGHT = "right"
    WRONG = "wrong"
    MUTANT = "mutant"


@dataclass(frozen=True, slots=True)
class Known:
    """A submission of which is known how it has to be graded.

    Attributes:
        fails: The tasks that must not be passed; all others must be.
        id: Of the misconception, in the catalogue.
        misconception: In one line.
        held_back: True where no known-wrong variant was made from it, so that it can test a diagnosis.
        review: True where a person is to look at it although it is right.
    """

    name: str
    kind: Kind
    submission: Submission
    fails: frozenset[str] = frozenset()
    id: str = ""
    misconception: str = ""
    held_back: bool = False
    review: bool = False


def known_submissions(root: Path, about: Assignment) -> tuple[Known, ...]:
    """Returns all known submissions: the master and the stub, each as script and notebook, then right, then wrong ones.

    Raises:
        CourseError: A file is missing or cannot be read, or the head of a wrong one does not say which tasks fail.
    """
    path = root / ASSIGNMENTS_FOLDER / about.name / f"{about.name}.py"
    master = read_text(path, _MOST_MB * 1024 * 1024)
    tasks = frozenset(about.tasks)
    found = [
        Known("master", Kind.MASTER, made("master", {"master.py": master.encode()})),
        Known(
            "master notebook",
            Kind.MASTER,
            made("master notebook", {"master.ipynb": solved_notebook(master, path).encode()}),
        ),
        Known(
            "stub", Kind.STUB, made("stub", {"stub.py": stub_script(master, path).encode()}), tasks
        ),
        Known(
            "stub notebook",
            Kind.STUB,
            made("stub notebook", {"stub.ipynb": stub_notebook(master, path).encode()}),
            tasks,
        ),
    ]
    suite = root / "tests" / "hidden" / about.name
    for kind in (Kind.RIGHT, Kind.WRONG):
        found += _in_folder(kind, suite / kind)
    faults = [f"{suite / k.kind / k.name}: {fault}" for k in found for fault in _faults(k, tasks)]
    if faults:
        raise CourseError("\n".join(faults))
    return tuple(found)


def _in_folder(kind: Kind, folder: Path) -> Iterator[Known]:
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    paths = {path.name if path.is_dir() else path.stem: path for path in folder.iterdir()}
    for submission in collect(folder, None, _MOST_MB):
        head = _head(paths[submission.source])
        yield Known(
            name=submission.source,
            kind=kind,
            submission=submission,
            fails=frozenset(head.get("fails", "").split()),
            id=head.get("id", ""),
            misconception=head.get("misconception", ""),
            held_back=head.get("diagnosis") == "held back",
            review=head.get("advice") == "autograd",
        )


def _faults(known: Known, tasks: frozenset[str]) -> Iterator[str]:
    if known.submission.refused:
        yield f"it cannot be read: {known.submission.refused}"
    if known.kind is Kind.WRONG and not known.fails:
        yield 'its head says not which tasks fail; expected a line such as "# fails: 1.2 2.1"'
    if known.kind is Kind.RIGHT and known.fails:
        yield 'its head has a line "# fails:", but it lies in right/'
    unknown = sorted(known.fails - tasks)
    if unknown:
        yield f"its head names tasks that assignment.yml does not have: {', '.join(unknown)}"


def _head(path: Path) -> Mapping[str, str]:
    """The declarations at the top of a submission; none in a folder."""
    if path.is_dir():
        return {}
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        text = "".join(cells[0]["source"]) if cells else ""
    return dict(_HEAD_LINE.findall(text))
