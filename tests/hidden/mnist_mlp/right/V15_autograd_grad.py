# id: V15
# style: torch.autograd.grad and gradients put into .grad by hand, set to None after the step
import torch
from torch import nn


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(784, 64)
        self.b = nn.Linear(64, 64)
        self.c = nn.Linear(64, 64)
        self.d = nn.Linear(64, 10)

    def forward(self, x):
        x = self.a(x)
        x = x * (x > 0)
        x = self.b(x)
        x = x * (x > 0)
        x = self.c(x)
        x = x * (x > 0)
        return self.d(x)


def nll(model, x, y):
    return nn.functional.cross_entropy(model(x), y)


def train_epoch(model, optimizer, batches):
    model.train()
    parameters = list(model.parameters())
    losses = []
    for x, y in batches:
        loss = nll(model, x, y)
        for p, g in zip(parameters, torch.autograd.grad(loss, parameters)):
            p.grad = g
        optimizer.step()
        for p in parameters:
            p.grad = None
        losses.append(loss.item())
    return losses


def evaluate(model, batches):
    mode = model.training
    model.train(False)
    with torch.no_grad():
        correct = sum((model(x).argmax(1) == y).sum().item() for x, y in batches)
    model.train(mode)
    return correct / sum(len(y) for _, y in batches)


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, foreach=False)
    model.train()
    for epoch in range(epochs):
        for index in torch.randperm(len(images)).split(batch_size):
            loss = nll(model, images[index], labels[index])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model
