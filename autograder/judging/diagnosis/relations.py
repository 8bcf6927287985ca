"""How a wrong answer lies to the right one, where no known misconception explains it.

Knows numbers: sign, factor, order, shape, sums, leftovers. Says only what holds for every number of a value, and names
factors from a short list, so that an answer made up to learn a hidden value learns next to nothing.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import torch
from torch import Tensor

from autograder.judging.compare import Mismatch, close
from autograder.judging.conversion import stacked
from autograder.judging.diagnosis.explanation import Seen
from autograder.judging.trace import Event

__all__ = ["relation_between"]

#: As strict as the comparison that found the answer wrong.
_RTOL: Final = 1e-4
#: Factors that stand for a slip, with the words for it.
_FACTORS: Final = (
    (2.0, "twice the right one"),
    (0.5, "half of the right one"),
    (100.0, "a hundred times the right one"),
    (1 / math.log(2), "the right one divided by ln 2"),
    (1 / math.log(10), "the right one divided by ln 10"),
    (math.log(2), "the right one times ln 2"),
    (math.log(10), "the right one times ln 10"),
)


def relation_between(
    theirs: Any, right: Any, event: Event, earlier: Sequence[Event], *, wrote: bool = False
) -> Seen | None:
    """Returns what can be seen of a wrong answer; None where nothing can.

    Args:
        theirs: The submission's answer.
        right: The reference's.
        event: The request, whose arguments tell the sizes.
        earlier: The requests before it in the same test.
        wrote: True where the submission's process says that it wrote into an argument.
    """
    if wrote:
        return Seen(
            "input",
            "",
            "After the call, a tensor that it was given is not what it was before: your code writes into its input.",
        )
    if _is_stale(theirs, right, event, earlier):
        return Seen(
            "stale",
            "",
            "The answer is that of an earlier call with another input: something is remembered between calls.",
        )
    pairs = list(_values(theirs, right))
    if len(pairs) > 1 and all(_swapped(pairs)):
        return Seen("order", "", "The right values are all there, in another order.")
    good = [place for place, (got, wanted) in enumerate(pairs, 1) if _same(got, wanted)]
    bad = [place for place in range(1, len(pairs) + 1) if place not in good]
    if not bad:
        return None
    found = {_relation(*pairs[place - 1], event) for place in bad}
    words = found.pop() if len(found) == 1 else None
    kept = ""
    if good and len(pairs) > 1:
        values, are = ("Value", "is") if len(good) == 1 else ("Values", "are")
        kept = f"{values} {_listed(good)} of {len(pairs)} {are} as expected."
    if words is None and not kept:
        return None
    return Seen(words[0] if words else "partly", kept, words[1] if words else "")


def _relation(got: Tensor | None, wanted: Tensor, event: Event) -> tuple[str, str] | None:
    """Id and sentence of the first relation that holds for all numbers of one value."""
    if got is None:
        return None
    sizes = _sizes(event)
    got, wanted = got.double(), wanted.double()
    if got.numel() == wanted.numel() and min(got.dim(), wanted.dim()) < 2:
        got = got.reshape(wanted.shape)  # (N, 1) is as good as (N,)
    for name, relation in _RELATIONS:
        words = relation(got, wanted, sizes)
        if words:
            return name, words
    return None


def _transposed(got: Tensor, wanted: Tensor, _: Sequence[int]) -> str:
    transposed = got.dim() == 2 and got.shape == wanted.shape[::-1] and _same(got.T, wanted)
    return "The right numbers are there, but rows and columns are exchanged." if transposed else ""


def _sign(got: Tensor, wanted: Tensor, _: Sequence[int]) -> str:
    return "Every number has the right size and the wrong sign." if _same(-got, wanted) else ""


def _factor(got: Tensor, wanted: Tensor, sizes: Sequence[int]) -> str:
    ratio = _ratio(got, wanted)
    if ratio is None:
        return ""
    minus = ", with the wrong sign as well" if ratio < 0 else ""
    several = wanted.numel() > 1  # one number is some size's multiple by chance too often
    for factor, words in (
        *_FACTORS,
        *(
            (size, "the right one times the number of samples or features")
            for size in sizes
            if several
        ),
        *(
            (1 / size, "the right one over the number of samples or features")
            for size in sizes
            if several
        ),
    ):
        if math.isclose(abs(ratio), factor, rel_tol=_RTOL):
            return f"Every number is {words}{minus}."
    alike = wanted.numel() > 2
    return "All numbers are the right ones times one and the same factor." if alike else ""


def _rounded(got: Tensor, wanted: Tensor, _: Sequence[int]) -> str:
    if got.shape != wanted.shape:
        return ""
    for digits in (2, 3, 4):
        whole = (got * 10.0**digits).round()
        if torch.equal(whole, (wanted * 10.0**digits).round()) and _same(whole / 10.0**digits, got):
            return f"Every number is the right one, rounded to {digits} digits behind the point."
    return ""


def _broadcast(got: Tensor, wanted: Tensor, sizes: Sequence[int]) -> str:
    table = got.dim() == 2 and got.shape[0] == got.shape[1] and got.shape[0] in sizes
    if table and wanted.dim() <= 1:
        return "A table of N times N came back: a column was combined with a row."
    return ""


def _unreduced(got: Tensor, wanted: Tensor, _: Sequence[int]) -> str:
    if (
        got.dim() == wanted.dim() + 1
        and got.shape[1:] == wanted.shape
        and wanted.numel() < got.numel()
    ):
        if _same(got.sum(dim=0), wanted):
            return "One value for each sample came back, where their sum was asked for."
        if _same(got.mean(dim=0), wanted):
            return "One value for each sample came back, where their mean was asked for."
    return ""


def _reduced(got: Tensor, wanted: Tensor, _: Sequence[int]) -> str:
    if got.numel() == 1 < wanted.numel():
        if _same(got, wanted.sum()):
            return "One number came back: the sum of those that were asked for."
        if _same(got, wanted.mean()):
            return "One number came back: the mean of those that were asked for."
    return ""


#: In the order in which they are tried: what says most comes first.
_RELATIONS: Final[tuple[tuple[str, Callable[[Tensor, Tensor, Sequence[int]], str]], ...]] = (
    ("transposed", _transposed),
    ("sign", _sign),
    ("rounded", _rounded),
    ("factor", _factor),
    ("broadcast", _broadcast),
    ("unreduced", _unreduced),
    ("reduced", _reduced),
)


def _is_stale(theirs: Any, right: Any, event: Event, earlier: Sequence[Event]) -> bool:
    """True where an answer is that of an earlier call, which it should not be."""
    if all(_same(got, new) for got, new in _values(theirs, right)):
        return False
    before = [e for e in earlier if e.kind == event.kind == "call" and e.name == event.name]
    answers = [list(_values(theirs, e.answer)) for e in before if not e.failed]
    return any(pairs and all(_same(got, old) for got, old in pairs) for pairs in answers)


def _values(theirs: Any, right: Any) -> Iterator[tuple[Tensor | None, Tensor]]:
    """The returned values as tensors beside the right ones, by position."""
    rights = list(right.values()) if isinstance(right, dict) else right
    if not isinstance(rights, list | tuple):
        wanted = stacked(rights, depth=0)
        if wanted is not None:
            got = theirs[0] if isinstance(theirs, tuple) and theirs else theirs
            yield stacked(got, depth=2), wanted
        return
    items = list(theirs.values()) if isinstance(theirs, dict) else theirs
    if not isinstance(items, list | tuple) or len(items) < len(rights):
        return
    for got, value in zip(items, rights, strict=False):
        wanted = stacked(value, depth=2)
        if wanted is not None and wanted.numel():
            yield stacked(got, depth=2), wanted


def _swapped(pairs: Sequence[tuple[Tensor | None, Tensor]]) -> Iterator[bool]:
    """For each value, whether it is the right one of another place."""
    for place, (got, _) in enumerate(pairs):
        yield any(
            _same(got, other) for elsewhere, (_, other) in enumerate(pairs) if elsewhere != place
        ) and not _same(got, pairs[place][1])


def _ratio(got: Tensor, wanted: Tensor) -> float | None:
    """The one factor between all numbers; None where there is none."""
    norm = float(wanted.norm())
    if norm == 0 or got.shape != wanted.shape or not bool(torch.isfinite(got).all()):
        return None
    ratio = float((got * wanted).sum()) / norm**2
    return ratio if ratio != 0 and _same(got, ratio * wanted) and not _same(got, wanted) else None


def _same(got: Tensor | None, wanted: Tensor) -> bool:
    if got is None or got.numel() != wanted.numel():
        return False
    try:
        close(got, wanted, rtol=_RTOL, atol=1e-9)
    except (Mismatch, TypeError):
        return False
    return True


def _sizes(event: Event) -> list[int]:
    """Numbers of samples and features in the arguments, each once, above 2."""
    found = {
        size
        for value in (*event.args, *event.kwargs.values())
        if isinstance(value, Tensor)
        for size in value.shape
    }
    return sorted(size for size in found if size > 2)


def _listed(places: Sequence[int]) -> str:
    return ", ".join(map(str, places))
