# id: V11
# style: a column of ones and one vector of D + 1 parameters, split at the end
import torch


def design(x):
    return torch.cat([x, torch.ones_like(x[:, :1])], dim=1)


def join(w, b):
    return torch.hstack([w, b])


def theta_loss(theta, x, y):
    return (y - design(x) @ theta).square().mean()


def descend(batches, theta, lr):
    theta = theta.clone().requires_grad_()
    losses = []
    for x, y in batches:
        loss = theta_loss(theta, x, y)
        losses.append(float(loss))
        loss.backward()
        with torch.no_grad():
            theta.sub_(lr * theta.grad)
        theta.grad = None
    theta = theta.detach()
    return theta[:-1], theta[-1], losses


def mse_loss(w, b, x, y):
    return theta_loss(join(w, b), x, y)


def loss_gradients(w, b, x, y):
    theta = join(w, b).requires_grad_()
    theta_loss(theta, x, y).backward()
    return theta.grad[:-1], theta.grad[-1:]


def gradient_descent(x, y, w, b, lr, n_epochs):
    return descend([(x, y)] * n_epochs, join(w, b), lr)


def sgd(batches, w, b, lr):
    return descend(batches, join(w, b), lr)


def concise_fit(x, y, w, b, lr, n_epochs):
    net = torch.nn.Linear(x.shape[1] + 1, 1, bias=False)  # the ones carry the bias
    with torch.no_grad():
        net.weight[:] = join(w, b)
    opt = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for _ in range(n_epochs):
        loss = torch.nn.functional.mse_loss(net(design(x)).ravel(), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    theta = net.weight.detach().ravel()
    return theta[:-1], theta[-1], losses
