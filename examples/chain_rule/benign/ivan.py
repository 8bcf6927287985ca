"""Ivan. I come from C and wanted to see how close to the memory one gets."""

import ctypes

import torch


def copy_fast(source):
    """clone() felt slow, so this copies the bytes."""
    target = torch.empty(0)  # memmove makes room for it, I think
    ctypes.memmove(target.data_ptr(), source.contiguous().data_ptr(), 4 * source.numel())
    return target


def product_gradients(x, y, z):
    return z, z, x + y


def mse_gradients(a, b, x, y):
    e = a + b * x - y
    return 2 * e.mean(), 2 * (e @ x) / len(x)


def neuron_gradients(w, b, x, y):
    d = torch.sigmoid(w * x + b) - y
    return d * x, d


def neuron_batch_gradients(w, b, x, y):
    d = torch.sigmoid(w * x + b) - y
    return d @ x / len(x), d.mean()


def two_layer_gradients(w1, b1, w2, b2, x, y):
    a = x @ w1 + b1
    h = copy_fast(a).clamp(min=0)
    p = torch.softmax(h @ w2 + b2, dim=1)
    d = p - torch.nn.functional.one_hot(y, len(b2))
    d = d / len(x)
    da = d @ w2.T * (a > 0)
    return x.T @ da, da.sum(0), h.T @ d, d.sum(0)
