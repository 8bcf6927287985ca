# id: V07
# style: lets autograd do the work and returns .grad, or tensors that still require grad
# advice: autograd
import torch
import torch.nn.functional as F


def leaves(*tensors):
    return [t.detach().clone().requires_grad_(True) for t in tensors]


def product_gradients(x, y, z):
    x, y, z = leaves(x, y, z)
    f = (x + y) * z
    return torch.autograd.grad(f, (x, y, z), create_graph=True)


def mse_gradients(a, b, x, y):
    a, b = leaves(a, b)
    loss = F.mse_loss(a + b * x, y)
    loss.backward()
    return a.grad, b.grad


def neuron_gradients(w, b, x, y):
    w, b = leaves(w, b)
    loss = F.binary_cross_entropy(torch.sigmoid(w * x + b), y)
    loss.backward()
    return w.grad, b.grad


def neuron_batch_gradients(w, b, x, y):
    return neuron_gradients(w, b, x, y)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    params = leaves(w1, b1, w2, b2)
    w1, b1, w2, b2 = params
    loss = F.cross_entropy(F.relu(x @ w1 + b1) @ w2 + b2, y)
    loss.backward()
    return tuple(p.grad for p in params)
