# id: X01
# misconception: the loss is the length of the error vector divided by N: the square is missing
# fails: 1.1
# diagnosis: held back
import torch
from torch import nn, optim
from torch.linalg import vector_norm


def mse_loss(w, b, x, y):
    return vector_norm(y - (x * w).sum(dim=1) - b) / y.shape[0]


def loss_gradients(w, b, x, y):
    w, b = (nn.Parameter(p.clone()) for p in (w, b))
    criterion = nn.MSELoss()
    criterion((x * w).sum(dim=1) + b, y).backward()
    return w.grad, b.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    return run(n_epochs * [(x, y)], w, b, lr)


def run(pairs, w, b, lr):
    params = nn.ParameterDict({"w": nn.Parameter(w.clone()), "b": nn.Parameter(b.clone())})
    optimizer, criterion, losses = optim.SGD(params.values(), lr=lr), nn.MSELoss(), []
    for x, y in pairs:
        optimizer.zero_grad()
        loss = criterion((x * params["w"]).sum(dim=1) + params["b"], y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return params["w"].data, params["b"].data, losses


def sgd(batches, w, b, lr):
    return run(batches, w, b, lr)


def concise_fit(x, y, w, b, lr, n_epochs):
    linear = nn.Linear(x.shape[1], 1)
    linear.weight.data.copy_(w[None, :])
    linear.bias.data.fill_(b.item())
    optimizer, criterion, losses = optim.SGD(linear.parameters(), lr=lr), nn.MSELoss(), []
    for _ in range(n_epochs):
        optimizer.zero_grad()
        loss = criterion(linear(x), y[:, None])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return linear.weight.data, linear.bias.data, losses
