# id: X04
# misconception: the branch for negative z has the other branch's denominator: e^z / (1 + e^-z)
# fails: 1.1 3.1
# diagnosis: held back
import math

import torch
from torch.nn import BCEWithLogitsLoss, Linear, Module
from torch.optim import SGD


def sigmoid_of_number(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(-z))


def sigmoid(z):
    values = [sigmoid_of_number(v) for v in z.detach().flatten().tolist()]
    return torch.tensor(values, dtype=torch.float32).reshape(z.shape)


def bce_with_logits(logits, y):
    return BCEWithLogitsLoss()(logits.ravel(), y.ravel())


class LogisticRegression(Module):
    def __init__(self, n_features):
        super().__init__()
        self.lin = Linear(n_features, 1)

    def forward(self, x):
        (column,) = self.lin(x).T
        return column


def train(model, x, y, lr, n_epochs):
    sgd, losses = SGD(model.parameters(), lr=lr), []
    while len(losses) < n_epochs:
        sgd.zero_grad()
        loss = bce_with_logits(model(x), y)
        losses.append(loss.item())
        loss.backward()
        sgd.step()
    return losses


def probabilities(model, x):
    return sigmoid(model(x))


def labels(model, x):
    return torch.tensor([1 if p >= 0.5 else 0 for p in probabilities(model, x).tolist()])


def accuracy(model, x, y):
    predicted = labels(model, x).tolist()
    return sum(int(p == t) for p, t in zip(predicted, y.ravel().tolist())) / len(predicted)
