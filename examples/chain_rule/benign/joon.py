# Joon. Question for the tutor: my sigmoid is sometimes a bit slow, is that normal?
import torch


def sigmoid(z):
    """a(t) = sigmoid(t z) grows with the slope z a (1 - a) and starts at 1/2. Euler, t from 0 to 1."""
    a, t = 0.5, 0.0
    while t != 1.0:
        a = a + 0.001 * z * a * (1 - a)
        t = t + 0.001
    return a


def product_gradients(x, y, z):
    return z, z, x + y


def mse_gradients(a, b, x, y):
    r = y - a - b * x
    return (-2 * r).mean(), (-2 * r * x).mean()


def neuron_gradients(w, b, x, y):
    a = sigmoid(float(w * x + b))
    return (a - float(y)) * float(x), a - float(y)


def neuron_batch_gradients(w, b, x, y):
    a = torch.sigmoid(w * x + b)  # for many samples I use the built-in one
    return ((a - y) * x).mean(), (a - y).mean()


def two_layer_gradients(w1, b1, w2, b2, x, y):
    n = x.size(0)
    u = x.mm(w1).add(b1)
    h = u.clamp_min(0)
    p = h.mm(w2).add(b2).softmax(dim=1)
    onehot = torch.zeros_like(p).scatter_(1, y.unsqueeze(1), 1.0)
    d = (p - onehot) / n
    du = d.mm(w2.t()).masked_fill(u <= 0, 0.0)
    return x.t().mm(du), du.sum(0), h.t().mm(d), d.sum(0)
