# id: V35
# style: DataLoader with a generator of its own; evaluate by a context manager that restores the mode
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(784, 64)
        self.body = nn.ModuleList([nn.Linear(64, 64) for _ in range(2)])
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        x = self.stem(x)
        for layer in self.body:
            x = layer(F.relu(x))
        return self.head(F.relu(x))


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


@contextmanager
def evaluation_mode(model):
    before = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, training in before:
            module.training = training


def evaluate(model, batches):
    correct = total = 0
    with evaluation_mode(model):
        for x, y in batches:
            correct += torch.sum(torch.argmax(model(x), -1) == y).item()
            total += y.size(0)
    return correct / total


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    loader = DataLoader(
        TensorDataset(images, labels),
        batch_size=batch_size,
        shuffle=True,
        drop_last=False,
        generator=torch.Generator().manual_seed(seed),
    )
    for epoch in range(epochs):
        train_epoch(model, optimizer, loader)
    return model
