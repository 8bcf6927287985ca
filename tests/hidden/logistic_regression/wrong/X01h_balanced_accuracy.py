# id: X01
# misconception: the mean of the two classes' hit rates (balanced accuracy), not the share of all rows
# fails: 3.3
# diagnosis: held back
import torch
import torch.nn.functional as F


def sigmoid(z):
    return torch.exp(F.logsigmoid(z))


def bce_with_logits(logits, y):
    # two classes with the scores 0 and z are a softmax
    z = logits.reshape(-1)
    two = torch.stack([torch.zeros_like(z), z], dim=1)
    return F.cross_entropy(two, y.reshape(-1).long())


class LogisticRegression(torch.nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.linear = torch.nn.Linear(n_features, 1)

    def forward(self, x):
        return torch.squeeze(self.linear(x), dim=-1)


def train(model, x, y, lr, n_epochs):
    optimiser = torch.optim.SGD(model.parameters(), lr)
    losses = []

    def closure():
        optimiser.zero_grad()
        value = bce_with_logits(model(x), y)
        value.backward()
        return value

    for _ in range(n_epochs):
        losses.append(optimiser.step(closure).item())
    return losses


@torch.no_grad()
def probabilities(model, x):
    return sigmoid(model(x))


@torch.no_grad()
def labels(model, x):
    return torch.round(probabilities(model, x)).long()


def accuracy(model, x, y):
    guess, truth = labels(model, x), y.reshape(-1).long()
    rates = []
    for k in (0, 1):
        members = truth == k
        if members.any():
            rates.append((guess[members] == k).float().mean().item())
    return sum(rates) / len(rates)
