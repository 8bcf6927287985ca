# id: V13
# style: the class is a subclass of nn.Linear, another name first; small helpers
import torch
import torch.nn as nn
import torch.nn.functional as F

sigmoid = torch.sigmoid


class Classifier(nn.Linear):
    """A linear layer that gives a vector."""

    def __init__(self, n_features):
        super().__init__(n_features, 1)

    def forward(self, x):
        return super().forward(x).flatten()


LogisticRegression = Classifier


def bce_with_logits(logits, y):
    y = y.view_as(logits.flatten())
    return F.cross_entropy(torch.stack([torch.zeros_like(y), logits.flatten()], dim=1), y.long())


def step(model, x, y, lr):
    loss = bce_with_logits(model(x), y)
    for p in model.parameters():
        p.grad = None
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(p - lr * p.grad)
    return loss.item()


def train(model, x, y, lr, n_epochs):
    return [step(model, x, y, lr) for _ in range(n_epochs)]


def probabilities(model, x):
    z = model(x)
    return torch.softmax(torch.stack([torch.zeros_like(z), z], dim=1), dim=1)[:, 1]


def labels(model, x):
    z = model(x)
    return torch.stack([torch.zeros_like(z), z], dim=1).argmax(dim=1)


accuracy = lambda model, x, y: (labels(model, x) == y.flatten()).float().mean().item()
