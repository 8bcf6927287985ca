# id: V40
# style: type hints, docstrings, renamed arguments, keyword-only extras with defaults
from __future__ import annotations

from typing import Iterable, List, Tuple

import torch
from torch import Tensor, nn

History = List[float]
Batch = Tuple[Tensor, Tensor]


def mse_loss(weights: Tensor, bias: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
    """Mean of the squared residuals."""
    return nn.functional.mse_loss(inputs @ weights + bias, targets)


def loss_gradients(
    weights: Tensor, bias: Tensor, inputs: Tensor, targets: Tensor
) -> Tuple[Tensor, Tensor]:
    """Both gradients in one backward pass."""
    weights = weights.detach().clone().requires_grad_()
    bias = bias.detach().clone().requires_grad_()
    mse_loss(weights, bias, inputs, targets).backward()
    assert weights.grad is not None and bias.grad is not None
    return weights.grad, bias.grad


def gradient_descent(
    inputs: Tensor,
    targets: Tensor,
    weights: Tensor,
    bias: Tensor,
    learning_rate: float = 0.01,
    epochs: int = 1,
    *,
    verbose: bool = False,
) -> Tuple[Tensor, Tensor, History]:
    """Full batch."""
    return sgd([(inputs, targets)] * epochs, weights, bias, learning_rate, verbose=verbose)


def sgd(
    data: Iterable[Batch],
    weights: Tensor,
    bias: Tensor,
    learning_rate: float = 0.01,
    *,
    verbose: bool = False,
) -> Tuple[Tensor, Tensor, History]:
    """One step per batch."""
    history: History = []
    for step, (inputs, targets) in enumerate(data):
        history.append(mse_loss(weights, bias, inputs, targets).item())
        dw, db = loss_gradients(weights, bias, inputs, targets)
        weights, bias = weights - learning_rate * dw, bias - learning_rate * db
        if verbose:
            print(f"{step}: {history[-1]:.4f}")
    return weights, bias, history


def concise_fit(
    inputs: Tensor, targets: Tensor, weights: Tensor, bias: Tensor, learning_rate: float, epochs: int
) -> Tuple[Tensor, Tensor, History]:
    """nn.Linear and SGD."""
    layer = nn.Linear(in_features=inputs.shape[-1], out_features=1)
    with torch.no_grad():
        for parameter, start in zip(layer.parameters(), (weights, bias)):
            parameter.copy_(start.expand_as(parameter))
    optimizer = torch.optim.SGD(params=layer.parameters(), lr=learning_rate)
    history: History = []
    for _ in range(epochs):
        loss = nn.functional.mse_loss(layer(inputs), targets[:, None])
        history.append(loss.item())
        optimizer.zero_grad(set_to_none=False)
        loss.backward()
        optimizer.step()
    return layer.weight.detach()[0], layer.bias.detach()[0], history
