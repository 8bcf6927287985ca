# id: V04
# style: (1,) and (1, 1) for a number, (1, H) for a row of biases, a list for the tuple
import torch


def product_gradients(x, y, z):
    x, y, z = x.view(1), y.view(1), z.view(1)
    return [z, z, x + y]


def mse_gradients(a, b, x, y):
    X = torch.stack([torch.ones_like(x), x], dim=1)  # (N, 2), the design matrix
    theta = torch.stack([a, b]).reshape(2, 1)
    residual = X @ theta - y.reshape(-1, 1)  # (N, 1)
    grad = 2 / X.shape[0] * X.T @ residual  # (2, 1)
    return [grad[0], grad[1]]


def neuron_gradients(w, b, x, y):
    x = x.reshape(1, 1)
    delta = torch.sigmoid(x * w + b) - y
    return [x.T @ delta, delta.sum(dim=0, keepdim=True)]


def neuron_batch_gradients(w, b, x, y):
    x, y = x.reshape(-1, 1), y.reshape(-1, 1)
    delta = (torch.sigmoid(x * w + b) - y) / x.shape[0]
    return [x.T @ delta, delta.sum(dim=0, keepdim=True)]


def two_layer_gradients(w1, b1, w2, b2, x, y):
    z1 = x @ w1 + b1
    a1 = torch.maximum(z1, torch.zeros_like(z1))
    s = a1 @ w2 + b2
    s = s - s.max(dim=1, keepdim=True)[0]
    p = s.exp() / s.exp().sum(dim=1, keepdim=True)
    p[range(len(y)), y] -= 1
    p /= len(y)
    d1 = p @ w2.T
    d1[z1 <= 0] = 0
    return [x.T @ d1, d1.sum(0, keepdim=True), a1.T @ p, p.sum(0, keepdim=True)]
