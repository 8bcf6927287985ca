# id: V40
# style: type hints, docstrings, other argument names, more arguments with defaults, asserts
from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Batch = tuple[Tensor, Tensor]


class MLP(nn.Module):
    """Multilayer perceptron: 784-64-64-64-10 with ReLU."""

    def __init__(self, n_in: int = 784, width: int = 64, depth: int = 3, n_out: int = 10) -> None:
        super().__init__()
        self.first: nn.Linear = nn.Linear(n_in, width)
        self.middle: nn.ModuleList = nn.ModuleList(
            nn.Linear(width, width) for _ in range(depth - 1)
        )
        self.last: nn.Linear = nn.Linear(width, n_out)

    def forward(self, pixels: Tensor) -> Tensor:
        assert pixels.ndim == 2, pixels.shape
        hidden = F.relu(self.first(pixels))
        for layer in self.middle:
            hidden = F.relu(layer(hidden))
        return self.last(hidden)


def train_epoch(
    net: nn.Module, opt: torch.optim.Optimizer, data: Iterable[Batch], verbose: bool = False
) -> list[float]:
    """One pass over `data`; the loss of each batch before its step."""
    net.train()
    history: list[float] = []
    for inputs, targets in data:
        opt.zero_grad()
        loss: Tensor = F.cross_entropy(net(inputs), targets)
        loss.backward()
        opt.step()
        history.append(loss.item())
        if verbose:
            print(f"{loss.item():.3f}")
    return history


def evaluate(net: nn.Module, data: Iterable[Batch]) -> float:
    """Share of right predictions."""
    before: bool = net.training
    net.eval()
    hits: int = 0
    seen: int = 0
    with torch.no_grad():
        for inputs, targets in data:
            hits += int((net(inputs).argmax(dim=1) == targets).sum())
            seen += targets.numel()
    net.train(before)
    return hits / max(seen, 1)


def _shuffled(x: Tensor, y: Tensor, size: int) -> Iterator[Batch]:
    for rows in torch.randperm(x.shape[0]).split(size):
        yield x[rows], y[rows]


def train(
    x: Tensor, y: Tensor, *, epochs: int = 10, batch_size: int = 64, lr: float = 5e-3, seed: int = 0
) -> MLP:
    """A new network after `epochs` passes of Adam."""
    torch.manual_seed(seed)
    net = MLP()
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    for _ in range(epochs):
        train_epoch(net, opt, _shuffled(x, y, batch_size))
    return net
