# id: B10
# misconception: returns the total of the losses of all samples, without dividing by N
# fails: 1.2
# diagnosis: held back
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def sigmoid(z):
    return torch.special.expit(z)


def loss_of_one(z, target):
    """-ln p of the right class, where p = 1 / (1 + e^-margin)."""
    margin = z if target == 1 else -z
    if margin > 0:
        return math.log1p(math.exp(-margin))
    return math.log1p(math.exp(margin)) - margin


def bce_with_logits(logits, y):
    total = 0.0
    for z, target in zip(logits.reshape(-1).tolist(), y.reshape(-1).tolist()):
        total += loss_of_one(z, target)
    return torch.tensor(total)


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super(LogisticRegression, self).__init__()
        self.w = nn.Parameter(torch.randn(n_features) * 0.01)
        self.b = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return torch.mv(x, self.w) + self.b


def train(model, x, y, lr, n_epochs):
    history = []
    y = y.ravel()
    for _ in range(n_epochs):
        loss = F.binary_cross_entropy_with_logits(model(x), y)
        gradients = torch.autograd.grad(loss, [model.w, model.b])
        for p, g in zip([model.w, model.b], gradients):
            p.data -= lr * g
        history.append(float(loss))
    return history


@torch.no_grad()
def probabilities(model, x):
    return sigmoid(model(x))


def labels(model, x):
    return torch.where(probabilities(model, x) < 0.5, 0, 1)


def accuracy(model, x, y):
    wrong = torch.count_nonzero(labels(model, x) - y.ravel().long()).item()
    return 1 - wrong / len(x)
