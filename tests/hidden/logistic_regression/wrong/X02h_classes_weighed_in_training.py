# id: X02
# misconception: weighs the positives with negatives / positives, so that both classes count the same in training
# fails: 2.2
# diagnosis: held back
import torch
from torch import nn


def sigmoid(z):
    return z.sigmoid()


def bce_with_logits(logits, y):
    logits, y = torch.atleast_1d(logits.flatten()), torch.atleast_1d(y.flatten())
    criterion = nn.BCEWithLogitsLoss()
    return criterion(logits, y)


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.coef = nn.Parameter(torch.zeros(1, n_features))
        self.intercept = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return nn.functional.linear(x, self.coef, self.intercept).reshape(-1)


def train(model, x, y, lr, n_epochs):
    y = y.flatten()
    positives = y.sum()
    negatives = len(y) - positives
    weight = None
    if positives > 0 and negatives > 0:
        weight = negatives / positives
    criterion = nn.BCEWithLogitsLoss(pos_weight=weight)
    optimizer = torch.optim.SGD([model.coef, model.intercept], lr=lr)
    losses = []
    for _ in range(n_epochs):
        loss = criterion(model(x), y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


def probabilities(model, x):
    return sigmoid(model(x).data)


def labels(model, x):
    out = torch.zeros(x.shape[0], dtype=torch.long)
    out[probabilities(model, x) >= 0.5] = 1
    return out


def accuracy(model, x, y):
    return 1.0 - (labels(model, x) - y.flatten()).abs().mean().item()
