# id: V02
# style: computes in float64 and returns float64
import torch

torch.set_default_dtype(torch.float64)


def product_gradients(x, y, z):
    return z.double(), z.double(), x.double() + y.double()


def mse_gradients(a, b, x, y):
    a, b, x, y = a.double(), b.double(), x.double(), y.double()
    residual = a + b * x - y
    return 2 * torch.mean(residual), 2 * torch.mean(residual * x)


def neuron_gradients(w, b, x, y):
    w, b, x, y = (t.to(torch.float64) for t in (w, b, x, y))
    delta = torch.sigmoid(w * x + b) - y
    return delta * x, delta


def neuron_batch_gradients(w, b, x, y):
    w, b, x, y = (t.to(torch.float64) for t in (w, b, x, y))
    delta = torch.sigmoid(w * x + b) - y
    return torch.dot(delta, x) / x.numel(), delta.sum() / x.numel()


def two_layer_gradients(w1, b1, w2, b2, x, y):
    w1, b1, w2, b2, x = (t.to(torch.float64) for t in (w1, b1, w2, b2, x))
    hidden = torch.relu(x @ w1 + b1)
    scores = hidden @ w2 + b2
    delta = torch.softmax(scores, 1) - torch.eye(scores.shape[1])[y]
    delta /= x.shape[0]
    delta_hidden = (delta @ w2.T) * (hidden > 0).double()
    return x.T @ delta_hidden, delta_hidden.sum(0), hidden.T @ delta, delta.sum(0)
