"""Known-wrong variants of "Ridge regression", so that feedback can name the slip."""

import torch

from autograder.judging.diagnosis.misconceptions import Example, Misconception


def slope_without_two(w, x, y, penalty):
    """The squared weights as if their slope were the weight."""
    w, x, y = w.double(), x.double(), y.double()
    return 2 / len(x) * ((x @ w - y) @ x) + penalty * w


def sums_against_a_mean(x, y, penalty):
    """The textbook's equations, whose squared errors are summed and not averaged."""
    x, y = x.double(), y.double()
    return torch.linalg.solve(x.T @ x + penalty * torch.eye(x.shape[1]).double(), x.T @ y)


MISCONCEPTIONS = [
    Misconception(
        id="W01",
        what="the slope of the squared weights lacks its factor 2",
        question="What is the slope of w^2?",
        reading="the notebook, section 'Loss and gradient'",
        variants={"ridge_gradient": slope_without_two},
    ),
    Misconception(
        id="W02",
        what="the errors are added up and not averaged, which makes the price of weights too small",
        question="Does your answer change when every sample comes twice?",
        reading="the notebook, the formula at the top",
        variants={"ridge_weights": sums_against_a_mean},
    ),
]
_X, _Y = torch.ones(2, 1), torch.tensor([2.0, 4.0])
EXAMPLES = [
    Example("ridge_gradient", (torch.tensor([1.0]), _X, _Y, 0.5), "w = [1], x = [[1], [1]], y = [2, 4]"),
    Example("ridge_weights", (_X, _Y, 0.5), "x = [[1], [1]], y = [2, 4], penalty = 0.5"),
]
