# id: B03
# misconception: rounds the logit, not the probability, to the nearest class: 1 only from a logit of 0.5 on
# fails: 3.2
# diagnosis: held back
import numpy as np
import torch
from torch import nn


def sigmoid(z):
    return torch.as_tensor(np.exp(-np.logaddexp(0.0, -z.numpy().astype(np.float64)))).float()


def bce_with_logits(logits, y):
    z, t = logits.flatten(), y.flatten()
    # y ln(1 + e^-z) + (1 - y) ln(1 + e^z)
    zero = torch.zeros_like(z)
    return (t * torch.logaddexp(zero, -z) + (1 - t) * torch.logaddexp(zero, z)).mean()


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_features, 1), nn.Flatten(0))

    def forward(self, x):
        return self.net(x)


def train(model, x, y, lr, n_epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(n_epochs):
        optimizer.zero_grad()
        loss = bce_with_logits(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def probabilities(model, x):
    return sigmoid(model(x).detach())


def labels(model, x):
    with torch.no_grad():
        return model(x).round().clamp(0, 1).to(torch.int64)


def accuracy(model, x, y):
    hits = 0
    for p, target in zip(probabilities(model, x).tolist(), y.flatten().tolist()):
        hits += (p >= 0.5) == (target == 1)
    return hits / x.shape[0]
