# id: E04
# misconception: averages the batches' accuracies, so that an image in a short batch counts more
# fails: 3.1
# diagnosis: held back
from contextlib import contextmanager
from statistics import fmean

import torch
from torch import nn


def block(n_in, n_out):
    return [nn.Linear(n_in, n_out), nn.ReLU()]


class MLP(nn.Sequential):
    def __init__(self):
        super().__init__(*block(784, 64), *block(64, 64), *block(64, 64), nn.Linear(64, 10))


@contextmanager
def frozen(model):
    before = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield model
    finally:
        model.train(before)


def nll(model, x, y):
    z = model(x)
    return (z.logsumexp(1) - z[torch.arange(len(y)), y]).mean()


def step(model, optimizer, x, y):
    optimizer.zero_grad()
    loss = nll(model, x, y)
    loss.backward()
    optimizer.step()
    return loss.item()


def train_epoch(model, optimizer, batches):
    model.train()
    return [step(model, optimizer, x, y) for x, y in batches]


def evaluate(model, batches):
    with frozen(model) as judge:
        return fmean(fmean((judge(x).argmax(1) == y).double().tolist()) for x, y in batches)


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr)
    model.train()
    for _ in range(epochs):
        for idx in torch.randperm(len(labels)).split(batch_size):
            step(model, optimizer, images[idx], labels[idx])
    return model
