# id: V44
# style: a script that trains and plots at its top level, prints in every epoch
import matplotlib.pyplot as plt
import torch
import torch.nn as nn

device = "cuda" if torch.cuda.is_available() else "cpu"
torch.manual_seed(0)


def mse_loss(w, b, x, y):
    return ((y - (x @ w + b)) ** 2).sum() / y.shape[0]


def loss_gradients(w, b, x, y):
    w = w.to(device).clone().requires_grad_()
    b = b.to(device).clone().requires_grad_()
    loss = mse_loss(w, b, x.to(device), y.to(device))
    loss.backward()
    print(w.grad)
    print(b.grad)
    return w.grad.cpu(), b.grad.cpu()


def gradient_descent(x, y, w, b, lr, n_epochs):
    losses = []
    for epoch in range(n_epochs):
        losses.append(mse_loss(w, b, x, y).item())
        print(f"epoch {epoch}: loss {losses[-1]:.3f}")
        dw, db = loss_gradients(w, b, x, y)
        w = w - lr * dw
        b = b - lr * db
    print("final", w, b)
    return w, b, losses


def sgd(batches, w, b, lr):
    losses = []
    for i, (x, y) in enumerate(batches):
        w, b, (loss,) = gradient_descent(x, y, w, b, lr, 1)
        losses.append(loss)
    return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
    net = nn.Linear(x.shape[1], 1).to(device)
    net.weight.data = w.view(1, -1).clone().to(device)
    net.bias.data = b.view(1).clone().to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    losses = []
    for epoch in range(n_epochs):
        loss = nn.MSELoss()(net(x.to(device)).squeeze(1), y.to(device))
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        print(epoch, losses[-1])
    return net.weight.detach().cpu().view(-1), net.bias.detach().cpu().view(()), losses


x = torch.randn(100, 3) + 1
y = x @ torch.tensor([1.0, -2.0, 0.5]) + 4 + 0.1 * torch.randn(100)
w, b, losses = gradient_descent(x, y, torch.zeros(3), torch.tensor(0.0), 0.05, 50)
plt.plot(losses)
plt.xlabel("epoch")
plt.show()
