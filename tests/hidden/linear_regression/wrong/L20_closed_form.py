# id: L20
# misconception: solves the least squares and returns the best line whatever n_epochs is
# fails: 2.1 4.1
import torch


def mse_loss(w, b, x, y):
    yhat = x @ w + b
    error = y - yhat
    return (error ** 2).mean()


def loss_gradients(w, b, x, y):
    w = w.clone().requires_grad_()
    b = b.clone().requires_grad_()
    loss = ((y - (x @ w + b)) ** 2).mean()
    loss.backward()
    return w.grad, b.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    design = torch.cat([x, torch.ones(len(x), 1)], dim=1)
    theta = torch.linalg.lstsq(design, y.unsqueeze(1)).solution.squeeze(1)
    best = mse_loss(theta[:-1], theta[-1], x, y).item()
    return theta[:-1], theta[-1], [best] * n_epochs


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
    return gradient_descent(x, y, w, b, lr, n_epochs)
