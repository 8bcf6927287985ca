# id: V15
# style: no autograd in training: the closed formula, written into .data
import torch
from torch import nn
from torch.nn.functional import softplus


def sigmoid(z):
    return 0.5 * (1 + torch.tanh(0.5 * z))


def bce_with_logits(logits, y):
    z = logits.ravel()
    y = y.ravel()
    return (y * softplus(-z) + (1 - y) * softplus(z)).mean()


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.fc = nn.Linear(n_features, 1)

    def forward(self, x):
        return self.fc(x).reshape(-1)


def train(model, x, y, lr, n_epochs):
    y = y.ravel()
    losses = []
    for _ in range(n_epochs):
        with torch.no_grad():
            z = model(x)
            losses.append(bce_with_logits(z, y).item())
            error = sigmoid(z) - y
        model.fc.weight.data -= lr * (x.T @ error / len(x)).reshape(1, -1)
        model.fc.bias.data -= lr * error.mean()
    return losses


def probabilities(model, x):
    return sigmoid(model(x)).detach()


def labels(model, x):
    return (model(x) >= 0).long()


def accuracy(model, x, y):
    wrong = (labels(model, x) - y.ravel()).abs().sum()
    return 1 - wrong.item() / len(x)
