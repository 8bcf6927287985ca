# id: V05
# style: NumPy all the way, returns arrays and NumPy scalars
import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def product_gradients(x, y, z):
    x, y, z = np.float32(x), np.float32(y), np.float32(z)
    return z, z, x + y


def mse_gradients(a, b, x, y):
    a, b, x, y = a.numpy(), b.numpy(), x.numpy(), y.numpy()
    r = y - (a + b * x)
    return -2 * np.mean(r), -2 * np.mean(x * r)


def neuron_gradients(w, b, x, y):
    w, b, x, y = map(float, (w, b, x, y))
    d = sigmoid(w * x + b) - y
    return np.float64(d * x), np.array(d)


def neuron_batch_gradients(w, b, x, y):
    x, y = np.asarray(x), np.asarray(y)
    d = sigmoid(w.item() * x + b.item()) - y
    return np.average(d * x), np.average(d)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    w1, b1, w2, b2, x, y = (np.asarray(t) for t in (w1, b1, w2, b2, x, y))
    z1 = x @ w1 + b1
    h = np.maximum(z1, 0)
    s = h @ w2 + b2
    e = np.exp(s - s.max(axis=1, keepdims=True))
    d = e / e.sum(axis=1, keepdims=True)
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    d1 = d @ w2.T * (z1 > 0)
    return x.T @ d1, d1.sum(axis=0), h.T @ d, d.sum(axis=0)
