# id: X03
# misconception: subtracts the bias, as a threshold that the weighted sum has to reach
# fails: 2.1 2.2 3.1 3.2 3.3
# diagnosis: held back
import torch
from torch import nn


def sigmoid(z):
    return torch.pow(1 + torch.exp(torch.neg(z)), -1)


def bce_with_logits(logits, y):
    z = logits.reshape(-1)
    t = y.reshape(-1)
    return torch.mean(nn.functional.softplus(z) - t * z)


class LogisticRegression(nn.Module):
    """A neuron fires when its weighted input exceeds its threshold."""

    def __init__(self, n_features):
        super().__init__()
        self.weights = nn.Parameter(torch.rand(n_features) - 0.5)
        self.threshold = nn.Parameter(torch.rand(1) - 0.5)

    def forward(self, x):
        return (self.weights * x).sum(1) - self.threshold


def train(model, x, y, lr, n_epochs):
    losses = []
    for _ in range(n_epochs):
        loss = bce_with_logits(model(x), y)
        loss.backward()
        losses.append(loss.item())
        for p in (model.weights, model.threshold):
            p.data = p.data - lr * p.grad
            p.grad.zero_()
    return losses


def probabilities(model, x):
    return sigmoid(model(x).detach())


def labels(model, x):
    return probabilities(model, x).ge(0.5).type(torch.int64)


def accuracy(model, x, y):
    same = labels(model, x).bool() == y.reshape(-1).bool()
    return same.sum().item() / same.numel()
