# id: V35
# style: TensorDataset and DataLoader with one batch of all samples; squeeze() on the predictions
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def mse_loss(w, b, x, y):
    return F.mse_loss(F.linear(x, w.unsqueeze(0), b.unsqueeze(0)).squeeze(), y)


def loss_gradients(w, b, x, y):
    w_, b_ = torch.nn.Parameter(w.clone()), torch.nn.Parameter(b.clone())
    mse_loss(w_, b_, x, y).backward()
    return w_.grad, b_.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
    loader = DataLoader(TensorDataset(x, y), batch_size=len(x), shuffle=True)
    losses = []
    for _ in range(n_epochs):
        w, b, loss = sgd(list(loader), w, b, lr)
        losses.extend(loss)
    return w, b, losses


def sgd(batches, w, b, lr):
    losses = []
    for x, y in batches:
        losses.append(((x @ w + b).squeeze() - y).square().mean().item())
        dw, db = loss_gradients(w, b, x, y.squeeze() if len(y) == 1 else y)
        w, b = w - lr * dw, b - lr * db
    return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
    net = torch.nn.Linear(x.shape[1], 1)
    net.load_state_dict({"weight": w.view(1, -1), "bias": b.view(-1)})
    opt = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    net.train()
    for _ in range(n_epochs):
        for xb, yb in DataLoader(TensorDataset(x, y), batch_size=len(x)):
            opt.zero_grad()
            loss = F.mse_loss(net(xb).squeeze(), yb)
            loss.backward()
            opt.step()
            losses.append(loss.item())
    net.eval()
    return net.weight.detach().squeeze(), net.bias.detach().squeeze(), losses
