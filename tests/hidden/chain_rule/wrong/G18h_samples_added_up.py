# id: G18
# misconception: the batch loop adds the gradients of the samples and never divides by their number
# fails: 3.2
# diagnosis: held back
import math

import torch


def product_gradients(x, y, z):
    return z.item(), z.item(), x.item() + y.item()


def mse_gradients(a, b, x, y):
    a, b = a.item(), b.item()
    n = x.shape[0]
    da = db = 0.0
    for xi, yi in zip(x.tolist(), y.tolist()):
        miss = a + b * xi - yi
        da += 2 * miss / n
        db += 2 * miss * xi / n
    return da, db


def neuron_gradients(w, b, x, y):
    z = float(w) * float(x) + float(b)
    p = 1 / (1 + math.exp(-z))
    delta = p - float(y)
    return delta * float(x), delta


def neuron_batch_gradients(w, b, x, y):
    total_w = 0.0
    total_b = 0.0
    for one_x, one_y in zip(x, y):
        grad_w, grad_b = neuron_gradients(w, b, one_x, one_y)
        total_w += grad_w
        total_b += grad_b
    return total_w, total_b


def two_layer_gradients(w1, b1, w2, b2, x, y):
    dw1, db1 = torch.zeros_like(w1), torch.zeros_like(b1)
    dw2, db2 = torch.zeros_like(w2), torch.zeros_like(b2)
    n = len(x)
    for row, label in zip(x, y):
        pre = row @ w1 + b1
        hidden = torch.relu(pre)
        delta = torch.softmax(hidden @ w2 + b2, dim=0)
        delta[label] -= 1
        delta = delta / n
        dw2 += torch.outer(hidden, delta)
        db2 += delta
        down = (w2 @ delta) * (pre > 0)
        dw1 += torch.outer(row, down)
        db1 += down
    return dw1, db1, dw2, db2
