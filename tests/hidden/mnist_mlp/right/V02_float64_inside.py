# id: V02
# style: float64 inside: parameters and images are converted, the results are float64
import torch
from torch import nn
from torch.nn import functional as F


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Linear(784, 64), nn.Linear(64, 64), nn.Linear(64, 64), nn.Linear(64, 10)]
        )
        self.double()

    def forward(self, x):
        x = x.double()
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x).double(), y)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    right, seen = torch.tensor(0), 0
    with torch.no_grad():
        for x, y in batches:
            right += model(x).double().argmax(1).eq(y).sum()
            seen += y.numel()
    model.train(mode)
    return float(right) / seen


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    adam = torch.optim.Adam(model.parameters(), lr)
    images = images.double()
    for _ in range(epochs):
        order = torch.randperm(images.shape[0])
        train_epoch(model, adam, [(images[i], labels[i]) for i in order.split(batch_size)])
    return model
