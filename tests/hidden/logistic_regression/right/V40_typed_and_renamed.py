# id: V40
# style: type hints, other argument names, defaults, docstrings, checks by assert
from __future__ import annotations

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def _flat(values: Tensor) -> Tensor:
    assert values.dim() in (1, 2), values.shape
    return values.reshape(-1)


def sigmoid(scores: Tensor) -> Tensor:
    """Numerically careful: exp gets only negative numbers."""
    small = torch.exp(-scores.abs())
    return torch.where(scores >= 0, 1 / (1 + small), small / (1 + small))


def bce_with_logits(scores: Tensor, targets: Tensor) -> Tensor:
    scores, targets = _flat(scores), _flat(targets)
    return F.binary_cross_entropy_with_logits(scores, targets, reduction="none").mean()


class LogisticRegression(nn.Module):
    def __init__(self, in_features: int = 2) -> None:
        super().__init__()
        self.projection: nn.Linear = nn.Linear(in_features, 1)
        nn.init.xavier_uniform_(self.projection.weight)

    def forward(self, features: Tensor) -> Tensor:
        return _flat(self.projection(features))


def _update(parameters: Iterable[nn.Parameter], step_size: float) -> None:
    with torch.no_grad():
        for parameter in parameters:
            assert parameter.grad is not None
            parameter.sub_(step_size * parameter.grad)


def train(
    net: LogisticRegression, features: Tensor, targets: Tensor, step_size: float = 0.1, steps: int = 100
) -> list[float]:
    history: list[float] = []
    while len(history) < steps:
        net.zero_grad(set_to_none=True)
        loss = bce_with_logits(net(features), targets)
        loss.backward()
        _update(net.parameters(), step_size)
        history.append(loss.item())
    return history


def probabilities(net: LogisticRegression, features: Tensor) -> Tensor:
    return sigmoid(net(features))


def labels(net: LogisticRegression, features: Tensor, threshold: float = 0.5) -> Tensor:
    return (probabilities(net, features) >= threshold).long()


def accuracy(net: LogisticRegression, features: Tensor, targets: Tensor) -> float:
    return (labels(net, features) == _flat(targets)).float().mean().item()
