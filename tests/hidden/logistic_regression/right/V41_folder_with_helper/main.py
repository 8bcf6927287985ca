import torch

from losses import bce, flat
from net import LinearNet


def sigmoid(z):
    return torch.sigmoid(z)


def bce_with_logits(logits, y):
    return bce(logits, y)


def LogisticRegression(n_features):
    return LinearNet(n_features)


def train(model, x, y, lr, n_epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(n_epochs):
        optimizer.zero_grad()
        loss = bce(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def probabilities(model, x):
    return sigmoid(model(x)).detach()


def labels(model, x):
    return (probabilities(model, x) >= 0.5).long()


def accuracy(model, x, y):
    return (labels(model, x) == flat(y)).float().mean().item()
