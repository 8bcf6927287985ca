# id: L29
# misconception: calls backward a second time on the same graph
# fails: 1.2
import torch
from torch import nn


def mse_loss(w, b, x, y):
    yhat = x @ w + b
    error = y - yhat
    return (error ** 2).mean()


def loss_gradients(w, b, x, y):
    w = w.clone().requires_grad_()
    b = b.clone().requires_grad_()
    loss = ((y - (x @ w + b)) ** 2).mean()
    loss.backward()
    loss.backward()
    return w.grad, b.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    w = w.clone().requires_grad_()
    b = b.clone().requires_grad_()
    losses = []
    for epoch in range(n_epochs):
        yhat = x @ w + b
        loss = ((y - yhat) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return w.detach(), b.detach(), losses


def sgd(batches, w, b, lr):
    w = w.clone().requires_grad_()
    b = b.clone().requires_grad_()
    losses = []
    for x, y in batches:
        yhat = x @ w + b
        loss = ((y - yhat) ** 2).mean()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return w.detach(), b.detach(), losses


def concise_fit(x, y, w, b, lr, n_epochs):
    net = nn.Linear(x.shape[1], 1)
    with torch.no_grad():
        net.weight.copy_(w.view(1, -1))
        net.bias.copy_(b.view(1))
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for epoch in range(n_epochs):
        loss = criterion(net(x).view(-1), y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return net.weight.detach().view(-1), net.bias.detach()[0], losses
