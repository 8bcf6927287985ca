# id: V16
# style: as in the lecture: the given w and b themselves require gradients and are moved in place
import torch
import torch.nn as nn


def mse_loss(w, b, x, y):
    yhat = torch.matmul(x, w) + b
    error = y - yhat
    return (error ** 2).mean()


def loss_gradients(w, b, x, y):
    w.requires_grad_()
    b.requires_grad_()
    mse_loss(w, b, x, y).backward()
    return w.grad, b.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    w.requires_grad_()
    b.requires_grad_()
    losses = []
    for epoch in range(n_epochs):
        yhat = torch.matmul(x, w) + b
        error = y - yhat
        loss = (error ** 2).mean()
        loss.backward()
        losses.append(loss)
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        w.grad.zero_()
        b.grad.zero_()
    return w, b, losses


def sgd(batches, w, b, lr):
    w.requires_grad_()
    b.requires_grad_()
    losses = []
    for x, y in batches:
        loss = mse_loss(w, b, x, y)
        loss.backward()
        losses.append(loss)
        with torch.no_grad():
            w.copy_(w - lr * w.grad)
            b.copy_(b - lr * b.grad)
            w.grad.zero_()
            b.grad.zero_()
    return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
    net = nn.Sequential(nn.Linear(x.shape[1], 1))
    net[0].weight.data = w.reshape(1, -1)  # shares the memory of w
    net[0].bias.data = b.reshape(1)
    loss_fn = nn.MSELoss()
    trainer = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for epoch in range(n_epochs):
        l = loss_fn(net(x), y.reshape(-1, 1))
        trainer.zero_grad()
        l.backward()
        trainer.step()
        losses.append(l)
    return w, b, losses
