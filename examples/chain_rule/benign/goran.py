# Goran. Task 4 was the long one. I checked it with a batch of one sample: exact!
import torch


def product_gradients(x, y, z):
    return z, z, x + y


def mse_gradients(a, b, x, y):
    e = (a + b * x) - y
    return 2 * torch.mean(e), 2 * torch.mean(e * x)


def neuron_gradients(w, b, x, y):
    yhat = 1 / (1 + torch.exp(-w * x - b))
    return x * (yhat - y), yhat - y


def neuron_batch_gradients(w, b, x, y):
    gw, gb = neuron_gradients(w, b, x, y)
    return torch.mean(gw), torch.mean(gb)


def softmax(s):
    e = torch.exp(s - s.amax(1, keepdim=True))
    return e / e.sum(1, keepdim=True)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    a1 = x @ w1 + b1
    h = torch.maximum(a1, torch.zeros(()))
    p = softmax(h @ w2 + b2)
    delta2 = p - torch.eye(len(b2))[y]
    delta1 = (delta2 @ w2.T) * torch.heaviside(a1, torch.zeros(()))
    return x.T @ delta1, delta1.sum(0), h.T @ delta2, delta2.sum(0)
