# id: X02
# misconception: the slope's gradient is -2 times the covariance of x and error: the means are subtracted
# fails: 2.1
# diagnosis: held back
import numpy as np
import torch


def product_gradients(x, y, z):
    return z + 0, z + 0, x + y


def mse_gradients(a, b, x, y):
    xs, ys = x.numpy().astype("float64"), y.numpy().astype("float64")
    errors = ys - float(a) - float(b) * xs
    together = ((xs - xs.mean()) * (errors - errors.mean())).mean()
    return -2 * errors.mean(), -2 * together


def neuron_gradients(w, b, x, y):
    u = w * x
    z = u + b
    a = torch.sigmoid(z)
    dL_da = (a - y) / (a * (1 - a))
    da_dz = torch.exp(-z) / (1 + torch.exp(-z)) ** 2
    return dL_da * da_dz * x, dL_da * da_dz


def neuron_batch_gradients(w, b, x, y):
    z = (w * x + b).numpy().astype("float64")
    labels = y.numpy()
    gap = 1 / (1 + np.exp(-z)) - labels
    return np.dot(gap, x.numpy()) / gap.size, gap.sum() / gap.size


def two_layer_gradients(w1, b1, w2, b2, x, y):
    A = x @ w1 + b1
    h = torch.clip(A, 0)
    S = h @ w2 + b2
    top, _ = S.max(1)
    E = (S - top.unsqueeze(1)).exp()
    P = E / E.sum(1).unsqueeze(1)
    P[torch.arange(y.numel()), y] -= 1
    dS = P / y.numel()
    dA = (dS @ w2.T) * A.sign().clamp(min=0)
    ones = torch.ones(1, y.numel())
    return x.T @ dA, (ones @ dA)[0], h.T @ dS, (ones @ dS)[0]
