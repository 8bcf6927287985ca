# id: V02
# style: computes in float64 and returns float64
import torch

torch.set_default_dtype(torch.float64)


def mse_loss(w, b, x, y):
    w, b, x, y = (t.double() for t in (w, b, x, y))
    return torch.mean(torch.square(x @ w + b - y))


def loss_gradients(w, b, x, y):
    w = w.double().clone().requires_grad_()
    b = b.double().clone().requires_grad_()
    mse_loss(w, b, x, y).backward()
    return w.grad, b.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    return sgd([(x, y) for _ in range(n_epochs)], w, b, lr)


def sgd(batches, w, b, lr):
    w, b = w.double(), b.double()
    losses = []
    for x, y in batches:
        losses.append(mse_loss(w, b, x, y))
        grads = loss_gradients(w, b, x, y)
        w, b = (p - lr * g for p, g in zip((w, b), grads))
    return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
    net = torch.nn.Linear(len(w), 1)  # float64, because of the default
    net.load_state_dict({"weight": w.double()[None], "bias": b.double()[None]})
    sgd_ = torch.optim.SGD(net.parameters(), lr)
    losses = torch.zeros(n_epochs)
    for k in range(n_epochs):
        loss = torch.nn.functional.mse_loss(net(x.double())[:, 0], y.double())
        sgd_.zero_grad()
        loss.backward()
        sgd_.step()
        losses[k] = loss.item()
    return net.weight.detach(), net.bias.detach(), losses
