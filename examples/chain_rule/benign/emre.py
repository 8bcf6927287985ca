# Emre, homework 1. All public examples fit, nice and short.
import torch


def product_gradients(x, y, z):
    return z, z, x + y


def mse_gradients(a, b, x, y):
    e = y - (a + b * x)
    return -2 * e.sum(), -2 * (e * x).sum()  # one message per point, so add them all up


def neuron_gradients(w, b, x, y):
    d = torch.sigmoid(w * x + b) - y
    return d * x, d


def neuron_batch_gradients(w, b, x, y):
    d = torch.sigmoid(w * x + b) - y
    return (d * x).sum(), d.sum()


def two_layer_gradients(w1, b1, w2, b2, x, y):
    a = x @ w1 + b1
    h = a.clamp(min=0)
    s = h @ w2 + b2
    p = s.softmax(1)
    ds = (p - torch.nn.functional.one_hot(y, p.shape[1])) / x.shape[0]
    da = (ds @ w2.T) * a.gt(0)
    return x.T @ da, da.sum(0), h.T @ ds, ds.sum(0)
