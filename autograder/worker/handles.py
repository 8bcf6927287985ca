"""Objects of a submission that stay on its side: the grader holds a number and a short list of verbs.

A module or an optimiser never crosses the wall. In its place goes `{KEY: number}`, which means something only to the
process that gave it: a forged number reaches nothing but that submission's own objects. There is no attribute access by
name, and no object of the grader ever goes the other way.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import torch
from torch import nn

#: The one key of the dict that stands for an object.
KEY: Final = "autograder:handle"


class MisfitError(Exception):
    """Parameters do not fit a model in number or shape."""


def replaced(value: Any, replace: Callable[[Any], Any | None]) -> Any:
    """`value` with every part for which `replace` gives something exchanged for it, in lists, tuples and dicts."""
    other = replace(value)
    if other is not None:
        return other
    if isinstance(value, list):
        return [replaced(item, replace) for item in list.__iter__(value)]
    if isinstance(value, tuple):
        return tuple(replaced(item, replace) for item in tuple.__iter__(value))
    if isinstance(value, dict):
        return {key: replaced(item, replace) for key, item in dict.items(value)}
    return value


def number_in(value: Any) -> int | None:
    """The number of the handle that `value` stands for, None where it stands for none."""
    if type(value) is dict and list(value) == [KEY] and type(value[KEY]) is int:
        return int(value[KEY])
    return None


class Handles:
    """The objects of one process, by number."""

    def __init__(self) -> None:
        self._objects: list[Any] = []

    def hidden(self, value: Any) -> Any:
        """`value` with a handle in the place of every module and optimiser."""
        return replaced(value, self._number)

    def shown(self, value: Any) -> Any:
        """`value` with the object in the place of every handle.

        Raises:
            IndexError: There is no such object.
        """

        def show(part: Any) -> Any | None:
            number = number_in(part)
            return None if number is None else self[number]

        return replaced(value, show)

    def __getitem__(self, number: int) -> Any:
        if number < 0:
            raise IndexError(number)
        return self._objects[number]

    def _number(self, value: Any) -> dict[str, int] | None:
        if not isinstance(value, nn.Module | torch.optim.Optimizer):
            return None
        for number, known in enumerate(self._objects):
            if known is value:
                return {KEY: number}
        self._objects.append(value)
        return {KEY: len(self._objects) - 1}


def _parameters(model: nn.Module) -> list[torch.Tensor]:
    return [parameter.detach().clone() for parameter in model.parameters()]


def _state_dict(model: nn.Module) -> dict[str, Any]:
    # Copies, as a hidden test expects: in a rehearsal the tensors themselves would change under its hands.
    return {
        name: value.clone() if isinstance(value, torch.Tensor) else value
        for name, value in model.state_dict().items()
    }


def _set_parameters(model: nn.Module, values: Sequence[torch.Tensor]) -> None:
    parameters = list(model.parameters())
    if [tuple(p.shape) for p in parameters] != [tuple(v.shape) for v in values]:
        raise MisfitError
    with torch.no_grad():
        for parameter, value in zip(parameters, values, strict=True):
            parameter.copy_(value)


def _train(model: nn.Module) -> None:
    model.train()


def _eval(model: nn.Module) -> None:
    model.eval()


def _call(model: nn.Module, *args: Any, **kwargs: Any) -> Any:
    return model(*args, **kwargs)


#: All that a grader can do with an object that it does not have.
VERBS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {
        "call": _call,
        "parameters": _parameters,
        "state_dict": _state_dict,
        "set_parameters": _set_parameters,
        "train": _train,
        "eval": _eval,
    }
)
