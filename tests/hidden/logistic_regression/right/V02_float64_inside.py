# id: V02
# style: everything in float64: the model, the loss and what comes back
import torch
from torch import nn


def sigmoid(z):
    z = z.double()
    return torch.exp(z) / (1 + torch.exp(z))


def bce_with_logits(logits, y):
    z, y = logits.double().reshape(-1), y.double().reshape(-1)
    return torch.where(y == 1, torch.log1p(torch.exp(-z)), torch.log1p(torch.exp(z))).mean()


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.linear = nn.Linear(n_features, 1).double()

    def forward(self, x):
        return self.linear(x.double()).squeeze(1)


def train(model, x, y, lr, n_epochs):
    losses = []
    for _ in range(n_epochs):
        model.zero_grad()
        loss = bce_with_logits(model(x), y)
        loss.backward()
        for p in model.parameters():
            p.data.add_(p.grad.data, alpha=-lr)
        losses.append(loss.item())
    return losses


def probabilities(model, x):
    return sigmoid(model(x))


def labels(model, x):
    return (probabilities(model, x) >= 0.5).long()


def accuracy(model, x, y):
    return (labels(model, x) == y.reshape(-1)).double().mean()
