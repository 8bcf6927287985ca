# id: S12b
# misconception: the layers' bias gradients are means over the batch, although 1 / N is in the messages already
# fails: 4.1
# diagnosis: held back
import numpy as np


def to_numpy(*tensors):
    return (np.asarray(t.tolist()) for t in tensors)


def logistic(t):
    return np.where(t < 0, np.exp(t) / (1 + np.exp(t)), 1 / (1 + np.exp(-t)))


def product_gradients(x, y, z):
    x, y, z = to_numpy(x, y, z)
    gradient = np.array([z, z, x + y])
    return gradient[0], gradient[1], gradient[2]


def mse_gradients(a, b, x, y):
    a, b, x, y = to_numpy(a, b, x, y)
    inner = np.vstack([-np.ones_like(x), -x])
    outer = 2 * (y - a - b * x)
    return tuple((inner * outer).mean(axis=1))


def neuron_gradients(w, b, x, y):
    w, b, x, y = to_numpy(w, b, x, y)
    p = logistic(w * x + b)
    through = (1 - y) * p - y * (1 - p)
    return through * x, through


def neuron_batch_gradients(w, b, x, y):
    per_sample = [neuron_gradients(w, b, xi, yi) for xi, yi in zip(x, y)]
    of_w, of_b = zip(*per_sample)
    return sum(of_w) / len(of_w), sum(of_b) / len(of_b)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    w1, b1, w2, b2, x, y = to_numpy(w1, b1, w2, b2, x, y)
    count = y.size
    pre = np.dot(x, w1) + b1
    hidden = pre.clip(min=0)
    scores = np.dot(hidden, w2) + b2
    odds = np.exp(scores - scores.max(axis=-1)[:, None])
    message = odds / odds.sum(axis=-1)[:, None]
    for i in range(count):
        message[i, int(y[i])] -= 1
    message = message / count
    grads_2 = np.dot(hidden.T, message), message.mean(axis=0)
    message = np.dot(message, w2.T) * np.where(pre > 0, 1, 0)
    grads_1 = np.dot(x.T, message), message.mean(axis=0)
    return (*grads_1, *grads_2)
