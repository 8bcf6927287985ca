# id: B13b
# misconception: BCELoss on the sigmoid: 100 for every logit where 1 - p rounds to 0
# fails: 1.2
import torch
import torch.nn.functional as F
from torch import nn


def sigmoid(z):
    return 1 / (1 + torch.exp(-z))


def bce_with_logits(logits, y):
    z, y = logits.reshape(-1), y.reshape(-1)
    p = torch.sigmoid(z)
    return F.binary_cross_entropy(p, y)


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.linear = nn.Linear(n_features, 1)

    def forward(self, x):
        return self.linear(x).squeeze(1)


def train(model, x, y, lr, n_epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for epoch in range(n_epochs):
        loss = F.binary_cross_entropy_with_logits(model(x), y.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def probabilities(model, x):
    with torch.no_grad():
        return torch.sigmoid(model(x))


def labels(model, x):
    with torch.no_grad():
        return (torch.sigmoid(model(x)) >= 0.5).long()


def accuracy(model, x, y):
    with torch.no_grad():
        predicted = (model(x) >= 0).float()
    return (predicted == y.reshape(-1)).float().mean().item()
