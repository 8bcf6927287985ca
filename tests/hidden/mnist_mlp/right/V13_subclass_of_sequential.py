# id: V13
# style: MLP is an nn.Sequential; no loop in train but train_epoch over a generator of batches
import torch
from torch.nn import Linear, ReLU, Sequential
from torch.nn.functional import cross_entropy


class MLP(Sequential):
    def __init__(self):
        super().__init__(
            Linear(784, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 64), ReLU(), Linear(64, 10)
        )


def train_epoch(model, optimizer, batches):
    model.train()

    def step(x, y):
        optimizer.zero_grad()
        loss = cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return [step(x, y) for x, y in batches]


@torch.no_grad()
def evaluate(model, batches):
    mode = model.training
    try:
        model.eval()
        hits = [(model(x).argmax(1) == y).tolist() for x, y in batches]
    finally:
        model.train(mode)
    hits = sum(hits, [])
    return sum(hits) / len(hits)


def shuffled(images, labels, batch_size):
    for index in torch.randperm(len(images)).split(batch_size):
        yield images[index], labels[index]


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(epochs):
        train_epoch(model, optimizer, shuffled(images, labels, batch_size))
    return model.eval()
