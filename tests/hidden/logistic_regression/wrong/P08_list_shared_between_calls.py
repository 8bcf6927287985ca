# id: P08
# misconception: a mutable default argument: the list of the first call goes on in the second
# fails: 2.2
import torch
import torch.nn.functional as F
from torch import nn


def sigmoid(z):
    return 1 / (1 + torch.exp(-z))


def bce_with_logits(logits, y):
    return F.binary_cross_entropy_with_logits(logits.reshape(-1), y.reshape(-1))


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.linear = nn.Linear(n_features, 1)

    def forward(self, x):
        return self.linear(x).squeeze(1)


def train(model, x, y, lr, n_epochs, losses=[]):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
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
