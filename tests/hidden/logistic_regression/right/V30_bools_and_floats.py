# id: V30
# style: labels as bools, accuracy from floats, Python lists of probabilities
import math

import torch
from torch import nn


def sigmoid(z):
    flat = [1 / (1 + math.exp(-v)) for v in z.reshape(-1).tolist()]
    return torch.tensor(flat).reshape(z.shape)


def bce_with_logits(logits, y):
    total = 0.0
    pairs = list(zip(logits.reshape(-1).tolist(), y.reshape(-1).tolist()))
    for z, t in pairs:
        total += max(z, 0) - z * t + math.log1p(math.exp(-abs(z)))
    return total / len(pairs)


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.layer = nn.Linear(n_features, 1)

    def forward(self, x):
        return self.layer(x).squeeze(-1)


def train(model, x, y, lr, n_epochs):
    loss_fn = nn.BCEWithLogitsLoss(reduction="sum")
    result = []
    for _ in range(n_epochs):
        loss = loss_fn(model(x), y.squeeze(1) if y.dim() == 2 else y) / len(x)
        grads = torch.autograd.grad(loss, model.parameters())
        for p, g in zip(model.parameters(), grads):
            p.data = p.data - lr * g
        result.append(loss.item())
    return tuple(result)


def probabilities(model, x):
    return sigmoid(model(x)).tolist()


def labels(model, x):
    return model(x) >= 0


def accuracy(model, x, y):
    return torch.eq(labels(model, x).float(), y.reshape(-1)).float().mean().item()
