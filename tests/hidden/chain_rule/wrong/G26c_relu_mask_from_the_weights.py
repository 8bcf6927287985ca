# id: G26c
# misconception: the ReLU mask is taken before the bias is added
# fails: 4.1
import torch


def product_gradients(x, y, z):
    return z, z, x + y


def mse_gradients(a, b, x, y):
    error = y - (a + b * x)
    return -2 * error.mean(), -2 * (x * error).mean()


def neuron_gradients(w, b, x, y):
    a = torch.sigmoid(w * x + b)
    dz = a - y
    return dz * x, dz


def neuron_batch_gradients(w, b, x, y):
    a = torch.sigmoid(w * x + b)
    dz = a - y
    return (dz * x).mean(), dz.mean()


def two_layer_gradients(w1, b1, w2, b2, x, y):
    n = len(x)
    pre = x @ w1 + b1
    h = torch.relu(pre)
    scores = h @ w2 + b2
    p = torch.softmax(scores, dim=1)
    dscores = p.clone()
    dscores[torch.arange(n), y] -= 1
    dscores = dscores / n
    dw2 = h.T @ dscores
    db2 = dscores.sum(dim=0)
    dh = dscores @ w2.T
    dpre = dh * (x @ w1 > 0)
    dw1 = x.T @ dpre
    db1 = dpre.sum(dim=0)
    return dw1, db1, dw2, db2
