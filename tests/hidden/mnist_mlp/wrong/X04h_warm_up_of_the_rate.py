# id: X04
# misconception: a warm-up: the learning rate grows from a tenth to lr over the first epoch
# fails: 4.1
# diagnosis: held back
import math

import torch
import torch.nn as nn
from torch.optim.lr_scheduler import LinearLR


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.h1 = nn.Linear(784, 64)
        self.h2 = nn.Linear(64, 64)
        self.h3 = nn.Linear(64, 64)
        self.o = nn.Linear(64, 10)

    def hidden(self, x):
        return torch.relu(self.h3(torch.relu(self.h2(torch.relu(self.h1(x))))))

    def forward(self, x):
        return self.o(self.hidden(x))


def one_batch(model, optimizer, x, y):
    prediction = model(x)
    loss = nn.functional.cross_entropy(prediction, y)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.item()


def train_epoch(model, optimizer, batches):
    model.train(True)
    return [one_batch(model, optimizer, *batch) for batch in batches]


def evaluate(model, batches):
    previous = model.training
    model.eval()
    right, everything = 0.0, 0
    with torch.no_grad():
        for x, y in batches:
            scores = model(x)
            right += sum(int(s.argmax()) == int(t) for s, t in zip(scores, y))
            everything += x.shape[0]
    model.train(previous)
    return right / everything


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    steps = math.ceil(len(images) / batch_size)
    warm_up = LinearLR(optimizer, start_factor=0.1, total_iters=steps)
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        for k in range(steps):
            rows = order[k * batch_size : (k + 1) * batch_size]
            one_batch(model, optimizer, images[rows], labels[rows])
            warm_up.step()
    return model
