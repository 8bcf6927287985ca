# id: L08b
# misconception: writes the gradient as X^T (X w - y) / N, which is the one of half the mean squared error
# fails: 1.2 2.1 3.1
# diagnosis: held back
import numpy as np
import torch


def n64(t):
    return t.detach().cpu().numpy().astype(np.float64)


class Line:
    def __init__(self, w, b):
        self.w, self.b = n64(w).copy(), float(b)

    def errors(self, X, Y):
        return X.dot(self.w) + self.b - Y

    def loss(self, X, Y):
        return float(np.mean(self.errors(X, Y) ** 2))

    def grad(self, X, Y):
        E = self.errors(X, Y)
        return X.T.dot(E) / len(Y), E.sum() / len(Y)

    def move(self, X, Y, rate):
        gw, gb = self.grad(X, Y)
        self.w -= rate * gw
        self.b -= rate * gb

    def result(self):
        return torch.as_tensor(self.w), torch.as_tensor(self.b)


def mse_loss(w, b, x, y):
    return Line(w, b).loss(n64(x), n64(y))


def loss_gradients(w, b, x, y):
    return Line(w, b).grad(n64(x), n64(y))


def gradient_descent(x, y, w, b, lr, n_epochs):
    line, X, Y, out = Line(w, b), n64(x), n64(y), []
    for _ in range(n_epochs):
        out.append(line.loss(X, Y))
        line.move(X, Y, lr)
    return (*line.result(), out)


def sgd(batches, w, b, lr):
    line, out = Line(w, b), []
    for x, y in batches:
        out.append(line.loss(n64(x), n64(y)))
        line.move(n64(x), n64(y), lr)
    return (*line.result(), out)


def concise_fit(x, y, w, b, lr, n_epochs):
    model = torch.nn.Sequential(torch.nn.Linear(x.size(1), 1), torch.nn.Flatten(0))
    with torch.no_grad():
        for param, start in zip(model.parameters(), (w, b)):
            param.copy_(start.reshape(param.shape))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    loss_fn = torch.nn.MSELoss()
    out = []
    for _ in range(n_epochs):
        loss = loss_fn(model(x), y)
        out.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model[0].weight.data.flatten(), model[0].bias.data.squeeze(), out
