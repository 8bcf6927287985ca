# Chen. NumPy throughout: I know it better, and float64 costs nothing here.
import numpy as np


def sigma(z):
    return 1.0 / (1.0 + np.exp(-z))


def to_numpy(*tensors):
    return [np.asarray(t, dtype=np.float64) for t in tensors]


def product_gradients(x, y, z):
    x, y, z = to_numpy(x, y, z)
    return z, z, x + y


def mse_gradients(a, b, x, y):
    a, b, x, y = to_numpy(a, b, x, y)
    design = np.stack([np.ones_like(x), x], axis=1)  # (N, 2): one column for a, one for b
    gradient = 2 / len(x) * design.T @ (design @ np.array([a, b]) - y)
    return gradient[0], gradient[1]


def neuron_gradients(w, b, x, y):
    w, b, x, y = to_numpy(w, b, x, y)
    error = sigma(w * x + b) - y
    return error * x, error


def neuron_batch_gradients(w, b, x, y):
    w, b, x, y = to_numpy(w, b, x, y)
    error = sigma(w * x + b) - y
    return error @ x / len(x), error.mean()


def two_layer_gradients(w1, b1, w2, b2, x, y):
    w1, b1, w2, b2, x = to_numpy(w1, b1, w2, b2, x)
    pre = x @ w1 + b1
    hidden = np.maximum(pre, 0)
    scores = hidden @ w2 + b2
    scores -= scores.max(axis=1, keepdims=True)  # exp(800) is inf, exp(-800) is only 0
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    d_scores = (p - np.eye(len(b2))[np.asarray(y)]) / len(x)
    d_pre = np.where(pre > 0, d_scores @ w2.T, 0)
    return x.T @ d_pre, d_pre.sum(axis=0), hidden.T @ d_scores, d_scores.sum(axis=0)
