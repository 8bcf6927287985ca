# id: G21
# misconception: both weight gradients come out transposed: (H, D) and (C, H)
# fails: 4.1
# diagnosis: held back
import torch
from torch import einsum


def sigma(t):
    return torch.reciprocal(1 + torch.exp(-t))


def product_gradients(x, y, z):
    total = torch.add(x, y)
    return z.clone(), z.clone(), total


def mse_gradients(a, b, x, y):
    design = torch.stack([torch.ones_like(x), x])  # (2, N)
    theta = torch.stack([a, b])
    r = einsum("kn,k->n", design, theta) - y
    grad = einsum("kn,n->k", design, r) * 2 / x.numel()
    return grad[0], grad[1]


def neuron_gradients(w, b, x, y):
    delta = sigma(w * x + b) - y
    return delta * x, delta


def neuron_batch_gradients(w, b, x, y):
    delta = (sigma(w * x + b) - y) / x.numel()
    return einsum("n,n->", delta, x), einsum("n->", delta)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    pre = einsum("nd,dh->nh", x, w1) + b1
    act = pre.relu()
    score = einsum("nh,hc->nc", act, w2) + b2
    log_p = score - torch.logsumexp(score, dim=1, keepdim=True)
    err = log_p.exp()
    err.scatter_add_(1, y[:, None], -torch.ones(len(y), 1))
    err = err / len(y)
    grad_w2 = einsum("nc,nh->ch", err, act)
    hid = einsum("nc,hc->nh", err, w2) * torch.heaviside(pre, torch.zeros(()))
    grad_w1 = einsum("nh,nd->hd", hid, x)
    return grad_w1, hid.sum(0), grad_w2, err.sum(0)
