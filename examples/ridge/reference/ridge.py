"""Oracle of "Ridge regression": float64, on the CPU, no autograd.

The gradient is that of least squares on D more samples, whose inputs are sqrt(N penalty) e_d and
whose targets are 0. The master writes the two terms apart, so that the two share no slip.
It refuses to know tolerances, points and tests.
"""

import torch
from torch import Tensor


def _extended(x: Tensor, y: Tensor, penalty: float) -> tuple[Tensor, Tensor]:
    """The samples with D more, which cost what the weights cost."""
    wide = x.detach().to(device="cpu", dtype=torch.float64)
    n_samples, n_features = wide.shape
    price = (n_samples * penalty) ** 0.5 * torch.eye(n_features, dtype=torch.float64)
    targets = y.detach().to(device="cpu", dtype=torch.float64)
    return torch.cat([wide, price]), torch.cat([targets, targets.new_zeros(n_features)])


def ridge_loss(w: Tensor, x: Tensor, y: Tensor, penalty: float) -> Tensor:
    """Mean over i of (x_i . w - y_i)^2, plus penalty |w|^2; shape (), float64."""
    inputs, targets = _extended(x, y, penalty)
    residual = inputs @ w.detach().cpu().double() - targets
    return residual @ residual / len(x)


def ridge_gradient(w: Tensor, x: Tensor, y: Tensor, penalty: float) -> Tensor:
    """The gradient of `ridge_loss` with respect to w; shape (D,), float64."""
    inputs, targets = _extended(x, y, penalty)
    residual = inputs @ w.detach().cpu().double() - targets
    return 2 / len(x) * (inputs.T @ residual)


def ridge_weights(x: Tensor, y: Tensor, penalty: float) -> Tensor:
    """The weights with the least `ridge_loss`; shape (D,), float64."""
    inputs, targets = _extended(x, y, penalty)
    return torch.linalg.lstsq(inputs, targets[:, None]).solution[:, 0]
