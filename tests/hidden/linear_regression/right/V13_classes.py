# id: V13
# style: a class does the work, the functions are one line each
import torch
from torch import nn


class LinearRegression:
    """Parameters, and how they move."""

    def __init__(self, w, b, lr=0.0):
        self.w = w.clone().requires_grad_()
        self.b = b.clone().requires_grad_()
        self.lr = lr
        self.losses = []

    def __call__(self, x):
        return x @ self.w + self.b

    def loss(self, x, y):
        return ((self(x) - y) ** 2).mean()

    def backward(self, x, y):
        self.w.grad = self.b.grad = None
        loss = self.loss(x, y)
        loss.backward()
        return loss

    @torch.no_grad()
    def step(self):
        self.w -= self.lr * self.w.grad
        self.b -= self.lr * self.b.grad

    def fit(self, batches):
        for x, y in batches:
            self.losses.append(self.backward(x, y).item())
            self.step()
        return self

    @property
    def result(self):
        return self.w.detach(), self.b.detach(), self.losses


class Layer(nn.Module):
    def __init__(self, w, b):
        super().__init__()
        self.linear = nn.Linear(len(w), 1)
        self.linear.weight.data.copy_(w)
        self.linear.bias.data.fill_(b.item())

    def forward(self, x):
        return self.linear(x).squeeze(-1)


def mse_loss(w, b, x, y):
    return LinearRegression(w, b).loss(x, y)


def loss_gradients(w, b, x, y):
    model = LinearRegression(w, b)
    model.backward(x, y)
    return model.w.grad, model.b.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    return LinearRegression(w, b, lr).fit([(x, y)] * n_epochs).result


def sgd(batches, w, b, lr):
    return LinearRegression(w, b, lr).fit(batches).result


def concise_fit(x, y, w, b, lr, n_epochs):
    net, losses = Layer(w, b), []
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(n_epochs):
        loss = nn.functional.mse_loss(net(x), y)
        net.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return net.linear.weight.data, net.linear.bias.data, losses
