# id: V14
# style: nn.Sequential with Flatten inside, BCEWithLogitsLoss, optim.SGD
import torch
from torch import nn


def sigmoid(z):
    return torch.sigmoid(z)


def bce_with_logits(logits, y):
    return nn.BCEWithLogitsLoss()(logits.flatten(), y.flatten())


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(n_features, 1), nn.Flatten(0))

    def forward(self, x):
        return self.net(x)


def train(model, x, y, lr, n_epochs):
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    model.train()
    for epoch in range(n_epochs):
        loss = criterion(model(x), y.view(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def probabilities(model, x):
    model.eval()
    return model(x).sigmoid()


def labels(model, x):
    return torch.round(probabilities(model, x)).to(torch.int64)


def accuracy(model, x, y):
    return (labels(model, x) == y.flatten()).sum().item() / y.numel()
