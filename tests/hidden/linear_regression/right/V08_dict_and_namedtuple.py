# id: V08
# style: returns dicts and namedtuples, in the asked order
from collections import namedtuple

import torch

Fit = namedtuple("Fit", ["w", "b", "losses"])
Gradients = namedtuple("Gradients", "dw db")


def mse_loss(w, b, x, y):
    return torch.nn.functional.mse_loss(x @ w + b, y)


def loss_gradients(w, b, x, y):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    mse_loss(w, b, x, y).backward()
    return Gradients(db=b.grad, dw=w.grad)


def gradient_descent(x, y, w, b, lr, n_epochs):
    history = []
    for _ in range(n_epochs):
        history.append(mse_loss(w, b, x, y).item())
        grads = loss_gradients(w, b, x, y)
        w, b = w - lr * grads.dw, b - lr * grads.db
    return {"w": w, "b": b, "losses": history}


def sgd(batches, w, b, lr):
    fit = Fit(w, b, ())
    for x, y in batches:
        grads = loss_gradients(fit.w, fit.b, x, y)
        loss = mse_loss(fit.w, fit.b, x, y).item()
        fit = Fit(fit.w - lr * grads.dw, fit.b - lr * grads.db, (*fit.losses, loss))
    return fit


def concise_fit(x, y, w, b, lr, n_epochs):
    return Fit(**gradient_descent(x, y, w, b, lr, n_epochs))
