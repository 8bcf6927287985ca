# id: V05
# style: a torch model, NumPy arrays and NumPy scalars for everything else
import numpy as np
import torch
from torch import nn


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z.numpy()))


def bce_with_logits(logits, y):
    z = logits.detach().numpy().ravel()
    t = y.numpy().ravel()
    return np.mean(np.logaddexp(0.0, z) - t * z)


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.lin = nn.Linear(n_features, 1)

    def forward(self, x):
        return self.lin(x)[:, 0]


def train(model, x, y, lr, n_epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = np.zeros(n_epochs)
    for e in range(n_epochs):
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy(torch.sigmoid(model(x)), y.reshape(-1))
        loss.backward()
        optimizer.step()
        losses[e] = loss.item()
    return losses


def probabilities(model, x):
    return sigmoid(model(x).detach())


def labels(model, x):
    return (probabilities(model, x) >= 0.5).astype(int)


def accuracy(model, x, y):
    return np.mean(labels(model, x) == y.numpy().ravel())
