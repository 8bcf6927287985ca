"""Oracle of "Gradients by hand": the loss formulas in float64, differentiated by autograd.

It knows the losses and nothing of anybody's derivatives, so that it cannot share a slip of the pen
with the master. It refuses to know tolerances, points and tests. Everything happens on the CPU.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional


def _gradients(loss: Callable[..., Tensor], *parameters: Tensor) -> tuple[Tensor, ...]:
    """Gradients of `loss(*parameters)`, taken in float64 at copies of the parameters."""
    leaves = [_float64(parameter).clone().requires_grad_() for parameter in parameters]
    with torch.enable_grad():
        return torch.autograd.grad(loss(*leaves), leaves)


def _float64(values: Tensor) -> Tensor:
    return values.detach().to(device="cpu", dtype=torch.float64)


def product_gradients(x: Tensor, y: Tensor, z: Tensor) -> tuple[Tensor, ...]:
    """Gradients of f = (x + y) z.

    Args:
        x: A number, shape (), any float dtype.
        y: A number, shape (), any float dtype.
        z: A number, shape (), any float dtype.

    Returns:
        (df/dx, df/dy, df/dz), each of shape (), float64, on the CPU.

    Source: lecture 001, slide "Computational graphs".
    """
    return _gradients(lambda x, y, z: (x + y) * z, x, y, z)


def mse_gradients(a: Tensor, b: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
    """Gradients of MSE = mean over i of (y_i - a - b x_i)^2.

    Args:
        a: Intercept, shape (), any float dtype.
        b: Slope, shape (), any float dtype.
        x: Inputs, shape (N,), any float dtype.
        y: Targets, shape (N,), any float dtype.

    Returns:
        (dMSE/da, dMSE/db), each of shape (), float64, on the CPU.

    Source: lecture 002, slide "Autograd (with simple linear regression example)".
    """
    inputs, targets = _float64(x), _float64(y)
    return _gradients(lambda a, b: functional.mse_loss(a + b * inputs, targets), a, b)


def neuron_gradients(w: Tensor, b: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
    """Gradients of binary cross entropy at a = sigmoid(w x + b), natural logarithm, one sample.

    Args:
        w: Weight, shape (), any float dtype.
        b: Bias, shape (), any float dtype.
        x: Input, shape (), any float dtype.
        y: Label 0 or 1, shape (), any float dtype.

    Returns:
        (dL/dw, dL/db), each of shape (), float64, on the CPU.

    Source: lecture 003, slides "Chain Rule", where they print as -0.4987 and -0.4054.
    """
    return neuron_batch_gradients(w, b, x, y)


def neuron_batch_gradients(w: Tensor, b: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
    """Gradients of the mean over a batch of binary cross entropy at a = sigmoid(w x + b).

    Args:
        w: Weight, shape (), any float dtype.
        b: Bias, shape (), any float dtype.
        x: Inputs, shape (N,), any float dtype.
        y: Labels 0 or 1, shape (N,), any float dtype.

    Returns:
        (dL/dw, dL/db), each of shape (), float64, on the CPU.

    Source: lecture 003, slides "Chain Rule"; lecture 000, slide "Loss Function", for the mean.
    """
    inputs, labels = _float64(x), _float64(y)

    def loss(w: Tensor, b: Tensor) -> Tensor:
        return functional.binary_cross_entropy_with_logits(w * inputs + b, labels)

    return _gradients(loss, w, b)


def two_layer_gradients(
    w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, x: Tensor, y: Tensor
) -> tuple[Tensor, ...]:
    """Gradients of the mean softmax cross entropy of scores = relu(x w1 + b1) w2 + b2.

    Args:
        w1: Weights, shape (D, H), any float dtype.
        b1: Biases, shape (H,), any float dtype.
        w2: Weights, shape (H, C), any float dtype.
        b2: Biases, shape (C,), any float dtype.
        x: Inputs, shape (N, D), any float dtype.
        y: Class indices, shape (N,), int64.

    Returns:
        (dW1, db1, dW2, db2) in the shapes of their parameters, float64, on the CPU.

    Source: lecture 002, slides "Mathematical definition" and "Loss Function".
    """
    inputs, labels = _float64(x), y.detach().cpu()

    def loss(w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
        scores = functional.relu(inputs @ w1 + b1) @ w2 + b2
        return functional.cross_entropy(scores, labels)

    return _gradients(loss, w1, b1, w2, b2)
