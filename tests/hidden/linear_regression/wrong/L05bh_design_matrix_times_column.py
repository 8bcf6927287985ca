# id: L05b
# misconception: the predictions of the design matrix are a column, the targets are flat: N x N errors
# fails: 1.1 1.2 2.1 3.1
# diagnosis: held back
import torch
from torch.nn.functional import pad


def pack(w, b):
    """All parameters as one column; the last one belongs to the column of ones."""
    return torch.cat((w.flatten(), b.flatten())).unsqueeze(1)


def unpack(theta):
    return theta[:-1].flatten(), theta[-1, 0]


def cost(theta, x, y):
    with_ones = pad(x, (0, 1), value=1.0)
    return torch.mean(torch.square(y - torch.mm(with_ones, theta)))


def slope(theta, x, y):
    theta = theta.detach().requires_grad_(True)
    value = cost(theta, x, y)
    (g,) = torch.autograd.grad(value, theta)
    return value.item(), g


def mse_loss(w, b, x, y):
    return cost(pack(w, b), x, y)


def loss_gradients(w, b, x, y):
    _, g = slope(pack(w, b), x, y)
    return unpack(g)


def gradient_descent(x, y, w, b, lr, n_epochs):
    return sgd([(x, y) for _ in range(n_epochs)], w, b, lr)


def sgd(batches, w, b, lr):
    theta, curve = pack(w, b), []
    for x, y in batches:
        value, g = slope(theta, x, y)
        curve.append(value)
        theta = theta - lr * g
    return (*unpack(theta), curve)


def concise_fit(x, y, w, b, lr, n_epochs):
    lin = torch.nn.Linear(w.numel(), 1)
    lin.load_state_dict({"weight": w.reshape(1, -1), "bias": b.reshape(1)})
    sgd_step = torch.optim.SGD(lin.parameters(), lr)
    curve = []
    while len(curve) < n_epochs:
        sgd_step.zero_grad()
        value = torch.mean(torch.square(y - lin(x)[:, 0]))
        curve.append(value.detach())
        value.backward()
        sgd_step.step()
    return lin.weight[0].detach(), lin.bias[0].detach(), curve
