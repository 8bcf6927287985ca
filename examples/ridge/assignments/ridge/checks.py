"""Public checks of "Ridge regression": what a student may see before handing in.

They know one example that can be computed on paper, and small steps; nothing of the hidden tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

W = torch.tensor([1.0, -2.0])
X = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])
Y = torch.tensor([2.0, -1.0, 1.0])


def _same(call: str, actual: Any, expected: Tensor, question: str) -> None:
    """A returned value against the expected one; the shape first, because tensors broadcast."""
    assert actual is not None, f"{call} gave back nothing. Does it print where it should return?"
    found = torch.as_tensor(actual).detach().double()
    assert found.squeeze().shape == expected.shape, (
        f"{call} has the shape {tuple(found.shape)}, expected {tuple(expected.shape)}. {question}"
    )
    assert torch.allclose(found.squeeze(), expected, rtol=1e-3, atol=1e-5), (
        f"{call} is {found.tolist()}, expected {expected.tolist()}. {question}"
    )


def check_ridge_loss(submission: Any) -> None:
    """Task 1.1: errors -1, -1, -1, so their mean square is 1; the squared weights add up to 5."""
    expected = torch.tensor(3.5, dtype=torch.float64)
    question = "Which of the two sums is a mean, and which is not?"
    _same("ridge_loss(w, x, y, 0.5)", submission.ridge_loss(W, X, Y, 0.5), expected, question)


def check_ridge_gradient(submission: Any) -> None:
    """Task 1.2: one weight up and down by a small step."""
    step, slopes = 1e-5, torch.zeros(2, dtype=torch.float64)
    for place in range(2):
        moved = torch.zeros(2, dtype=torch.float64)
        moved[place] = step
        ends = [
            ((X.double() @ w - Y) ** 2).mean() + 0.5 * (w**2).sum()
            for w in (W.double() + moved, W.double() - moved)
        ]
        slopes[place] = (ends[0] - ends[1]) / (2 * step)
    question = "What is the slope of a square, in both terms?"
    _same("ridge_gradient(w, x, y, 0.5)", submission.ridge_gradient(W, X, Y, 0.5), slopes, question)


def check_ridge_weights(submission: Any) -> None:
    """Task 2.1: with x = (1, 1) and y = (2, 4) there is one equation, (1 + penalty) w = 3."""
    x, y = torch.ones(2, 1), torch.tensor([2.0, 4.0])
    found = submission.ridge_weights(x, y, 0.5)
    expected = torch.tensor(2.0, dtype=torch.float64)
    question = "Which equation for w does a gradient of zero give?"
    _same("ridge_weights(x, y, 0.5)", found, expected, question)


TASKS: dict[str, Callable[[Any], None]] = {
    "1.1": check_ridge_loss,
    "1.2": check_ridge_gradient,
    "2.1": check_ridge_weights,
}
