# id: B12b
# misconception: predictions are made a column before they meet flat labels: every row is compared with every label
# fails: 3.3
# diagnosis: held back
import numpy as np
import torch
from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, n_features: int):
        super().__init__()
        self.theta = nn.ParameterDict(
            {
                "weights": nn.Parameter(torch.zeros(n_features, 1)),
                "offset": nn.Parameter(torch.zeros(())),
            }
        )

    def forward(self, x):
        return torch.mm(x, self.theta["weights"])[:, 0] + self.theta["offset"]


def sigmoid(z):
    positive = 1 / (1 + torch.exp(-z.clamp(min=0)))
    small = torch.exp(z.clamp(max=0))
    return torch.where(z >= 0, positive, small / (1 + small))


def bce_with_logits(logits, y):
    return nn.BCEWithLogitsLoss()(logits.view(-1, 1), y.view(-1, 1))


def train(model, x, y, lr, n_epochs):
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    curve = []
    for _ in range(n_epochs):
        loss = bce_with_logits(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        curve.append(loss.detach().item())
    return curve


def probabilities(model, x):
    model.eval()
    with torch.inference_mode():
        return torch.clone(sigmoid(model(x)))


def labels(model, x):
    return torch.tensor([int(p >= 0.5) for p in probabilities(model, x)], dtype=torch.int64)


def accuracy(model, x, y):
    predicted = labels(model, x).numpy().reshape(len(x), 1)
    truth = y.numpy().astype(int)
    return float(np.mean(predicted == truth))
