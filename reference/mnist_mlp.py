"""Oracle of "An MLP on MNIST": the chain rule and the optimisers' formulas on plain tensors.

Where it says what a submission must do it uses no autograd, no loss and no optimiser of torch. It
computes in the dtype of the parameters: float64 for a test, float32 where it stands in for a
submission. It refuses to know tolerances, points and tests. Everything is on the CPU.
"""

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

import torch
from torch import Tensor, nn

SIZES: Final = (784, 64, 64, 64, 10)

Batch = tuple[Tensor, Tensor]


# Gradients of a chain of linear layers.


@dataclass(frozen=True, slots=True)
class Activation:
    """What stands between two linear layers.

    Attributes:
        of: The function.
        slope: Its derivative, from the function's own value.
        kinked: True where the slope jumps at 0, so that rounding there changes a gradient.
    """

    of: Callable[[Tensor], Tensor]
    slope: Callable[[Tensor], Tensor]
    kinked: bool


RELU: Final = Activation(lambda z: z.clamp(min=0), lambda h: (h > 0).to(h.dtype), kinked=True)
TANH: Final = Activation(torch.tanh, lambda h: 1 - h * h, kinked=False)


@dataclass(frozen=True, slots=True)
class Slope:
    """The loss of one batch and its gradient.

    Attributes:
        loss: Mean of -ln p(y | x).
        gradients: One for each parameter, in its shape.
        clearance: How far rounding is from making a difference, by which it matters that no unit is
            near its kink and no gradient near zero, of whose sign Adam makes a whole step: the
            least value of a layer, relative to the others and to its share in their norm. Adam
            turns relative errors of size e into errors of at most about e / clearance.
    """

    loss: float
    gradients: list[Tensor]
    clearance: float


def log_probabilities(
    parameters: Sequence[Tensor], x: Tensor, activation: Activation = RELU
) -> Tensor:
    """Logarithm of the softmax of the last layer, shape (N, 10).

    Args:
        parameters: Weight (out, in) and bias (out,) of each linear layer in turn.
        x: Shape (N, D).
        activation: Between the layers.

    Source: lecture 002, "Create MPL using PyTorch NN module".
    """
    *_, logits = _layers(parameters, x, activation)
    return logits - torch.logsumexp(logits, dim=1, keepdim=True)


def slope(
    parameters: Sequence[Tensor], x: Tensor, y: Tensor, activation: Activation = RELU
) -> Slope:
    """Loss and gradient of one batch by the chain rule: dL/dz = (p - onehot) / B, then backwards.

    Args:
        parameters: As for `log_probabilities`.
        x: Shape (B, D).
        y: Shape (B,), int64.
        activation: Between the layers.

    Source: lecture 000, slide "Loss Function" (whose formula leaves out the prediction).
    """
    *hidden, logits = _layers(parameters, x, activation)
    log_p = logits - torch.logsumexp(logits, dim=1, keepdim=True)
    rows = torch.arange(len(y))
    upstream = log_p.exp()
    upstream[rows, y] -= 1
    upstream /= len(y)
    values = [x.to(parameters[0].dtype), *(activation.of(z) for z in hidden)]
    gradients: list[Tensor] = []
    for value, weight in zip(reversed(values), reversed(parameters[::2]), strict=True):
        gradients[:0] = [upstream.T @ value, upstream.sum(dim=0)]
        if value is not values[0]:
            upstream = (upstream @ weight) * activation.slope(value)
    unsure = [*gradients, *(hidden if activation.kinked else ())]
    return Slope(-log_p[rows, y].mean().item(), gradients, min(map(_clearance, unsure)))


def _layers(parameters: Sequence[Tensor], x: Tensor, activation: Activation) -> list[Tensor]:
    """What comes out of each linear layer, before the activation."""
    value = x.to(parameters[0].dtype)
    outputs: list[Tensor] = []
    for weight, bias in zip(parameters[::2], parameters[1::2], strict=True):
        if outputs:
            value = activation.of(outputs[-1])
        outputs.append(value @ weight.T + bias)
    return outputs


def _clearance(values: Tensor) -> float:
    sizes = values[values != 0].abs()  # what is exactly zero is so in any precision
    return float(sizes.min() / sizes.norm()) * len(sizes) if len(sizes) else math.inf


# Optimisers.


class Rule(Protocol):
    """An optimiser: what it adds to the parameters for their gradients."""

    def moves(self, gradients: Sequence[Tensor]) -> list[Tensor]:
        """The next step, one tensor for each gradient."""


class Sgd:
    """v <- momentum v + g, step -lr v.

    Source: torch.optim.SGD, its documentation.
    """

    def __init__(self, lr: float, momentum: float = 0.0) -> None:
        self._lr, self._momentum = lr, momentum
        self._velocity: list[Tensor] | None = None

    def moves(self, gradients: Sequence[Tensor]) -> list[Tensor]:
        """See `Rule.moves`."""
        before = self._velocity or [torch.zeros_like(g) for g in gradients]
        self._velocity = [self._momentum * v + g for v, g in zip(before, gradients, strict=True)]
        return [-self._lr * v for v in self._velocity]


