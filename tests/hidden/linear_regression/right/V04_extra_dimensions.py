# id: V04
# style: works with columns throughout: (D, 1), (N, 1), (1,), and returns them so
import torch
from torch import nn


def columns(w, b, x, y):
    return w.reshape(-1, 1), b.reshape(1, 1), x, y.reshape(-1, 1)


def mse_loss(w, b, x, y):
    w, b, x, y = columns(w, b, x, y)
    return ((x.mm(w) + b - y) ** 2).mean().reshape(1, 1)


def loss_gradients(w, b, x, y):
    w, b, x, y = columns(w, b, x, y)
    w, b = w.clone().requires_grad_(True), b.clone().requires_grad_(True)
    mse_loss(w, b, x, y).backward()
    return w.grad, b.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    w, b, x, y = columns(w, b, x, y)
    losses = []
    for _ in range(n_epochs):
        losses.append(mse_loss(w, b, x, y))
        dw, db = loss_gradients(w, b, x, y)
        w = w - lr * dw
        b = b - lr * db
    return w, b, losses


def sgd(batches, w, b, lr):
    w, b = w.reshape(-1, 1), b.reshape(1, 1)
    losses = []
    for x, y in batches:
        w, b, loss = gradient_descent(x, y, w, b, lr, 1)
        losses += loss
    return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
    net = nn.Linear(x.shape[1], 1)
    net.weight.data = w.reshape(1, -1).clone()
    net.bias.data = b.reshape(1).clone()
    opt = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for _ in range(n_epochs):
        opt.zero_grad()
        loss = nn.MSELoss()(net(x), y.unsqueeze(1))
        loss.backward()
        opt.step()
        losses.append([loss.item()])
    return net.weight, net.bias, losses
