"""Oracle of "Logistic regression": torch's own loss, and gradients by the closed formula in float64.

It never differentiates and never steps by an optimiser, so that it cannot share a mistake with a
submission's training loop. It refuses to know tolerances, points and tests. Everything is on the CPU.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


def _float64(values: Tensor) -> Tensor:
    return values.detach().to(device="cpu", dtype=torch.float64)


class LogisticRegression(nn.Module):
    """The logits x w + b in float64.

    Attributes:
        weight: Shape (D,), float64.
        bias: Shape (), float64.

    Args:
        n_features: D.

    Source: lecture 003, slide "Define the Model".
    """

    def __init__(self, n_features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(n_features, dtype=torch.float64))
        self.bias = nn.Parameter(torch.zeros((), dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        """Logits of x, (N, D) of any float dtype: shape (N,), float64."""
        return torch.mv(_float64(x), self.weight) + self.bias


def model_at(weight: Tensor, bias: Tensor) -> LogisticRegression:
    """The model with the given parameters.

    Args:
        weight: Shape (D,), any float dtype.
        bias: Shape (), any float dtype.
    """
    model = LogisticRegression(weight.numel())
    with torch.no_grad():
        model.weight.copy_(weight)
        model.bias.copy_(bias)
    return model


def sigmoid(z: Tensor) -> Tensor:
    """1 / (1 + exp(-z)) of every element, in the shape of z, float64.

    Source: lecture 003, slide "Thresholding the Logistic Sigmoid Function".
    """
    values: Tensor = torch.special.expit(_float64(z))
    return values


def bce_with_logits(logits: Tensor, y: Tensor) -> Tensor:
    """Mean binary cross entropy, natural logarithm, shape (), float64.

    Args:
        logits: Shape (N,) or (N, 1), any float dtype.
        y: Labels 0 and 1, shape (N,) or (N, 1), any float dtype.

    Source: lecture 000, slide "Loss Function".
    """
    return functional.binary_cross_entropy_with_logits(
        _float64(logits).reshape(-1), _float64(y).reshape(-1)
    )


def train(model: LogisticRegression, x: Tensor, y: Tensor, lr: float, n_epochs: int) -> list[float]:
    """Full-batch gradient descent by the closed formula dL/dz = (sigmoid(z) - y) / N.

    Args:
        model: Changed in place.
        x: Features, shape (N, D), any float dtype.
        y: Labels 0 and 1, shape (N,) or (N, 1), any float dtype.
        lr: Learning rate.
        n_epochs: Number of steps.

    Returns:
        The loss before each step.

    Source: lecture 003, slide "Train the Model".
    """
    features, targets = _float64(x), _float64(y).reshape(-1)
    losses = []
    with torch.no_grad():
        for _ in range(n_epochs):
            logits = model.forward(features)
            losses.append(bce_with_logits(logits, targets).item())
            residual = sigmoid(logits) - targets
            model.weight.sub_(lr * torch.mv(features.T, residual) / len(residual))
            model.bias.sub_(lr * residual.mean())
    return losses


def probabilities(model: LogisticRegression, x: Tensor) -> Tensor:
    """Probability of class 1 for each row of x, shape (N,), float64.

    Source: lecture 003, slide "Thresholding the Logistic Sigmoid Function".
    """
    return sigmoid(model.forward(x))


def labels(model: LogisticRegression, x: Tensor) -> Tensor:
    """1 for each row of x with a probability of at least 0.5, else 0; shape (N,), int64.

    Source: lecture 003, slide "Thresholding the Logistic Sigmoid Function".
    """
    return (model.forward(x) >= 0).to(torch.int64)  # sigmoid(0) = 0.5, and the sigmoid only grows


def accuracy(model: LogisticRegression, x: Tensor, y: Tensor) -> float:
    """Share of rows of x whose label is the one in y, (N,) or (N, 1): from 0 to 1.

    Source: lecture 002, the evaluation loop.
    """
    hits = int((labels(model, x) == y.detach().cpu().reshape(-1)).sum())
    return hits / len(x)
