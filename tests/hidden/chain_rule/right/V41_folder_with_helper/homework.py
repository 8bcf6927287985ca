# id: V41
# style: a folder: the entry points import two helper modules of their own
import torch

from activations import relu, relu_prime, sigmoid
from losses import softmax_cross_entropy_prime


def product_gradients(x, y, z):
    return z, z, x + y


def mse_gradients(a, b, x, y):
    error = y - a - b * x
    return -2 * error.mean(), -2 * (error * x).mean()


def neuron_gradients(w, b, x, y):
    dz = sigmoid(w * x + b) - y
    return dz * x, dz


def neuron_batch_gradients(w, b, x, y):
    pairs = [neuron_gradients(w, b, xi, yi) for xi, yi in zip(x, y)]
    return torch.stack([dw for dw, _ in pairs]).mean(), torch.stack([db for _, db in pairs]).mean()


def two_layer_gradients(w1, b1, w2, b2, x, y):
    pre = x @ w1 + b1
    h = relu(pre)
    ds = softmax_cross_entropy_prime(h @ w2 + b2, y)
    dpre = ds @ w2.T * relu_prime(pre)
    return x.T @ dpre, dpre.sum(0), h.T @ ds, ds.sum(0)
