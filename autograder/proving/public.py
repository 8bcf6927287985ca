"""Proves the public checks: the master passes them, the stub fails them, and knowing their answers earns no points.

The checks run in a process of their own, `python -m autograder.proving.public FOLDER CHECKS`, since they need torch and
run an assignment's code.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pydantic import TypeAdapter

from autograder.errors import CourseError

__all__ = ["CheckedWork", "PublicChecks", "run_public_checks"]

_TIME_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class CheckedWork:
    """State of each task's public check ("done", "differs", ...) on one piece of work, with what a student reads."""

    states: dict[str, str]
    messages: dict[str, str]


@dataclass(frozen=True, slots=True)
class PublicChecks:
    """What the public checks say, and a submission that knows all their answers and nothing else.

    Attributes:
        recorded: How many calls of the checks it answers; those with a model among their arguments are left out.
        memorised: Its text.
    """

    master: CheckedWork
    stub: CheckedWork
    recorded: int
    memorised: str

    def faults(self) -> list[str]:
        """What is wrong, in words for the author."""
        faults = [
            f"public check {task}: the master does not pass it ({state})"
            for task, state in self.master.states.items()
            if state != "done"
        ]
        for task, state in self.stub.states.items():
            if state == "done":
                faults.append(f"public check {task}: the stub passes it")
            elif not any(name in self.stub.messages[task] for name in self.stub.states):
                # Any task's: where one builds on another, the first that is not written is what stops it.
                faults.append(f"public check {task}: what the stub raises names no task")
        return faults


_ANSWER: Final = TypeAdapter(PublicChecks)


def run_public_checks(master: str, stub: str, checks: Path) -> PublicChecks:
    """Runs the public checks on the master and on the stub.

    Raises:
        CourseError: The checks cannot be run; says what they printed.
    """
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        for name, text in (("master", master), ("stub", stub)):
            place = Path(folder) / name
            place.mkdir()
            (place / "work.py").write_text(text, encoding="utf-8")
        answer = Path(folder) / "answer.json"
        done = subprocess.run(
            [sys.executable, "-m", "autograder.proving.public", folder, str(checks.resolve()), str(answer)],
            capture_output=True, text=True, check=False, timeout=_TIME_S,
        )  # fmt: skip
        if done.returncode != 0 or not answer.is_file():
            message = (
                f"{checks}: the public checks cannot be run on the master:\n{done.stderr[-2000:]}"
            )
            raise CourseError(message)
        return _ANSWER.validate_json(answer.read_bytes())


def main() -> None:
    """Entry point of the process that runs the checks: FOLDER CHECKS ANSWER."""
    from autograder.checks.run import run_checks  # noqa: PLC0415  # imports torch

    folder, checks, answer = map(Path, sys.argv[1:])
    calls = _Calls()
    work = {}
    for name, wrap in (("master", calls.watched), ("stub", None)):
        report = run_checks(folder / name / "work.py", checks, wrap)
        work[name] = CheckedWork(
            {result.task: result.state for result in report.results},
            {result.task: result.message for result in report.results},
        )
    found = PublicChecks(work["master"], work["stub"], calls.count, calls.submission())
    answer.write_bytes(_ANSWER.dump_json(found))


class _Calls:
    """Keeps what entry points were asked and what they answered, where both are plain numbers."""

    def __init__(self) -> None:
        self._answers: dict[str, dict[str, Any]] = {}

    @property
    def count(self) -> int:
        return sum(map(len, self._answers.values()))

    def watched(self, module: ModuleType, entry_points: Mapping[str, str]) -> None:
        """Puts a wrapper around every entry point of a module that is a function."""
        for name in entry_points.values():
            function = getattr(module, name, None)
            if callable(function) and not isinstance(function, type):
                setattr(module, name, self._keeping(name, function))

    def _keeping(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        answers = self._answers.setdefault(name, {})

        def kept(*args: Any, **kwargs: Any) -> Any:
            asked = _plain([list(args), kwargs])
            value = function(*args, **kwargs)
            told = _plain(value)
            if asked is not None and told is not None:
                answers[json.dumps(asked)] = told
            return value

        return kept

    def submission(self) -> str:
        """A submission that answers just these calls."""
        functions = "".join(
            f"\n\ndef {name}(*args, **kwargs):\n    return _answer({name!r}, args, kwargs)\n"
            for name in self._answers
        )
        return _MEMORY.replace("@ANSWERS@", repr(json.dumps(self._answers))) + functions


def _plain(value: Any) -> Any:
    """The value as JSON, None where it is something else than tensors and numbers."""
    import torch  # noqa: PLC0415

    if isinstance(value, torch.Tensor):
        return ["tensor", str(value.dtype).removeprefix("torch."), value.tolist()]
    if isinstance(value, bool | int | float):
        return ["number", value]
    if isinstance(value, dict):
        value = [[name, item] for name, item in value.items()]
    if isinstance(value, str):
        return ["text", value]
    if isinstance(value, list | tuple):
        parts = [_plain(item) for item in value]
        return None if None in parts else ["list", parts]
    return None


#: The same in the submission, whose `_plain` must agree with the one above.
_MEMORY: Final = '''"""Knows the answers of the public checks by heart, and nothing else."""

import json

import torch

ANSWERS = json.loads(@ANSWERS@)


def _plain(value):
    if isinstance(value, torch.Tensor):
        return ["tensor", str(value.dtype).removeprefix("torch."), value.tolist()]
    if isinstance(value, (bool, int, float)):
        return ["number", value]
    if isinstance(value, dict):
        value = [[name, item] for name, item in value.items()]
    if isinstance(value, str):
        return ["text", value]
    return ["list", [_plain(item) for item in value]]


def _built(value):
    kind, *rest = value
    if kind == "tensor":
        return torch.tensor(rest[1], dtype=getattr(torch, rest[0]))
    return tuple(map(_built, rest[0])) if kind == "list" else rest[0]


def _answer(name, args, kwargs):
    return _built(ANSWERS[name][json.dumps(_plain([list(args), kwargs]))])
'''


if __name__ == "__main__":
    main()
