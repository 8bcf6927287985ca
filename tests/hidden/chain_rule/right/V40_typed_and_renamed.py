# id: V40
# style: type hints, long docstrings, other argument names, lambdas and assert statements
"""My solution to the chain rule homework."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple, Tuple

import torch
from torch import Tensor


class Forward(NamedTuple):
    """Values of the forward pass that the backward pass needs."""

    hidden_in: Tensor
    hidden_out: Tensor
    probabilities: Tensor


def product_gradients(first: Tensor, second: Tensor, factor: Tensor, /) -> Tuple[Tensor, Tensor, Tensor]:
    """df/dfirst, df/dsecond, df/dfactor."""
    assert first.ndim == 0
    return factor, factor, torch.add(first, second)


def mse_gradients(intercept: Tensor, slope: Tensor, inputs: Tensor, targets: Tensor) -> Tuple[Tensor, Tensor]:
    predictions = torch.addcmul(intercept, slope, inputs)
    minus_two_errors = torch.mul(torch.sub(predictions, targets), 2)
    average = partial(torch.mean, dim=0)
    return average(minus_two_errors), average(minus_two_errors * inputs)


sigma = lambda t: torch.reciprocal(1 + torch.exp(-t))


def neuron_gradients(weight: Tensor, bias: Tensor, sample: Tensor, label: Tensor) -> Tuple[Tensor, Tensor]:
    activation = sigma(weight * sample + bias)
    if label == 1:
        delta = activation - 1
    else:
        delta = activation
    return delta * sample, delta


def neuron_batch_gradients(weight: Tensor, bias: Tensor, samples: Tensor, labels: Tensor) -> Tuple[Tensor, Tensor]:
    activation = sigma(weight * samples + bias)
    delta = torch.where(labels == 1, activation - 1, activation)
    return (delta * samples).mean(), delta.mean()


def _forward(x: Tensor, w_in: Tensor, b_in: Tensor, w_out: Tensor, b_out: Tensor) -> Forward:
    hidden_in = torch.addmm(b_in, x, w_in)
    hidden_out = torch.nn.functional.relu(hidden_in)
    return Forward(hidden_in, hidden_out, torch.nn.Softmax(dim=1)(torch.addmm(b_out, hidden_out, w_out)))


def two_layer_gradients(
    w_in: Tensor, b_in: Tensor, w_out: Tensor, b_out: Tensor, samples: Tensor, labels: Tensor
) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    seen = _forward(samples, w_in, b_in, w_out, b_out)
    one_hot = torch.nn.functional.one_hot(labels, num_classes=w_out.size(1)).float()
    error = seen.probabilities.sub(one_hot).div(samples.size(0))
    hidden_error = error.mm(w_out.t()).mul(seen.hidden_in.gt(0))
    return samples.t().mm(hidden_error), hidden_error.sum(0), seen.hidden_out.t().mm(error), error.sum(0)
