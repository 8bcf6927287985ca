"""The fixture `student`: a submission as a hidden test sees it, with handles in the place of its models."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import torch

from autograder.errors import GraderError
from autograder.records import Outcome
from autograder.sandbox.faults import SubmissionFault
from autograder.settings.documents import did_you_mean
from autograder.worker import wire
from autograder.worker.given import GIVEN
from autograder.worker.handles import KEY, VERBS, Handles, number_in, replaced


class Callee(Protocol):
    """Who answers the calls of a hidden test: a submission's task, or, in a rehearsal, the reference."""

    def call(self, test_id: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Calls an entry point."""

    def verb(
        self, test_id: str, handle: int, verb: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Does something with an object that stays where it is."""

    def give(self, test_id: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Has a model or an optimiser made on the other side."""


class Understudy:
    """The reference in the submission's place, for a rehearsal. Its objects are reached through handles as well.

    Args:
        reference: What has the entry points: the reference's module, or a namespace of known-wrong variants.

    Arguments that cannot cross the wall are refused here, before anybody is judged: later on, what a test cannot send
    is taken for an answer of the submission that it hands on.
    """

    def __init__(self, reference: object) -> None:
        self._reference = reference
        self._handles = Handles()

    def call(self, test_id: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Callee.call`."""
        _check_sendable(test_id, args, kwargs)
        function = getattr(self._reference, name, None)
        if function is None:
            known = [known for known, value in vars(self._reference).items() if callable(value)]
            message = f'the reference has no entry point "{name}".{did_you_mean(name, known)}'
            raise AttributeError(message)
        return self._handles.hidden(
            function(*self._handles.shown(args), **self._handles.shown(kwargs))
        )

    def verb(
        self, test_id: str, handle: int, verb: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """See `Callee.verb`."""
        _check_sendable(test_id, args, kwargs)
        do = VERBS[verb]
        shown = self._handles.shown(args)
        return self._handles.hidden(
            do(self._handles[handle], *shown, **self._handles.shown(kwargs))
        )

    def give(self, test_id: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """See `Callee.give`."""
        _check_sendable(test_id, args, kwargs)
        return self._handles.hidden(GIVEN[name](*self._handles.shown(args), **kwargs))


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


def _check_sendable(test_id: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Refuses what the wire would not take.

    Raises:
        GraderError: Names the test.
    """
    try:
        wire.encode([list(args), kwargs])
    except wire.WireError as error:
        message = f"{test_id} passes an argument that cannot cross the wall: {error}"
        raise GraderError(message) from None


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


class Given:
    """What the fixture `given` gives: models and optimisers of torch that live on the submission's side.

    So a test can hand `evaluate` a model with dropout, or `train_epoch` an optimiser, that the submission did not make.
    """

    def __init__(self, callee: Callee, test_id: str) -> None:
        self._callee = callee
        self._test_id = test_id

    def sequential(self, *layers: tuple[str | float, ...]) -> Handle:
        """An nn.Sequential of layers such as ("Linear", 784, 64), ("ReLU",), ("Dropout", 0.5).

        Source: torch.nn, the classes of these names with these positional arguments; see `worker.given`.
        """
        return self._give("sequential", layers, {})

    def optimizer(self, model: Handle, name: str, **options: float) -> Handle:
        """An optimiser over all parameters of a model: `given.optimizer(model, "SGD", lr=0.1, momentum=0.9)`.

        Source: torch.optim, the class of this name with these options.
        """
        return self._give("optimizer", (model, name), options)

    def gradients(self, model: Handle, value: float) -> None:
        """Leaves this gradient on every parameter of a model, as a backward pass before the call would."""
        self._callee.give(self._test_id, "gradients", _for_the_wire((model, value)), {})

    def _give(self, name: str, args: tuple[Any, ...], options: dict[str, Any]) -> Handle:
        answer = self._callee.give(self._test_id, name, _for_the_wire(args), options)
        given = _from_the_wire(answer, self._callee, self._test_id)
        if not isinstance(given, Handle):
            # Only a process whose torch was rewritten gives anything else; its value would fail somewhere in the
            # test and be called our fault.
            message = "Your code's process did not keep the model that the test gave to it."
            raise SubmissionFault(Outcome.CRASHED, message, final=True)
        return given
