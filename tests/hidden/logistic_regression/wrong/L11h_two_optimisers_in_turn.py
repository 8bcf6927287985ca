# id: L11
# misconception: an optimiser for the weights and one for the bias, and a new loss between their two steps
# fails: 2.2
# diagnosis: held back
import torch
import torch.nn as nn
import torch.nn.functional as F


def sigmoid(z):
    e = torch.exp(-z.abs())
    return torch.where(z < 0, e, torch.ones_like(e)) / (1 + e)


def bce_with_logits(logits, y):
    logits, y = logits.squeeze(-1) if logits.dim() == 2 else logits, y.reshape(-1)
    return -(y * F.logsigmoid(logits) + (1 - y) * F.logsigmoid(-logits)).mean()


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.scores = nn.Linear(n_features, 1, bias=False)
        self.threshold = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return (self.scores(x) + self.threshold).flatten()


def train(model, x, y, lr, n_epochs):
    weights = torch.optim.SGD(model.scores.parameters(), lr=lr)
    bias = torch.optim.SGD([model.threshold], lr=lr)
    losses = []
    for _ in range(n_epochs):
        before = None
        for part in (weights, bias):
            model.zero_grad()
            loss = bce_with_logits(model(x), y)
            loss.backward()
            part.step()
            if before is None:
                before = loss.item()
        losses.append(before)
    return losses


def probabilities(model, x):
    with torch.no_grad():
        out = [sigmoid(model(row.unsqueeze(0))) for row in x]
    return torch.cat(out)


def labels(model, x):
    p = probabilities(model, x)
    return torch.stack([1 - p, p], dim=1).argmax(dim=1)


def accuracy(model, x, y):
    matches = torch.eq(labels(model, x), y.flatten())
    return matches.double().mean().item()
