"""Known-wrong variants of an assignment's entry points: what a diagnosis compares a wrong answer with.

Knows their form and reads them from `tests/hidden/<assignment>/misconceptions.py`, which defines a list
`MISCONCEPTIONS` and a list `EXAMPLES`. Refuses to know how an answer is compared and who gave it.
"""

import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from autograder.errors import CourseError

__all__ = ["FILE", "Catalogue", "Example", "Misconception", "load_catalogue"]

#: Beside the hidden suite; a suite without one has no named misconceptions.
FILE: Final = "misconceptions.py"


@dataclass(frozen=True, slots=True)
class Example:
    """A visible input: what the handout or a lecture shows, so that numbers on it give nothing away.

    Attributes:
        entry_point: Name of the function that takes it.
        args: Its arguments, positional. For an entry point that takes a model, a function `made` can build them.
        words: The input as a student reads it: "w = 0.23, b = 0.1, x = 1.23, y = 1".
        made: Called with the namespace of the reference or of a variant, gives the arguments instead of `args`.
        shown: Turns what came back into the numbers that are worth reading; None shows all of it.
    """

    entry_point: str
    args: tuple[Any, ...]
    words: str
    made: Callable[[Any], tuple[Any, ...]] | None = None
    shown: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Misconception:
    """One known way to be wrong.

    Attributes:
        id: Its id in the course's catalogue, as in the heads of `wrong/`: "L09".
        what: The slip, as it completes "The same numbers come out when ...": "the gradient of the intercept lacks the
            factor 2". Names what is wrong and not how to write it right.
        question: A question that leads on, and holds no solution.
        reading: Where to read: "lecture 002, slide 'Gradient Decent'".
        variants: By the name of an entry point, what somebody with this slip would write: a function (or, where the
            entry point is a class, a class) that takes what the entry point takes. Pure: no state between calls,
            nothing written. Entry points that are not named are the reference's.
    """

    id: str
    what: str
    question: str
    reading: str
    variants: Mapping[str, Callable[..., Any]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that an assignment knows about wrong answers, in the order in which they are tried."""

    misconceptions: tuple[Misconception, ...] = ()
    examples: tuple[Example, ...] = ()

    def example(self, entry_point: str) -> Example | None:
        """The visible input of an entry point, if it has one."""
        return next((e for e in self.examples if e.entry_point == entry_point), None)


def load_catalogue(suite: Path, reference: ModuleType) -> Catalogue:
    """Returns the catalogue of a hidden suite, an empty one where there is none.

    Raises:
        CourseError: The file cannot be imported, or is not as the module's docstring says.
    """
    path = suite / FILE
    if not path.is_file():
        return Catalogue()
    module = _imported(path)
    found = Catalogue(
        tuple(getattr(module, "MISCONCEPTIONS", ())), tuple(getattr(module, "EXAMPLES", ()))
    )
    if not found.misconceptions:
        message = (
            f"{path}: there is no MISCONCEPTIONS in it; expected a list of `Misconception(...)`."
        )
        raise CourseError(message)
    faults = [fault for entry in found.misconceptions for fault in _faults(entry, reference)]
    ids = [entry.id for entry in found.misconceptions if isinstance(entry, Misconception)]
    faults += [
        f"{name}: two entries have this id" for name in sorted({i for i in ids if ids.count(i) > 1})
    ]
    faults += [
        f"EXAMPLES: the reference has no {example.entry_point}"
        for example in found.examples
        if not hasattr(reference, example.entry_point)
    ]
    if faults:
        message = f"{path}:\n" + "\n".join(f"  {fault}" for fault in faults)
        raise CourseError(message)
    return found


def _faults(entry: object, reference: ModuleType) -> list[str]:
    if not isinstance(entry, Misconception):
        return [f"MISCONCEPTIONS holds a {type(entry).__name__}, expected Misconception(...)"]
    faults = [
        f"{entry.id}: {name} is empty"
        for name in ("id", "what", "question", "reading", "variants")
        if not getattr(entry, name)
    ]
    faults += [
        f"{entry.id}: variants: the reference has no {name}"
        for name in entry.variants
        if not hasattr(reference, name)
    ]
    if "?" not in entry.question:
        faults.append(f"{entry.id}: question is no question: {entry.question!r}")
    return faults


def _imported(path: Path) -> ModuleType:
    # A name of its own for each assignment: two suites of one process must not share a module.
    name = f"misconceptions_of_{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        message = f"{path}: it cannot be imported: {type(error).__name__}: {error}"
        raise CourseError(message) from error
    return module
