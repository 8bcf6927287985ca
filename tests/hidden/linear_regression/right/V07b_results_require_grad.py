# id: V07b
# style: one graph through all steps (create_graph), results still require gradients
import torch
from torch import nn


def mse_loss(w, b, x, y):
    w.requires_grad_()
    return torch.mean((y - b - (x * w).sum(dim=1)) ** 2)


def loss_gradients(w, b, x, y):
    w.requires_grad_(), b.requires_grad_()
    mse_loss(w, b, x, y).backward(create_graph=False)
    return w.grad, b.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    w.requires_grad_(), b.requires_grad_()
    losses = []
    for _ in range(n_epochs):
        loss = torch.mean((y - b - (x * w).sum(dim=1)) ** 2)
        dw, db = torch.autograd.grad(loss, [w, b], create_graph=True)
        w = w - lr * dw
        b = b - lr * db
        losses.append(loss)
    return w, b, losses


def sgd(batches, w, b, lr):
    w.requires_grad_(), b.requires_grad_()
    losses = []
    for x, y in batches:
        loss = torch.mean((y - b - (x * w).sum(dim=1)) ** 2)
        w.retain_grad(), b.retain_grad()
        loss.backward(retain_graph=True)
        w, b = w - lr * w.grad, b - lr * b.grad
        losses.append(loss)
    return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
    net = nn.Linear(len(w), 1)
    net.weight = nn.Parameter(w[None, :])
    net.bias = nn.Parameter(b[None])
    opt = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for _ in range(n_epochs):
        opt.zero_grad()
        loss = nn.MSELoss()(net(x)[:, 0], y)
        losses.append(loss)
        loss.backward()
        opt.step()
    return net.weight[0], net.bias[0], losses
