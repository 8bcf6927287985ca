# id: L19b
# misconception: counts from 0 to n_epochs inclusive
# fails: 2.1
import torch
import torch.nn.functional as F
from torch import nn


def mse_loss(w, b, x, y):
    return F.mse_loss(torch.mv(x, w) + b, y)


def loss_gradients(w, b, x, y):
    params = [w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()]
    mse_loss(*params, x, y).backward()
    return params[0].grad, params[1].grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    history = []
    for _ in range(n_epochs + 1):
        history.append(mse_loss(w, b, x, y).item())
        dw, db = loss_gradients(w, b, x, y)
        w, b = w - lr * dw, b - lr * db
    return w, b, history


def sgd(batches, w, b, lr):
    history = []
    for x, y in batches:
        history.append(mse_loss(w, b, x, y).item())
        dw, db = loss_gradients(w, b, x, y)
        w, b = w - lr * dw, b - lr * db
    return w, b, history


def concise_fit(x, y, w, b, lr, n_epochs):
    model = nn.Linear(x.size(1), 1)
    model.weight.data[0] = w
    model.bias.data[0] = b
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    history = []
    for _ in range(n_epochs):
        opt.zero_grad()
        loss = F.mse_loss(model(x).squeeze(-1), y)
        loss.backward()
        opt.step()
        history.append(loss.item())
    return model.weight[0], model.bias[0], history
