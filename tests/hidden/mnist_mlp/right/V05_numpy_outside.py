# id: V05
# style: losses as NumPy numbers, accuracy counted by NumPy, the order from NumPy's generator
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class MLP(nn.Module):
    def __init__(self, sizes=(784, 64, 64, 64, 10)):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:]))

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = F.relu(layer(x))
        return F.log_softmax(last(x), dim=-1)


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach().numpy().item() if x.shape[0] > 1 else np.float32(loss.item()))
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    predicted, true = [], []
    for x, y in batches:
        with torch.no_grad():
            predicted.append(model(x).numpy().argmax(axis=1))
        true.append(y.numpy())
    model.train(mode)
    return np.mean(np.concatenate(predicted) == np.concatenate(true))


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        order = torch.from_numpy(rng.permutation(len(images)))
        batches = [
            (images[order[i : i + batch_size]], labels[order[i : i + batch_size]])
            for i in range(0, len(order), batch_size)
        ]
        train_epoch(model, optimizer, batches)
    return model
