"""After the verdicts: says why an answer is wrong, where that can be known. Changes words, never points."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import ModuleType
from typing import Final

from pydantic import TypeAdapter

from autograder.judging.diagnosis.aside import aside
from autograder.judging.diagnosis.explanation import Finding, explained
from autograder.judging.diagnosis.matching import Case, diagnose
from autograder.judging.diagnosis.misconceptions import Catalogue
from autograder.judging.diagnosis.raised import cause_of
from autograder.judging.score import TestResult
from autograder.judging.trace import Event
from autograder.records import Outcome

__all__ = ["JudgedTest", "second_look"]

#: For all failed tests of one submission together. A variant takes milliseconds.
_TIME_S: Final = 6.0

_FINDINGS: Final[TypeAdapter[dict[str, Finding]]] = TypeAdapter(dict[str, Finding])


@dataclass(frozen=True, slots=True, eq=False)
class JudgedTest:
    """A test with its verdict, for a second look.

    Attributes:
        test: Its name.
        events: What it asked of the submission, and what came back.
        hint: The question at its marker.
        diagnosis: Id of the misconception, or of what can be seen; empty where nothing is known.
    """

    test: str
    result: TestResult
    events: tuple[Event, ...]
    hint: str
    diagnosis: str = ""


def second_look(
    judged: Sequence[JudgedTest],
    reference: ModuleType,
    catalogue: Catalogue,
    wrote: Collection[str] = (),
) -> list[JudgedTest]:
    """Returns the tests with the words that their students get; outcomes and points are as they were.

    What runs on a submission's answers runs in a forked child with a deadline. Where it fails, the test's own hint
    stands alone.

    Args:
        judged: All tests of one submission, those of one task in a row.
        reference: The oracle.
        catalogue: The assignment's known-wrong variants.
        wrote: Entry points that are said to have written into their arguments.
    """
    findings: dict[str, Finding] = {}
    if any(test.result.outcome is Outcome.WRONG and test.events for test in judged):
        said = aside(lambda: _findings(judged, reference, catalogue, wrote), _TIME_S)
        findings = _FINDINGS.validate_json(said) if said else {}
    told: set[tuple[str, str]] = set()
    return [_with_words(test, judged, findings.get(test.test), told) for test in judged]


def _findings(
    judged: Sequence[JudgedTest],
    reference: ModuleType,
    catalogue: Catalogue,
    wrote: Collection[str],
) -> bytes:
    found: dict[str, Finding] = {}
    for _, tests in groupby(judged, key=lambda test: test.result.task):
        cases = [
            Case(test.test, test.result.outcome is Outcome.WRONG, test.events)
            for test in tests
            if test.result.outcome in (Outcome.WRONG, Outcome.PASSED)
        ]
        found.update(diagnose(cases, reference, catalogue, wrote))
    return _FINDINGS.dump_json(found)


def _with_words(
    test: JudgedTest,
    judged: Sequence[JudgedTest],
    finding: Finding | None,
    told: set[tuple[str, str]],
) -> JudgedTest:
    """The test with its message completed. What was told once in a task is not told again."""
    result = test.result
    if result.outcome not in (Outcome.WRONG, Outcome.RAISED):
        return test
    cause = cause_of(result.staff_message) if result.outcome is Outcome.RAISED else None
    name = finding.id if finding else cause.id if cause else ""
    if name and (result.task, name) in told:
        return replace(test, result=replace(result, message=""), diagnosis=name)
    told.add((result.task, name))
    if finding is not None:
        of_task = [other.result for other in judged if other.result.task == result.task]
        message = explained(
            finding,
            passed=sum(other.outcome is Outcome.PASSED for other in of_task),
            tests=len(of_task),
            mismatch=result.message,
            hint=test.hint,
        )
    elif cause is not None:
        message = f"{result.message} {cause.observation} {cause.question}"
    else:
        message = f"{result.message} {test.hint}".rstrip()
    return replace(test, result=replace(result, message=message), diagnosis=name)
