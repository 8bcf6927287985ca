# id: X03
# misconception: the bias gradient is multiplied by b, as the weight's is by x
# fails: 3.1 3.2
# diagnosis: held back
import torch


def product_gradients(x, y, z):
    q = x + y
    dfdq = z
    return dfdq, dfdq, q


def mse_gradients(a, b, x, y):
    total_a, total_b, count = 0.0, 0.0, 0
    for xi, yi in zip(x, y):
        r = yi - a - b * xi
        total_a = total_a - 2 * r
        total_b = total_b - 2 * r * xi
        count += 1
    return total_a / count, total_b / count


def forward(w, b, x):
    parts = torch.stack(torch.broadcast_tensors(w * x, b))
    return 1 / (1 + (-parts.sum(0)).exp())


def neuron_gradients(w, b, x, y):
    a = forward(w, b, x)
    dz = (a - y) / (a - a * a) * (a - a * a)
    return tuple(dz * factor for factor in (x, b))


def neuron_batch_gradients(w, b, x, y):
    a = forward(w, b, x)
    dz = a - y
    return tuple((dz * factor).mean() for factor in (x, b))


def two_layer_gradients(w1, b1, w2, b2, x, y):
    n, classes = x.shape[0], w2.shape[1]
    A = x @ w1 + b1
    mask = A > 0
    h = A.masked_fill(~mask, 0)
    p = (h @ w2 + b2).softmax(1)
    target = (torch.arange(classes) == y.view(-1, 1)).float()
    dS = (p - target) / n
    dA = (dS @ w2.T).masked_fill(~mask, 0)
    # biases are weights of an input that is always 1
    h1 = torch.cat([h, torch.ones(n, 1)], 1)
    x1 = torch.cat([x, torch.ones(n, 1)], 1)
    g2, g1 = h1.T @ dS, x1.T @ dA
    return g1[:-1], g1[-1], g2[:-1], g2[-1]
