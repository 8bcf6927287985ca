# id: X03
# misconception: a lambda for each batch, all of which look up x and y when called: every step uses the last batch
# fails: 3.1
# diagnosis: held back
import torch


def mse_loss(w, b, x, y):
    return torch.mean((torch.tensordot(x, w, dims=1) + b - y) ** 2)


def descend(objectives, w, b, lr):
    w = torch.tensor(w.numpy(), requires_grad=True)
    b = torch.tensor(b.item(), requires_grad=True)
    trace = []
    for objective in objectives:
        value = objective(w, b)
        dw, db = torch.autograd.grad(value, (w, b))
        with torch.no_grad():
            w.copy_(w - lr * dw)
            b.copy_(b - lr * db)
        trace.append(value.item())
    return w.detach(), b.detach(), trace


def loss_gradients(w, b, x, y):
    w, b = w.clone().requires_grad_(), b.clone().requires_grad_()
    return torch.autograd.grad(mse_loss(w, b, x, y), [w, b])


def gradient_descent(x, y, w, b, lr, n_epochs):
    objectives = [lambda w, b: mse_loss(w, b, x, y)] * n_epochs
    return descend(objectives, w, b, lr)


def sgd(batches, w, b, lr):
    objectives = []
    for x, y in batches:
        objectives.append(lambda w, b: mse_loss(w, b, x, y))
    return descend(objectives, w, b, lr)


def concise_fit(x, y, w, b, lr, n_epochs):
    net = torch.nn.utils.skip_init(torch.nn.Linear, len(w), 1)
    with torch.no_grad():
        net.weight[:] = w
        net.bias[:] = b
    opt = torch.optim.SGD(net.parameters(), lr=lr)
    trace = []
    for _ in range(n_epochs):
        value = torch.nn.functional.mse_loss(net(x).squeeze(), y)
        trace.append(value.item())
        opt.zero_grad()
        value.backward()
        opt.step()
    return net.weight.detach().squeeze(0), net.bias.detach().squeeze(0), trace
