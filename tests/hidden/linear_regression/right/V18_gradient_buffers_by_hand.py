# id: V18
# style: grad = None, difference of accumulated gradients, register_hook: three ways to the same step
import torch
from torch import nn


def mse_loss(w, b, x, y):
    residual = y - b - torch.einsum("nd,d->n", x, w)
    return torch.dot(residual, residual) / residual.numel()


def loss_gradients(w, b, x, y):
    seen = {}
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    w.register_hook(lambda g: seen.__setitem__("w", g))
    b.register_hook(lambda g: seen.__setitem__("b", g))
    mse_loss(w, b, x, y).backward()
    return seen["w"], seen["b"]


def gradient_descent(x, y, w, b, lr, n_epochs):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    losses, i = [], 0
    while i < n_epochs:
        w.grad = b.grad = None
        loss = mse_loss(w, b, x, y)
        loss.backward()
        with torch.no_grad():
            w.add_(w.grad, alpha=-lr)
            b.add_(b.grad, alpha=-lr)
        losses += [loss.item()]
        i += 1
    return w, b, losses


def sgd(batches, w, b, lr):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    before_w, before_b, losses = torch.zeros_like(w), torch.zeros_like(b), []
    for x, y in batches:
        loss = mse_loss(w, b, x, y)
        loss.backward()  # adds up on purpose: the difference is this step's gradient
        with torch.no_grad():
            w -= lr * (w.grad - before_w)
            b -= lr * (b.grad - before_b)
        before_w, before_b = w.grad.clone(), b.grad.clone()
        losses.append(loss.item())
    return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
    net = nn.Linear(x.shape[1], 1)
    nn.init.zeros_(net.weight).data.add_(w)
    nn.init.constant_(net.bias, b.item())
    opt = torch.optim.SGD([{"params": [net.weight]}, {"params": [net.bias]}], lr=lr)
    losses = []
    for _ in range(n_epochs):
        loss = (net(x).flatten() - y).pow(2).mean()
        loss.backward()
        opt.step()
        net.zero_grad(set_to_none=True)
        losses.append(loss.item())
    return net.weight.flatten(), net.bias, losses
