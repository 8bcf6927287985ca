# id: V17
# style: the old API: Variable, .data, .data[...], zeroing through .grad.data
import torch
from torch.autograd import Variable


def mse_loss(w, b, x, y):
    return torch.nn.MSELoss(reduction="mean")(torch.mv(x, w) + b, y)


def loss_gradients(w, b, x, y):
    w = Variable(w.data.clone(), requires_grad=True)
    b = Variable(b.data.clone(), requires_grad=True)
    mse_loss(w, b, Variable(x), Variable(y)).backward()
    return w.grad.data, b.grad.data


def gradient_descent(x, y, w, b, lr, n_epochs):
    w = Variable(w.data.clone(), requires_grad=True)
    b = Variable(b.data.clone(), requires_grad=True)
    losses = []
    for epoch in range(n_epochs):
        loss = mse_loss(w, b, x, y)
        losses.append(loss.data)
        loss.backward()
        w.data -= lr * w.grad.data
        b.data = b.data - lr * b.grad.data
        w.grad.data.zero_()
        b.grad.data.zero_()
    return w.data, b.data, losses


def sgd(batches, w, b, lr):
    w = Variable(w.data.clone(), requires_grad=True)
    b = Variable(b.data.clone(), requires_grad=True)
    losses = []
    for (x, y) in batches:
        if w.grad is not None:
            w.grad.data.zero_()
            b.grad.data.zero_()
        loss = mse_loss(w, b, x, y)
        loss.backward()
        w.data.add_(w.grad.data, alpha=-lr)
        b.data.add_(b.grad.data, alpha=-lr)
        losses.append(loss.data.numpy())
    return w.data.numpy(), b.data.numpy(), losses


def concise_fit(x, y, w, b, lr, n_epochs):
    model = torch.nn.Linear(x.size()[1], 1)
    model.weight.data = w.data.clone().view(1, -1)
    model.bias.data = b.data.clone().view(1)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = torch.nn.MSELoss()
    losses = []
    for epoch in range(n_epochs):
        out = model(Variable(x))
        loss = criterion(out, Variable(y).view(-1, 1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.data.item())
    return model.weight.data.numpy(), model.bias.data.numpy(), losses
