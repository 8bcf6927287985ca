# id: L01
# misconception: the sums that collect the gradient start at 0 once, before the first step, and then only grow
# fails: 2.1 3.1
# diagnosis: held back
import numpy as np
import torch
import torch.nn as nn


def predict(row, w, b):
    return sum(wi * xi for wi, xi in zip(w, row)) + b


def mse_loss(w, b, x, y):
    w, b = w.tolist(), b.item()
    squares = [(predict(row, w, b) - t) ** 2 for row, t in zip(x.tolist(), y.tolist())]
    return sum(squares) / len(squares)


def loss_gradients(w, b, x, y):
    gw, gb = np.zeros(len(w)), 0.0
    for row, t in zip(x.double().numpy(), y.tolist()):
        e = predict(row, w.tolist(), b.item()) - t
        gw += 2 * e * row / len(x)
        gb += 2 * e / len(x)
    return gw, gb


def descend(stream, w, b, lr):
    """One step for each pair of the stream."""
    w, b = w.double().numpy().copy(), b.item()
    gw, gb = np.zeros_like(w), 0.0
    history = []
    for x, y in stream:
        x, y = x.double().numpy(), y.double().numpy()
        loss = 0.0
        for row, t in zip(x, y):
            e = predict(row, w, b) - t
            loss += e * e / len(x)
            gw += 2 * e * row / len(x)
            gb += 2 * e / len(x)
        history.append(loss)
        w = w - lr * gw
        b = b - lr * gb
    return torch.tensor(w).float(), torch.tensor(b), history


def gradient_descent(x, y, w, b, lr, n_epochs):
    return descend([(x, y)] * n_epochs, w, b, lr)


def sgd(batches, w, b, lr):
    return descend(batches, w, b, lr)


def concise_fit(x, y, w, b, lr, n_epochs):
    layer = nn.Linear(x.shape[1], 1)
    layer.weight.data = w.clone().view(1, -1)
    layer.bias.data = b.clone().view(1)
    opt = torch.optim.SGD(layer.parameters(), lr=lr)
    history = []
    for epoch in range(n_epochs):
        opt.zero_grad()
        loss = nn.functional.mse_loss(layer(x), y.view(-1, 1))
        loss.backward()
        opt.step()
        history.append(loss.item())
    return layer.weight.data[0], layer.bias.data[0], history
