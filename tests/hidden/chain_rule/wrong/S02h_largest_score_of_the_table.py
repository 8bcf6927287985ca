# id: S02
# misconception: subtracts the largest score of the whole batch, so rows far below it underflow
# fails: 4.1
# diagnosis: held back
import torch


def stable_softmax(table):
    shifted = torch.exp(table - torch.max(table))
    return shifted / torch.sum(shifted, dim=1, keepdim=True)


def onehot(classes, how_many):
    out = torch.zeros(len(classes), how_many)
    for row, c in enumerate(classes):
        out[row, c] = 1
    return out


def product_gradients(x, y, z):
    df = torch.ones(())
    dq, dz = df * z, df * (x + y)
    return dq, dq, dz


def mse_gradients(a, b, x, y):
    e = y - (b * x + a)
    return (-2 * e).mean(), (-2 * e * x).mean()


def bce_slope(z, y):
    return 0.5 * (1 + torch.tanh(z / 2)) - y


def neuron_gradients(w, b, x, y):
    s = bce_slope(w * x + b, y)
    return s * x, s


def neuron_batch_gradients(w, b, x, y):
    s = bce_slope(w * x + b, y)
    return (s * x).mean(), s.mean()


def two_layer_gradients(w1, b1, w2, b2, x, y):
    pre = x @ w1 + b1
    hid = torch.maximum(pre, torch.zeros_like(pre))
    prob = stable_softmax(hid @ w2 + b2)
    ds = (prob - onehot(y, b2.numel())) / len(y)
    dhid = ds @ w2.T
    dpre = torch.where(pre > 0, dhid, torch.zeros_like(dhid))
    return x.T @ dpre, dpre.sum(0), hid.T @ ds, ds.sum(0)
