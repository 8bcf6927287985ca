"""Names the misconception behind a wrong answer: which known-wrong variant gives the very same numbers.

Works on the traces of tests that were judged already, and returns text: it cannot change a verdict. Refuses to guess:
a misconception is named where its variant agrees with everything that the submission answered in a test, and differs
from the reference at several independent points of it.
"""

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import torch
from torch import Tensor

from autograder.judging.compare import Mismatch, close
from autograder.judging.conversion import stacked
from autograder.judging.diagnosis.explanation import Finding, Named
from autograder.judging.diagnosis.misconceptions import Catalogue, Misconception
from autograder.judging.diagnosis.relations import relation_between
from autograder.judging.diagnosis.replay import (
    CannotAnswer,
    Pair,
    can_be_replayed,
    namespace,
    replay,
)
from autograder.judging.trace import Event

__all__ = ["Case", "diagnose"]

#: A submission computes in float32, a variant in float64: a trajectory of ten steps drifts by 1e-5, and how far
#: parameters have moved is known to about 1e-4. The catalogue's variants differ by per cents.
_SAME_RTOL: Final = 3e-3
_OTHER_RTOL: Final = 2e-2
#: What `close` takes where a test's author names nothing else.
_RIGHT_RTOL: Final = 1e-4
#: Where luck could make two wrong functions meet: one number, or two, at one point.
_FEWEST_POINTS: Final = 2
_FEWEST_NUMBERS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One test of a task, judged.

    Attributes:
        failed: True where its verdict is `wrong`.
        events: What it asked and what came back, until the verdict.
    """

    test: str
    failed: bool
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """How well a misconception explains the tests of a task."""

    misconception: Misconception
    explained: frozenset[str]
    points: int
    numbers: int


def diagnose(
    cases: Sequence[Case],
    reference: ModuleType,
    catalogue: Catalogue,
    wrote: Collection[str] = (),
) -> Mapping[str, Finding]:
    """Returns what is known of the failed tests of one task, by the test's name; nothing where nothing is known.

    Args:
        cases: All tests of the task that were judged, in order.
        reference: The oracle.
        catalogue: The known-wrong variants of its entry points.
        wrote: Entry points that are said to have written into their arguments.
    """
    usable = [case for case in cases if case.events and can_be_replayed(case.events)]
    if not any(case.failed for case in usable):
        return {}
    right = {case.test: list(_pairs(case, reference, None)) for case in usable}
    usable = [case for case in usable if right[case.test]]
    failed = [case for case in usable if case.failed]
    findings: dict[str, Finding] = {}
    # The shortest test sorts out nearly all of the catalogue; what is left is tried on all tests.
    for case in sorted(failed, key=lambda case: len(case.events)):
        matches = [
            match
            for misconception in _candidates(case, reference, catalogue, right[case.test])
            if (match := _match(misconception, usable, reference, right)) is not None
        ]
        if matches:
            best = max(matches, key=lambda match: (len(match.explained), match.points))
            entry_point = _entry_point(best.misconception, failed, best.explained)
            named = _named(best, entry_point, catalogue, reference)
            findings.update(dict.fromkeys(best.explained, named))
            break
    for case in failed:
        if case.test not in findings:
            pair = _first_wrong(right[case.test])
            event = case.events[pair.position]
            seen = relation_between(
                pair.theirs,
                pair.other,
                event,
                case.events[: pair.position],
                wrote=event.name in wrote,
            )
            if seen is not None:
                findings[case.test] = seen
    return findings


def _candidates(
    case: Case, reference: ModuleType, catalogue: Catalogue, right: Sequence[Pair]
) -> list[Misconception]:
    """The misconceptions that explain one failed test."""
    asked = {event.name for event in case.events if event.kind == "call"}
    return [
        misconception
        for misconception in catalogue.misconceptions
        if asked & misconception.variants.keys() and _telling(misconception, case, reference, right)
    ]


def _first_wrong(pairs: Sequence[Pair]) -> Pair:
    """The first pair that is not right; the last one where the test judged by something else."""
    wrong = (pair for pair in pairs if not _same(pair.theirs, pair.other, _RIGHT_RTOL))
    return next(wrong, pairs[-1])


def _match(
    misconception: Misconception,
    cases: Sequence[Case],
    reference: ModuleType,
    right: Mapping[str, list[Pair]],
) -> _Match | None:
    """How a misconception explains the failed tests; None where it does not, or a passed test speaks against it."""
    explained: set[str] = set()
    points = numbers = 0
    # Passed tests first: most variants give themselves away at the first number that is right.
    for case in sorted(cases, key=lambda case: case.failed):
        telling = _telling(misconception, case, reference, right[case.test])
        if telling is None:
            if not case.failed:
                return None
            continue
        if telling and case.failed:
            explained.add(case.test)
        points += len(telling)
        numbers += sum(_count(pair.other) for pair in telling)
    if not explained or (points < _FEWEST_POINTS and numbers < _FEWEST_NUMBERS):
        return None
    return _Match(misconception, frozenset(explained), points, numbers)


def _telling(
    misconception: Misconception, case: Case, reference: ModuleType, right: Sequence[Pair]
) -> list[Pair] | None:
    """The pairs at which the submission sides with the variant and against the reference; None where it must not.

    Where a passed test has answers that neither the reference gives nor the variant, it did not look at them: they come
    from dropout, or from a choice that is free.
    """
    telling = []
    pairs = _pairs(case, reference, misconception)
    for truth in right:
        pair = next(pairs, None)
        if pair is None:
            return None  # the variant cannot take what the test asks
        is_right = _same(truth.theirs, truth.other, _SAME_RTOL)
        if not _same(pair.theirs, pair.other, _SAME_RTOL):
            if is_right or case.failed:
                return None
        elif not is_right and not _same(pair.other, truth.other, _OTHER_RTOL):
            telling.append(pair)
    return telling


def _pairs(
    case: Case, reference: ModuleType, misconception: Misconception | None
) -> Iterator[Pair]:
    """The pairs of answers, up to the first request that the variant cannot take."""
    with contextlib.suppress(CannotAnswer), torch.random.fork_rng(devices=[]):
        yield from replay(case.events, namespace(reference, misconception))


def _same(theirs: Any, other: Any, rtol: float) -> bool:
    """True where two answers are the same numbers in the same form.

    Both are made finite first: a loss that overflows is told from another by where it overflows.
    """
    try:
        close(_finite(theirs), _finite(other), rtol=rtol, atol=1e-9)
    except (Mismatch, TypeError):
        return False
    return True


def _finite(value: Any) -> Any:
    if isinstance(value, Tensor) and (value.is_floating_point()):
        return value.detach().nan_to_num(nan=7.77e3, posinf=8.88e3, neginf=-8.88e3)
    if isinstance(value, float):
        return float(torch.tensor(value, dtype=torch.float64).nan_to_num(7.77e3, 8.88e3, -8.88e3))
    if isinstance(value, list):
        # A list of numbers and an empty one are answers as well; close() wants something to compare.
        return [_finite(item) for item in value] or [0.0]
    if isinstance(value, tuple):
        return tuple(_finite(item) for item in value)
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value


def _count(value: Any) -> int:
    if isinstance(value, list | tuple):
        return sum(map(_count, value))
    if isinstance(value, dict):
        return sum(map(_count, value.values()))
    return value.numel() if isinstance(value, Tensor) else 1


def _entry_point(
    misconception: Misconception, failed: Sequence[Case], explained: frozenset[str]
) -> str:
    """The first entry point with a variant that an explained test has called."""
    return next(
        event.name
        for case in failed
        if case.test in explained
        for event in case.events
        if event.kind == "call" and event.name in misconception.variants
    )


def _named(match: _Match, entry_point: str, catalogue: Catalogue, reference: ModuleType) -> Named:
    """The misconception with the numbers that it and the reference give on a visible example."""
    misconception = match.misconception
    example = catalogue.example(entry_point)
    numbers: list[str] = []
    if example is not None:
        with contextlib.suppress(Exception), torch.random.fork_rng(devices=[]):
            for entry_points in (namespace(reference), namespace(reference, misconception)):
                args = example.made(entry_points) if example.made else example.args
                copies = [a.clone() if isinstance(a, Tensor) else a for a in args]
                value = getattr(entry_points, entry_point)(*copies)
                numbers.append(_shown(example.shown(value) if example.shown else value))
    right, slip = numbers if len(numbers) == 2 and numbers[0] != numbers[1] else ("", "")
    return Named(
        id=misconception.id,
        points=match.points,
        what=misconception.what,
        question=misconception.question,
        reading=misconception.reading,
        example=example.words if example is not None and right else "",
        right=right,
        slip=slip,
    )


def _shown(value: Any) -> str:
    """Numbers of a visible example, to four digits."""
    return ", ".join(_numbers(value))


def _numbers(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _numbers(item)
        return
    tensor = stacked(value, depth=0)
    if tensor is None:
        yield "no number"
        return
    digits = [f"{number:.4g}" for number in tensor.detach().reshape(-1).tolist()]
    yield digits[0] if len(digits) == 1 else f"({', '.join(digits)})"
