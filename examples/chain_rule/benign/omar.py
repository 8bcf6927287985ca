# Omar. Handed in at 23:59, please be kind.
import torch


def product_gradients(x, y, z):
    return z, z, x + y


def mse_gradients(a, b, x, y):
    err = y - a - b * x
    return -2 * err.mean(), -2 * (err * x).mean()


def neuron_gradients(w, b, x, y):
    a = torch.sigmoid(w * x + b)
    dL_da = (a - y) / (a * (1 - a))
    return dL_da * a * (1 - a) * x, dL_da * a * (1 - a)


def neuron_batch_gradients(w, b, x, y):
    a = torch.sigmoid(w * x + b)
    return torch.dot(a - y, x) / x.numel(), (a - y).mean()


def two_layer_gradients(w1, b1, w2, b2, x, y):
    a = x @ w1 + b1
    h = torch.relu(a)
    p = torch.softmax(h @ w2 + b2, dim=1)
    d = (p - torch.nn.functional.one_hot(y, len(b2)) / len(x
