# id: V08
# style: returns dicts and a namedtuple, values in the order that was asked
from collections import namedtuple

import torch

Line = namedtuple("Line", ["intercept", "slope"])


def product_gradients(x, y, z):
    return {"dx": z, "dy": z, "dz": x + y}


def mse_gradients(a, b, x, y):
    e = y - a - b * x
    return Line(intercept=(-2 * e).mean(), slope=(-2 * e * x).mean())


def neuron_gradients(w, b, x, y):
    dz = torch.sigmoid(w * x + b) - y
    return {"dw": dz * x, "db": dz}


def neuron_batch_gradients(w, b, x, y):
    dz = torch.sigmoid(w * x + b) - y
    return {"dw": (dz * x).mean(), "db": dz.mean()}


def two_layer_gradients(w1, b1, w2, b2, x, y):
    cache, grads = {}, {}
    cache["a"] = x @ w1 + b1
    cache["h"] = cache["a"].clamp_min(0)
    ds = torch.softmax(cache["h"] @ w2 + b2, dim=-1)
    ds[torch.arange(len(y)), y] -= 1.0
    ds /= len(y)
    da = (ds @ w2.t()) * (cache["a"] > 0)
    grads["dW1"] = x.t() @ da
    grads["db1"] = da.sum(0)
    grads["dW2"] = cache["h"].t() @ ds
    grads["db2"] = ds.sum(0)
    return grads
