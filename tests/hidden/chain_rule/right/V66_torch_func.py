# id: V66
# style: torch.func.grad and vmap over single samples
# advice: autograd
import torch
from torch.func import grad, vmap


def product_gradients(x, y, z):
    return grad(lambda x, y, z: (x + y) * z, argnums=(0, 1, 2))(x, y, z)


def mse_gradients(a, b, x, y):
    return grad(lambda a, b: ((y - a - b * x) ** 2).mean(), argnums=(0, 1))(a, b)


def _bce(w, b, x, y):
    z = w * x + b
    return torch.nn.functional.softplus(z) - y * z


def neuron_gradients(w, b, x, y):
    return grad(_bce, argnums=(0, 1))(w, b, x, y)


def neuron_batch_gradients(w, b, x, y):
    per_sample = vmap(grad(_bce, argnums=(0, 1)), in_dims=(None, None, 0, 0))(w, b, x, y)
    return tuple(g.mean() for g in per_sample)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    def loss(w1, b1, w2, b2):
        log_p = torch.log_softmax(torch.relu(x @ w1 + b1) @ w2 + b2, dim=1)
        return -log_p.gather(1, y.unsqueeze(1)).mean()

    return grad(loss, argnums=(0, 1, 2, 3))(w1, b1, w2, b2)
