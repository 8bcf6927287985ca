# id: V14b
# style: two raw nn.Parameter, (D,) and (), the bias first; manual steps under no_grad
import torch
import torch.nn as nn


def sigmoid(z):
    return 1.0 / (1.0 + torch.exp(-z))


def bce_with_logits(logits, y):
    logits = logits.reshape(-1)
    y = y.reshape(-1)
    return torch.mean(torch.logaddexp(torch.zeros_like(logits), logits) - y * logits)


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.b = nn.Parameter(torch.tensor(0.0))
        self.w = nn.Parameter(0.01 * torch.randn(n_features))

    def forward(self, x):
        return x @ self.w + self.b


def train(model, x, y, lr, n_epochs):
    losses = []
    for i in range(n_epochs):
        loss = bce_with_logits(model(x), y)
        losses.append(float(loss))
        loss.backward()
        with torch.no_grad():
            model.w -= lr * model.w.grad
            model.b -= lr * model.b.grad
            model.w.grad.zero_()
            model.b.grad.zero_()
    return losses


@torch.no_grad()
def probabilities(model, x):
    return sigmoid(model(x))


def labels(model, x):
    return torch.where(model(x) > 0, 1, 0)


def accuracy(model, x, y):
    hits = 0
    for p, t in zip(labels(model, x).tolist(), y.reshape(-1).tolist()):
        hits += p == t
    return hits / len(x)