class Adam:
    """Bias-corrected averages m of g and v of g^2; step -lr m / (sqrt(v) + 1e-8).

    Source: Kingma and Ba (2015), Adam: a method for stochastic optimization, algorithm 1.
    """

    def __init__(self, lr: float) -> None:
        self._lr = lr
        self._averages: tuple[Tensor, Tensor] | None = None
        self._steps = 0

    def moves(self, gradients: Sequence[Tensor]) -> list[Tensor]:
        """See `Rule.moves`."""
        g = torch.cat([gradient.reshape(-1) for gradient in gradients])
        m, v = self._averages or (torch.zeros_like(g), torch.zeros_like(g))
        self._averages = m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        self._steps += 1
        m_hat, v_hat = m / (1 - 0.9**self._steps), v / (1 - 0.999**self._steps)
        moves = -self._lr * m_hat / (v_hat.sqrt() + 1e-8)
        parts = torch.split(moves, [gradient.numel() for gradient in gradients])
        return [part.reshape(g.shape) for part, g in zip(parts, gradients, strict=True)]


@dataclass(frozen=True, slots=True)
class Run:
    """Where some steps led.

    Attributes:
        parameters: After the last step.
        losses: Of each batch, before its step.
        clearance: The least of all steps, see `Slope`.
    """

    parameters: list[Tensor]
    losses: list[float]
    clearance: float


def descend(
    parameters: Sequence[Tensor],
    batches: Sequence[Batch],
    rule: Rule,
    activation: Activation = RELU,
) -> Run:
    """One step of the rule for each batch.

    Args:
        parameters: The start, as for `log_probabilities`; left unchanged.
        batches: Pairs (x, y).
        rule: Its state goes on from where it is.
        activation: Between the layers.
    """
    now, losses, clearance = list(parameters), [], math.inf
    for x, y in batches:
        here = slope(now, x, y, activation)
        moves = rule.moves(here.gradients)
        now = [p + move for p, move in zip(now, moves, strict=True)]
        losses.append(here.loss)
        clearance = min(clearance, here.clearance)
    return Run(now, losses, clearance)


# What a submission writes.


class MLP(nn.Module):
    """784-64-64-64-10 with ReLU; float32, set as nn.Linear does: uniform within 1 / sqrt(inputs).

    Source: lecture 002, "Create MPL using PyTorch NN module".
    """

    def __init__(self) -> None:
        super().__init__()
        self.tensors = nn.ParameterList()
        for n_in, n_out in pairwise(SIZES):
            for shape in ((n_out, n_in), (n_out,)):
                self.tensors.append(nn.Parameter((2 * torch.rand(shape) - 1) / math.sqrt(n_in)))

    def forward(self, x: Tensor) -> Tensor:
        """Log-probabilities of x, (N, 784): shape (N, 10)."""
        return log_probabilities(list(self.parameters()), x)


def train_epoch(
    model: nn.Module, optimizer: torch.optim.Optimizer, batches: Sequence[Batch]
) -> list[float]:
    """One step of the optimiser for each batch; the loss of each batch before its step.

    The model is any module, so the gradient is autograd's, of a loss that is written out.

    Source: lecture 002, "Training with autograd".
    """
    model.train()
    parameters = list(model.parameters())
    losses = []
    for x, y in batches:
        output = model(x)
        right = output.gather(1, y[:, None]).squeeze(1)
        loss = (torch.logsumexp(output, dim=1) - right).mean()
        gradients = torch.autograd.grad(loss, parameters)
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient
        optimizer.step()
        losses.append(loss.item())
    return losses


def evaluate(model: nn.Module, batches: Sequence[Batch]) -> float:
    """Share of all rows whose largest output is that of their label; works on a copy of the model.

    Source: lecture 002, "Evaluate test accuracy" (whose loop counts only right predictions).
    """
    judged = copy.deepcopy(model).eval()
    with torch.no_grad():
        hits = torch.cat([judged(x).max(dim=1).indices.eq(y) for x, y in batches])
    return int(hits.sum()) / len(hits)


def train(
    images: Tensor, labels: Tensor, *, epochs: int, batch_size: int, lr: float, seed: int
) -> MLP:
    """A new MLP, trained with Adam; every epoch in a new order.

    Source: lecture 002, "Training with autograd".
    """
    torch.manual_seed(seed)
    model = MLP()
    rule = Adam(lr)
    now = [parameter.detach() for parameter in model.parameters()]
    for _ in range(epochs):
        order = torch.rand(len(labels)).argsort()
        for start in range(0, len(labels), batch_size):
            rows = order[start : start + batch_size]
            now = descend(now, [(images[rows], labels[rows])], rule).parameters
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), now, strict=True):
            parameter.copy_(value)
    return model
