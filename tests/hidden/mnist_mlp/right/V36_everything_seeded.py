# id: V36
# style: a helper that seeds everything, Python's own shuffle, settings at module level
import os
import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

N_IN, N_HIDDEN, N_OUT = 784, 64, 10
N_LAYERS = 3


def seed_everything(seed):
    os.environ["PYTHONHASHSEED"] = str(seed)
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False


def make_layers():
    sizes = [N_IN] + [N_HIDDEN] * N_LAYERS + [N_OUT]
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return layers[:-1]


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(*make_layers())

    def forward(self, x):
        return self.layers(x)


def train_epoch(model, optimizer, batches):
    model.train()
    losses = [0.0] * len(batches)
    for i, (x, y) in enumerate(batches):
        optimizer.zero_grad()
        loss = F.cross_entropy(input=model(x), target=y)
        loss.backward()
        optimizer.step()
        losses[i] = loss.item()
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    wrong = total = 0
    with torch.no_grad():
        for x, y in batches:
            wrong += (model(x).argmax(dim=1) != y).sum().item()
            total += len(y)
    model.train(mode)
    return (total - wrong) / total


def train(images, labels, *, epochs, batch_size, lr, seed):
    seed_everything(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    order = list(range(len(images)))
    for epoch in range(epochs):
        random.shuffle(order)
        batches = []
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            batches.append((images[rows], labels[rows]))
        train_epoch(model, optimizer, batches)
    return model
