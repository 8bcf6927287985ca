# id: X04
# misconception: returns the parameters with the smallest loss in the list; those after the last step are never measured
# fails: 2.1 4.1
# diagnosis: held back
import copy
import math

import torch
from torch import nn


def mse_loss(w, b, x, y):
    return nn.MSELoss()(nn.functional.linear(x, w[None], b[None])[:, 0], y)


def loss_gradients(w, b, x, y):
    w, b = w.detach().clone(), b.detach().clone()
    w.requires_grad, b.requires_grad = True, True
    mse_loss(w, b, x, y).backward()
    return w.grad, b.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    best_loss, best = math.inf, (w.clone(), b.clone())
    losses = []
    for _ in range(n_epochs):
        current = mse_loss(w, b, x, y).item()
        if current < best_loss:
            best_loss, best = current, (w.clone(), b.clone())
        losses.append(current)
        gw, gb = loss_gradients(w, b, x, y)
        w = w - lr * gw
        b = b - lr * gb
    return best[0], best[1], losses


def sgd(batches, w, b, lr):
    losses = []
    for x, y in batches:
        losses.append(mse_loss(w, b, x, y).item())
        gw, gb = loss_gradients(w, b, x, y)
        w = w - lr * gw
        b = b - lr * gb
    return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
    net = nn.Linear(len(w), 1)
    net.weight.data = w.detach().clone().reshape(1, -1)
    net.bias.data = b.detach().clone().reshape(1)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    best_loss, best_net = math.inf, copy.deepcopy(net)
    losses = []
    for _ in range(n_epochs):
        loss = nn.functional.mse_loss(net(x).flatten(), y)
        losses.append(loss.item())
        if losses[-1] < best_loss:
            best_loss, best_net = losses[-1], copy.deepcopy(net)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return best_net.weight.detach().flatten(), best_net.bias.detach(), losses
