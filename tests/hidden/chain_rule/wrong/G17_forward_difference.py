# id: G17
# misconception: forward difference with h = 0.01: the error shrinks with h only
# fails: 3.1 3.2
import torch


H = 0.01


def loss(w, b, x, y):
    a = torch.sigmoid(w * x + b)
    return -(y * torch.log(a) + (1 - y) * torch.log(1 - a)).mean()


def product_gradients(x, y, z):
    return z, z, x + y


def mse_gradients(a, b, x, y):
    error = y - (a + b * x)
    return -2 * error.mean(), -2 * (x * error).mean()


def neuron_gradients(w, b, x, y):
    w, b, x, y = w.double(), b.double(), x.double(), y.double()
    here = loss(w, b, x, y)
    return (loss(w + H, b, x, y) - here) / H, (loss(w, b + H, x, y) - here) / H


def neuron_batch_gradients(w, b, x, y):
    return neuron_gradients(w, b, x, y)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    n = len(x)
    pre = x @ w1 + b1
    h = torch.relu(pre)
    scores = h @ w2 + b2
    p = torch.softmax(scores, dim=1)
    dscores = p.clone()
    dscores[torch.arange(n), y] -= 1
    dscores = dscores / n
    dw2 = h.T @ dscores
    db2 = dscores.sum(dim=0)
    dh = dscores @ w2.T
    dpre = dh * (pre > 0)
    dw1 = x.T @ dpre
    db1 = dpre.sum(dim=0)
    return dw1, db1, dw2, db2
