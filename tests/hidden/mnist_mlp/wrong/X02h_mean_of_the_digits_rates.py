# id: X02
# misconception: averages the hit rates of the digits, so that an image of a rare digit counts more
# fails: 3.1
# diagnosis: held back
from collections import Counter

import torch
from torch import nn
from torch.nn import functional as F


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(784, 64)
        self.mid = nn.Linear(64, 64)
        self.mid2 = nn.Linear(64, 64)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        for layer in (self.inp, self.mid, self.mid2):
            x = F.threshold(layer(x), 0.0, 0.0)
        return self.out(x).log_softmax(-1)


def train_epoch(model, optimizer, batches):
    if not model.training:
        model.train()
    history = []
    for image, digit in batches:
        model.zero_grad()
        optimizer.zero_grad()
        log_p = F.log_softmax(model(image), dim=-1)
        loss = -log_p.gather(1, digit.unsqueeze(1)).mean()
        loss.backward()
        optimizer.step()
        history.append(loss.detach().item())
    return history


def evaluate(model, batches):
    training = model.training
    model.eval()
    seen, right = Counter(), Counter()
    with torch.no_grad():
        for image, digit in batches:
            guess = model(image).argmax(dim=1)
            seen.update(digit.tolist())
            right.update(digit[guess == digit].tolist())
    model.train(training)
    return sum(right[d] / seen[d] for d in seen) / len(seen)


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(params=model.parameters(), lr=lr)
    for _ in range(epochs):
        rest = torch.randperm(images.size(0))
        batches = []
        while len(rest) > 0:
            now, rest = rest[:batch_size], rest[batch_size:]
            batches.append((images[now], labels[now]))
        train_epoch(model, optimizer, batches)
    return model
