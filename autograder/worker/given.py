"""Models and optimisers that a hidden test gives to a submission: made of torch's own parts, on the submission's side.

A test that wants to know what `evaluate` does with dropout needs a model that the submission did not write. Only names
from the lists here and plain numbers cross the wall: no code, no class and no object of the grader.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import torch
from torch import nn

_LAYERS: Final[Mapping[str, type[nn.Module]]] = MappingProxyType(
    {
        layer.__name__: layer
        for layer in (
            nn.BatchNorm1d, nn.Dropout, nn.Flatten, nn.Identity, nn.LeakyReLU, nn.Linear, nn.LogSoftmax, nn.ReLU,
            nn.Sigmoid, nn.Softmax, nn.Tanh,
        )
    }
)  # fmt: skip
_OPTIMIZERS: Final[Mapping[str, type[torch.optim.Optimizer]]] = MappingProxyType(
    {"Adam": torch.optim.Adam, "AdamW": torch.optim.AdamW, "SGD": torch.optim.SGD}
)


def _sequential(*layers: tuple[Any, ...]) -> nn.Sequential:
    return nn.Sequential(*(_LAYERS[name](*sizes) for name, *sizes in layers))


def _optimizer(model: nn.Module, name: str, **options: Any) -> torch.optim.Optimizer:
    return _OPTIMIZERS[name](model.parameters(), **options)


def _gradients(model: nn.Module, value: float) -> None:
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, value)


#: Everything that can be given, by name.
GIVEN: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {"gradients": _gradients, "optimizer": _optimizer, "sequential": _sequential}
)
