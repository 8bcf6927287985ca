# id: V66
# style: torch.func: grad_and_value, vmap over the samples, functional_call on the layer
import torch
from torch.func import functional_call, grad, grad_and_value, vmap


def sample_loss(w, b, x, y):
    return (torch.dot(x, w) + b - y) ** 2


def mse_loss(w, b, x, y):
    return vmap(sample_loss, in_dims=(None, None, 0, 0))(w, b, x, y).mean()


def loss_gradients(w, b, x, y):
    per_sample = vmap(grad(sample_loss, argnums=(0, 1)), in_dims=(None, None, 0, 0))(w, b, x, y)
    return tuple(g.mean(dim=0) for g in per_sample)


def gradient_descent(x, y, w, b, lr, n_epochs):
    return sgd([(x, y)] * n_epochs, w, b, lr)


def sgd(batches, w, b, lr):
    losses = []
    for x, y in batches:
        (dw, db), loss = grad_and_value(mse_loss, argnums=(0, 1))(w, b, x, y)
        w, b = w - lr * dw, b - lr * db
        losses.append(loss)
    return w, b, torch.tensor(losses)


def concise_fit(x, y, w, b, lr, n_epochs):
    layer = torch.nn.Linear(len(w), 1)
    params = {"weight": w.unsqueeze(0), "bias": b.unsqueeze(0)}

    def loss_of(params):
        return torch.nn.functional.mse_loss(functional_call(layer, params, (x,)).squeeze(1), y)

    losses = []
    for _ in range(n_epochs):
        grads, loss = grad_and_value(loss_of)(params)
        params = {name: p - lr * grads[name] for name, p in params.items()}
        losses.append(loss.item())
    return params["weight"].squeeze(0), params["bias"].squeeze(0), losses
