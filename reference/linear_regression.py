"""Oracle of "Linear regression by autograd": the gradient in closed form, float64, no autograd.

It knows the formula that the students let PyTorch find, so that it cannot share a forgotten
zero_grad or a broken graph with the master. It refuses to know tolerances, points and tests.
Everything happens on the CPU.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def _float64(values: Tensor) -> Tensor:
    return values.detach().to(device="cpu", dtype=torch.float64)


def mse_loss(w: Tensor, b: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Mean over i of (y_i - x_i . w - b)^2.

    Args:
        w: Weights, shape (D,), any float dtype.
        b: Bias, shape (), any float dtype.
        x: Inputs, shape (N, D), any float dtype.
        y: Targets, shape (N,), any float dtype.

    Returns:
        The loss, shape (), float64, on the CPU.

    Source: lecture 002, slide "Autograd (with simple linear regression example)".
    """
    residual = _float64(x) @ _float64(w) + _float64(b) - _float64(y)
    return residual @ residual / len(residual)


def loss_gradients(w: Tensor, b: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Gradients of `mse_loss`: 2/N x^T r and 2/N sum(r) with the residuals r = x w + b - y.

    Args:
        w: Weights, shape (D,), any float dtype.
        b: Bias, shape (), any float dtype.
        x: Inputs, shape (N, D), any float dtype.
        y: Targets, shape (N,), any float dtype.

    Returns:
        (dMSE/dw, dMSE/db) of the shapes (D,) and (), float64, on the CPU.

    Source: lecture 002, slide "Gradient Decent", for D features.
    """
    inputs = _float64(x)
    residual = inputs @ _float64(w) + _float64(b) - _float64(y)
    return 2 / len(inputs) * (residual @ inputs), 2 / len(inputs) * residual.sum()


def gradient_descent(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, n_epochs: int
) -> tuple[Tensor, Tensor, list[float]]:
    """Full-batch gradient descent: the same batch in every step.

    Args:
        x: Inputs, shape (N, D), any float dtype.
        y: Targets, shape (N,), any float dtype.
        w: Weights to start from, shape (D,), any float dtype.
        b: Bias to start from, shape (), any float dtype.
        lr: Learning rate.
        n_epochs: Number of steps, 0 or more.

    Returns:
        (w, b, losses): parameters after the last step, (D,) and (), float64, on the CPU, and the
        loss before each step.

    Source: lecture 002, slide "Gradient Decent".
    """
    return sgd([(x, y)] * n_epochs, w, b, lr)


def sgd(
    batches: Sequence[tuple[Tensor, Tensor]], w: Tensor, b: Tensor, lr: float
) -> tuple[Tensor, Tensor, list[float]]:
    """One step of gradient descent for each batch, in the given order.

    Args:
        batches: Pairs (x, y) of shapes (N, D) and (N,), any float dtype; N may differ.
        w: Weights to start from, shape (D,), any float dtype.
        b: Bias to start from, shape (), any float dtype.
        lr: Learning rate.

    Returns:
        (w, b, losses): parameters after the last batch, (D,) and (), float64, on the CPU, and the
        loss of each batch before its step.

    Source: lecture 004, section "Linear Regression", with the mean of lecture 002's loss.
    """
    weights, bias = _float64(w), _float64(b)
    losses = []
    for x, y in batches:
        losses.append(mse_loss(weights, bias, x, y).item())
        dw, db = loss_gradients(weights, bias, x, y)
        weights, bias = weights - lr * dw, bias - lr * db
    return weights, bias, losses


def concise_fit(
    x: Tensor, y: Tensor, w: Tensor, b: Tensor, lr: float, n_epochs: int
) -> tuple[Tensor, Tensor, list[float]]:
    """The same numbers as `gradient_descent`, whatever layer and optimiser make them.

    Args:
        x: Inputs, shape (N, D), any float dtype.
        y: Targets, shape (N,), any float dtype.
        w: Weights to start from, shape (D,), any float dtype.
        b: Bias to start from, shape (), any float dtype.
        lr: Learning rate.
        n_epochs: Number of steps, 0 or more.

    Returns:
        As `gradient_descent`.

    Source: lecture 004, section "Linear Regression", concise implementation.
    """
    return gradient_descent(x, y, w, b, lr, n_epochs)
