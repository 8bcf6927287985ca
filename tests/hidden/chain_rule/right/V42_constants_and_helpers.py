# id: V42
# style: everything rests on module constants, helpers and a decorator defined outside the functions
import functools

import torch

TWO = 2.0
ONE = torch.ones(())
EPS = 1e-12
N_CALLS = {"count": 0}


def counted(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        N_CALLS["count"] += 1
        return function(*args, **kwargs)

    return wrapper


def sigmoid(z):
    return ONE.to(z) / (ONE.to(z) + torch.exp(-z) + EPS)


def bce_slope(a, y):
    return (a - y) / (a * (1 - a) + EPS)


def sigmoid_slope(a):
    return a * (1 - a)


def softmax(scores):
    e = torch.exp(scores - scores.amax(dim=1, keepdim=True))
    return e / (e.sum(dim=1, keepdim=True) + EPS)


def relu_slope(x):
    return (x > 0).to(x.dtype)


@counted
def product_gradients(x, y, z):
    df_dq, df_dz = z, x + y
    return df_dq * 1, df_dq * 1, df_dz


@counted
def mse_gradients(a, b, x, y):
    slope = -TWO * (y - (a + b * x))
    return slope.mean(), (slope * x).mean()


@counted
def neuron_gradients(w, b, x, y):
    a = sigmoid(w * x + b)
    dz = bce_slope(a, y) * sigmoid_slope(a)
    return dz * x, dz


@counted
def neuron_batch_gradients(w, b, x, y):
    dw, db = neuron_gradients(w, b, x, y)
    return dw.mean(), db.mean()


@counted
def two_layer_gradients(w1, b1, w2, b2, x, y):
    pre = x @ w1 + b1
    h = torch.relu(pre)
    p = softmax(h @ w2 + b2)
    target = torch.zeros_like(p)
    target[torch.arange(p.shape[0]), y] = 1
    ds = (p - target) / p.shape[0]
    dpre = ds @ w2.mT * relu_slope(pre)
    return x.mT @ dpre, dpre.sum(0), h.mT @ ds, ds.sum(0)
