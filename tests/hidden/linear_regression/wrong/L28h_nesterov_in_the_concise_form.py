# id: L28
# misconception: the optimiser of the concise form runs with Nesterov momentum
# fails: 4.1
# diagnosis: held back
import torch
import torch.nn as nn
import torch.optim as optim

SETTINGS = dict(momentum=0.9, nesterov=True)  # converges a lot faster


class LinReg(nn.Module):
    def __init__(self, w, b):
        super().__init__()
        self.fc = nn.Linear(len(w), 1)
        self.fc.weight = nn.Parameter(w.detach().clone().unsqueeze(0))
        self.fc.bias = nn.Parameter(b.detach().clone().unsqueeze(0))

    def forward(self, x):
        return self.fc(x).squeeze(-1)


def mse_loss(w, b, x, y):
    return ((torch.mv(x, w) + b - y) ** 2).sum() / y.numel()


def loss_gradients(w, b, x, y):
    return torch.func.grad(mse_loss, argnums=(0, 1))(w, b, x, y)


def gradient_descent(x, y, w, b, lr, n_epochs):
    value_and_grad = torch.func.grad_and_value(mse_loss, argnums=(0, 1))
    losses = torch.zeros(n_epochs)
    for k in range(n_epochs):
        (dw, db), losses[k] = value_and_grad(w, b, x, y)
        w, b = w - lr * dw, b - lr * db
    return w, b, losses


def sgd(batches, w, b, lr):
    history = []
    for x, y in batches:
        w, b, first = gradient_descent(x, y, w, b, lr, 1)
        history.extend(first.tolist())
    return w, b, history


def concise_fit(x, y, w, b, lr, n_epochs):
    model = LinReg(w, b)
    criterion = nn.MSELoss(reduction="mean")
    optimizer = optim.SGD(model.parameters(), lr=lr, **SETTINGS)
    history = []
    for epoch in range(n_epochs):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return model.fc.weight.detach().flatten(), model.fc.bias.detach().flatten(), history
