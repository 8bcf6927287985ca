"""The fixture `student`: a submission as a hidden test sees it, with handles in the place of its models."""

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Protocol

import torch

from autograder.worker.handles import KEY, VERBS, Handles, number_in, replaced


class Callee(Protocol):
    """Who answers the calls of a hidden test: a submission's task, or, in a rehearsal, the reference."""

    def call(self, test_id: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Calls an entry point."""

    def verb(
        self, test_id: str, handle: int, verb: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Does something with an object that stays where it is."""


class Understudy:
    """The reference in the submission's place, for a rehearsal. Its objects are reached through handles as well."""

    def __init__(self, reference: ModuleType) -> None:
        self._reference = reference
        self._handles = Handles()

    def call(self, test_id: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Callee.call`."""
        del test_id
        function = getattr(self._reference, name)
        return self._handles.hidden(
            function(*self._handles.shown(args), **self._handles.shown(kwargs))
        )

    def verb(
        self, test_id: str, handle: int, verb: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """See `Callee.verb`."""
        del test_id
        do = VERBS[verb]
        shown = self._handles.shown(args)
        return self._handles.hidden(
            do(self._handles[handle], *shown, **self._handles.shown(kwargs))
        )


class Handle:
    """A model on the submission's side, as a hidden test sees it: call it, read or set its parameters, its mode."""

    def __init__(self, callee: Callee, test_id: str, number: int) -> None:
        self._callee = callee
        self._test_id = test_id
        self._number = number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Its forward pass."""
        return self._do("call", args, kwargs)

    def parameters(self) -> list[torch.Tensor]:
        """Copies of its parameters, in its own order."""
        return self._do("parameters")  # type: ignore[no-any-return]

    def state_dict(self) -> dict[str, torch.Tensor]:
        """Copies of its parameters and buffers, by its own names."""
        return self._do("state_dict")  # type: ignore[no-any-return]

    def set_parameters(self, values: Sequence[torch.Tensor]) -> None:
        """Sets its parameters, by position and shape: names are free.

        Raises:
            SubmissionFault: `wrong`, where they do not fit.
        """
        self._do("set_parameters", (list(values),))

    def train(self) -> None:
        """Training mode."""
        self._do("train")

    def eval(self) -> None:
        """Evaluation mode."""
        self._do("eval")

    def _do(
        self, verb: str, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        answer = self._callee.verb(
            self._test_id, self._number, verb, _for_the_wire(args), _for_the_wire(kwargs or {})
        )
        return _from_the_wire(answer, self._callee, self._test_id)

    @property
    def number(self) -> int:
        """What stands for it on the wire."""
        return self._number


def _for_the_wire(value: Any) -> Any:
    return replaced(value, lambda part: {KEY: part.number} if isinstance(part, Handle) else None)


def _from_the_wire(value: Any, callee: Callee, test_id: str) -> Any:
    def replace(part: Any) -> Handle | None:
        number = number_in(part)
        return None if number is None else Handle(callee, test_id, number)

    return replaced(value, replace)


class Student:
    """What the fixture `student` gives: `student.f(x)` calls the entry point `f` of the submission."""

    def __init__(self, callee: Callee, test_id: str) -> None:
        self._callee = callee
        self._test_id = test_id

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):  # pytest and copy look for such names
            raise AttributeError(name)

        def entry_point(*args: Any, **kwargs: Any) -> Any:
            answer = self._callee.call(
                self._test_id, name, _for_the_wire(args), _for_the_wire(kwargs)
            )
            return _from_the_wire(answer, self._callee, self._test_id)

        return entry_point
