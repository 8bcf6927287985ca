# id: M27
# misconception: adds up -ln p over the rows of the batch in a loop and does not divide by their number
# fails: 2.1
# diagnosis: held back
import torch
from torch import nn


class Dense(nn.Linear):
    """A linear layer with its ReLU."""

    def forward(self, x):
        return torch.clamp(super().forward(x), min=0)


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(Dense(784, 64), Dense(64, 64), Dense(64, 64))
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        return self.head(self.body(x))


def batch_loss(outputs, targets):
    loss = 0
    for scores, digit in zip(outputs, targets):
        loss = loss + torch.logsumexp(scores, 0) - scores[digit]
    return loss


def train_epoch(model, optimizer, batches):
    model.train()
    record = []
    for images, digits in batches:
        for group in optimizer.param_groups:
            for p in group["params"]:
                p.grad = None
        loss = batch_loss(model(images), digits)
        loss.backward()
        record.append(float(loss))
        optimizer.step()
    return record


def evaluate(model, batches):
    training = model.training
    model.train(False)
    right = total = 0
    for images, digits in batches:
        with torch.no_grad():
            _, best = torch.max(model(images), dim=1)
        right += best.eq(digits).sum().item()
        total += digits.size(0)
    model.train(training)
    return right / total


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()
    n = len(images)
    for _ in range(epochs):
        order = torch.argsort(torch.rand(n))
        for k in range(0, n, batch_size):
            pick = order[k : k + batch_size]
            loss = criterion(model(images[pick]), labels[pick])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model
