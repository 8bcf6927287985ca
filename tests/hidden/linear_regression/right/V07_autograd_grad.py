# id: V07
# style: torch.autograd.grad everywhere, no .grad buffer at all
import torch


def mse_loss(w, b, x, y):
    return (x.matmul(w).add(b).sub(y)).pow(2).mean()


def loss_gradients(w, b, x, y):
    leaves = [p.detach().requires_grad_() for p in (w, b)]
    return torch.autograd.grad(mse_loss(*leaves, x, y), leaves)


def gradient_descent(x, y, w, b, lr, n_epochs):
    w, b = w.detach().requires_grad_(), b.detach().requires_grad_()
    losses = []
    for _ in range(n_epochs):
        loss = mse_loss(w, b, x, y)
        dw, db = torch.autograd.grad(loss, (w, b))
        w, b = (w - lr * dw).detach().requires_grad_(), (b - lr * db).detach().requires_grad_()
        losses.append(loss.detach())
    return [w, b, losses]


def sgd(batches, w, b, lr):
    params = [w, b]
    losses = []
    for batch in batches:
        params = [p.detach().requires_grad_() for p in params]
        loss = mse_loss(*params, *batch)
        params = [p - lr * g for p, g in zip(params, torch.autograd.grad(loss, params))]
        losses.append(loss)
    return (*params, losses)


def concise_fit(x, y, w, b, lr, n_epochs):
    layer = torch.nn.Linear(w.numel(), 1)
    torch.nn.utils.vector_to_parameters(torch.cat([w, b.reshape(1)]), layer.parameters())
    optimizer = torch.optim.SGD(layer.parameters(), lr=lr)
    losses = []
    for _ in range(n_epochs):
        loss = torch.nn.functional.mse_loss(layer(x), y.reshape(-1, 1))
        for p, g in zip(layer.parameters(), torch.autograd.grad(loss, list(layer.parameters()))):
            p.grad = g
        optimizer.step()
        losses.append(loss)
    return layer.weight.flatten(), layer.bias.squeeze(), losses
