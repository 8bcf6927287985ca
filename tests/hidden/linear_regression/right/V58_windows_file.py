# id: V58
# style: saved on Windows: byte order mark, CRLF, tabs
import torch
from torch import nn


def mse_loss(w, b, x, y):
	return ((y - (x @ w + b)) ** 2).mean()


def loss_gradients(w, b, x, y):
	w = w.clone().requires_grad_()
	b = b.clone().requires_grad_()
	mse_loss(w, b, x, y).backward()
	return w.grad, b.grad


def gradient_descent(x, y, w, b, lr, n_epochs):
	w = w.clone().requires_grad_()
	b = b.clone().requires_grad_()
	losses = []
	for epoch in range(n_epochs):
		loss = mse_loss(w, b, x, y)
		losses.append(loss.item())
		loss.backward()
		with torch.no_grad():
			w -= lr * w.grad
			b -= lr * b.grad
		w.grad.zero_()
		b.grad.zero_()
	return w.detach(), b.detach(), losses


def sgd(batches, w, b, lr):
	losses = []
	for x, y in batches:
		losses.append(mse_loss(w, b, x, y).item())
		dw, db = loss_gradients(w, b, x, y)
		w, b = w - lr * dw, b - lr * db
	return w, b, losses


def concise_fit(x, y, w, b, lr, n_epochs):
	net = nn.Sequential(nn.Linear(x.shape[1], 1))
	net[0].weight.data[:] = w
	net[0].bias.data[:] = b
	loss_fn = nn.MSELoss()
	trainer = torch.optim.SGD(net.parameters(), lr=lr)
	losses = []
	for epoch in range(n_epochs):
		l = loss_fn(net(x).squeeze(1), y)
		trainer.zero_grad()
		l.backward()
		trainer.step()
		losses.append(l.item())
	return net[0].weight.data[0], net[0].bias.data[0], losses
