"""Dina. I do not trust matrix formulas that I cannot check with a finger on the page, so: loops."""

from math import exp

import torch


def product_gradients(x, y, z):
    return float(z), float(z), float(x + y)


def mse_gradients(a, b, x, y):
    n, da, db = len(x), 0.0, 0.0
    for xi, yi in zip(x.tolist(), y.tolist()):
        miss = yi - float(a) - float(b) * xi
        da += -2 * miss / n
        db += -2 * miss * xi / n
    return da, db


def neuron_gradients(w, b, x, y):
    w, b, x, y = float(w), float(b), float(x), float(y)
    a = 1 / (1 + exp(-(w * x + b)))
    dL_da = -1 / a if y == 1 else 1 / (1 - a)  # only one half of the loss is alive
    dL_dz = dL_da * a * (1 - a)
    return dL_dz * x, dL_dz


def neuron_batch_gradients(w, b, x, y):
    pairs = [neuron_gradients(w, b, xi, yi) for xi, yi in zip(x, y)]
    return sum(p[0] for p in pairs) / len(pairs), sum(p[1] for p in pairs) / len(pairs)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    dw1, db1 = torch.zeros_like(w1), torch.zeros_like(b1)
    dw2, db2 = torch.zeros_like(w2), torch.zeros_like(b2)
    for row, label in zip(x, y.tolist()):
        pre = row @ w1 + b1
        h = torch.relu(pre)
        p = torch.softmax(h @ w2 + b2, dim=0)
        for c in range(len(b2)):
            push = (p[c].item() - (c == label)) / len(x)  # how much score c wants to go down
            dw2[:, c] += push * h
            db2[c] += push
            on = (pre > 0) * w2[:, c] * push
            dw1 += torch.outer(row, on)
            db1 += on
    return dw1, db1, dw2, db2
