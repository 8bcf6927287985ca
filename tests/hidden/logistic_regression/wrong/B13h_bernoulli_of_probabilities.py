# id: B13
# misconception: takes the log of 1 - p with p in float32; Bernoulli holds p off 1, so no loss is above 16
# fails: 1.2
# diagnosis: held back
import torch
from torch import nn
from torch.distributions import Bernoulli


def sigmoid(z):
    return torch.sigmoid(z)


def bce_with_logits(logits, y):
    coin = Bernoulli(probs=sigmoid(logits.reshape(-1)))
    return -coin.log_prob(y.reshape(-1)).mean()


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.layer = nn.Linear(in_features=n_features, out_features=1)

    def forward(self, x):
        return self.layer(x).view(x.shape[0])

    def coin(self, x):
        return Bernoulli(logits=self(x))


def train(model, x, y, lr, n_epochs):
    losses = []
    for _ in range(n_epochs):
        for p in model.parameters():
            p.grad = None
        nll = -model.coin(x).log_prob(y.view(-1)).mean()
        nll.backward()
        with torch.no_grad():
            for p in model.parameters():
                p.add_(p.grad, alpha=-lr)
        losses.append(nll.item())
    return losses


def probabilities(model, x):
    with torch.no_grad():
        return model.coin(x).probs


def labels(model, x):
    with torch.no_grad():
        return torch.signbit(-model(x)).long()


def accuracy(model, x, y):
    right = sum(a == b for a, b in zip(labels(model, x).tolist(), y.view(-1).tolist()))
    return right / y.numel()
