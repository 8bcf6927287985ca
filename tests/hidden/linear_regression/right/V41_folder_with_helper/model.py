import torch


def predict(w, b, x):
    return x @ w + b


def parameters(w, b):
    return w.detach().clone().requires_grad_(), b.detach().clone().requires_grad_()


def squared_error(w, b, x, y):
    return (predict(w, b, x) - y).pow(2).mean()


@torch.no_grad()
def update(parameters, lr):
    for parameter in parameters:
        parameter -= lr * parameter.grad
        parameter.grad = None
