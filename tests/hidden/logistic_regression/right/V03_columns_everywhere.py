# id: V03
# style: works with columns (N, 1) throughout and returns them
import torch
from torch import nn


def sigmoid(z):
    return torch.sigmoid(z)


def column(t):
    return t.reshape(-1, 1)


def bce_with_logits(logits, y):
    return nn.functional.binary_cross_entropy_with_logits(column(logits), column(y))


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.linear = nn.Linear(n_features, 1)

    def forward(self, x):
        return self.linear(x)


def train(model, x, y, lr, n_epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(n_epochs):
        loss = bce_with_logits(model(x), y)
        loss.backward()
        opt.step()
        opt.zero_grad()
        losses.append([loss.item()])
    return torch.tensor(losses)


def probabilities(model, x):
    return torch.sigmoid(model(x))


def labels(model, x):
    return (probabilities(model, x) >= 0.5).long()


def accuracy(model, x, y):
    return (labels(model, x) == column(y)).float().mean()
