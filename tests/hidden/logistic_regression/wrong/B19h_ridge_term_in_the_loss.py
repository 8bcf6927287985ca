# id: B19
# misconception: the training loss has a ridge penalty on the weights, out of habit
# fails: 2.2
# diagnosis: held back
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

RIDGE = 0.01


def sigmoid(z):
    return 0.5 + 0.5 * torch.tanh(0.5 * z)


def bce_with_logits(logits, y):
    sign = 2 * y.reshape(-1) - 1
    return F.softplus(-sign * logits.reshape(-1)).mean()


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.weights = nn.Parameter(torch.empty(n_features).normal_())
        self.bias = nn.Parameter(torch.empty(1).zero_())

    def forward(self, x):
        return x @ self.weights + self.bias


def train(model, x, y, lr, n_epochs):
    X, T = x.numpy().astype(np.float64), y.numpy().reshape(-1)
    w = model.weights.detach().numpy().astype(np.float64)
    b = float(model.bias.detach())
    history = []
    for _ in range(n_epochs):
        z = X @ w + b
        p = 1 / (1 + np.exp(-z))
        cross_entropy = np.mean(np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0) - T * z)
        history.append(float(cross_entropy + 0.5 * RIDGE * (w @ w)))
        grad_w = X.T @ (p - T) / len(T) + RIDGE * w
        grad_b = (p - T).mean()
        w, b = w - lr * grad_w, b - lr * grad_b
    with torch.no_grad():
        model.weights.copy_(torch.from_numpy(w))
        model.bias.fill_(b)
    return history


def probabilities(model, x):
    return sigmoid(model(x)).detach()


def labels(model, x):
    return (model(x) >= 0).int().long()


def accuracy(model, x, y):
    agree = labels(model, x).numpy() == y.numpy().reshape(-1)
    return np.count_nonzero(agree) / agree.size
