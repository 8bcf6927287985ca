# id: V24
# style: equal formulas in other clothes: sigmoid by tanh, logsumexp, softplus' slope, einsum
import torch


def sigmoid(z):
    return 0.5 * (1.0 + torch.tanh(0.5 * z))


def product_gradients(x, y, z):
    # f = x z + y z, term by term
    return z.clone(), z.clone(), torch.stack([x, y]).sum()


def mse_gradients(a, b, x, y):
    # MSE = mean(y^2) + a^2 + b^2 mean(x^2) - 2 a mean(y) - 2 b mean(x y) + 2 a b mean(x)
    a, b, x, y = a.double(), b.double(), x.double(), y.double()
    da = 2 * a - 2 * y.mean() + 2 * b * x.mean()
    db = 2 * b * (x**2).mean() - 2 * (x * y).mean() + 2 * a * x.mean()
    return da, db


def neuron_gradients(w, b, x, y):
    # L = softplus(s) with s = -(2y - 1) z, so dL/dz = -(2y - 1) sigmoid(s)
    sign = 2 * y - 1
    dz = -sign * sigmoid(-sign * (w * x + b))
    return torch.mul(dz, x), dz


def neuron_batch_gradients(w, b, x, y):
    sign = 2 * y - 1
    dz = -sign * sigmoid(-sign * (w * x + b))
    return torch.einsum("n,n->", dz, x) / len(x), torch.einsum("n->", dz) / len(x)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    pre = torch.einsum("nd,dh->nh", x, w1) + b1
    h = (pre + pre.abs()) / 2
    scores = torch.einsum("nh,hc->nc", h, w2) + b2
    p = torch.exp(scores - torch.logsumexp(scores, dim=1, keepdim=True))
    classes = torch.arange(scores.shape[1], device=y.device)
    ds = (p - (classes[None, :] == y[:, None]).to(p.dtype)) / len(x)
    step = torch.heaviside(pre, torch.tensor(0.5, dtype=pre.dtype, device=pre.device))
    dpre = torch.einsum("nc,hc,nh->nh", ds, w2, step)
    return (
        torch.einsum("nd,nh->dh", x, dpre),
        torch.einsum("nh->h", dpre),
        torch.einsum("nh,nc->hc", h, ds),
        torch.einsum("nc->c", ds),
    )
