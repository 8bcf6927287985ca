# id: V58
# style: saved on Windows: byte order mark, CRLF line ends, tabs
import torch


def product_gradients(x, y, z):
	return (z, z, x + y)


def mse_gradients(a, b, x, y):
	n = len(x)
	y_hat = a + b * x
	da = (-2 / n) * (y - y_hat).sum()
	db = (-2 / n) * (x * (y - y_hat)).sum()
	return (da, db)


def neuron_gradients(w, b, x, y):
	z = w * x + b
	a = 1 / (1 + torch.exp(-z))
	dLda = (a - y) / (a * (1 - a))
	dadz = a * (1 - a)
	return (dLda * dadz * x, dLda * dadz)


def neuron_batch_gradients(w, b, x, y):
	dw, db = neuron_gradients(w, b, x, y)
	return (dw.mean(), db.mean())


def two_layer_gradients(w1, b1, w2, b2, x, y):
	N = x.shape[0]
	z1 = torch.mm(x, w1) + b1
	h1 = z1.clone()
	h1[h1 < 0] = 0
	z2 = torch.mm(h1, w2) + b2
	p = torch.softmax(z2, dim=1)
	for i in range(N):
		p[i, y[i]] = p[i, y[i]] - 1
	dz2 = p / N
	dz1 = torch.mm(dz2, w2.t())
	dz1[z1 < 0] = 0
	return (torch.mm(x.t(), dz1), dz1.sum(dim=0), torch.mm(h1.t(), dz2), dz2.sum(dim=0))
