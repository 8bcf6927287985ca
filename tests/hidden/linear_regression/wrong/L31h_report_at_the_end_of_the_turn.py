# id: L31
# misconception: measures the loss of an epoch behind its step
# fails: 2.1 4.1
# diagnosis: held back
import torch


def mse_loss(w, b, x, y):
    residual = y - x.matmul(w) - b
    return residual.dot(residual) / len(residual)


def loss_gradients(w, b, x, y):
    residual = y - x.matmul(w) - b
    return residual.matmul(x) * (-2 / len(y)), residual.mean() * -2


def walk(w, b, x, y, lr):
    """Yields the parameters after 1, 2, 3, ... steps."""
    while True:
        gw, gb = loss_gradients(w, b, x, y)
        w, b = w - lr * gw, b - lr * gb
        yield w, b


def gradient_descent(x, y, w, b, lr, n_epochs):
    report = []
    for (w, b), _ in zip(walk(w, b, x, y, lr), range(n_epochs)):
        report += [mse_loss(w, b, x, y).item()]
    return w, b, report


def sgd(batches, w, b, lr):
    report = []
    for x, y in batches:
        report += [mse_loss(w, b, x, y).item()]
        w, b = next(walk(w, b, x, y, lr))
    return w, b, report


def concise_fit(x, y, w, b, lr, n_epochs):
    net = torch.nn.Linear(w.nelement(), 1)
    torch.nn.init.zeros_(net.bias)
    torch.nn.init.zeros_(net.weight)
    with torch.no_grad():
        net.weight += w
        net.bias += b
    solver = torch.optim.SGD(net.parameters(), lr=lr)
    measure = torch.nn.MSELoss()

    def closure():
        solver.zero_grad()
        miss = measure(net(x)[:, 0], y)
        miss.backward()
        return miss

    report = []
    for _ in range(n_epochs):
        solver.step(closure)
        with torch.no_grad():
            report.append(measure(net(x)[:, 0], y).item())
    return net.weight.detach()[0], net.bias.detach()[0], report
