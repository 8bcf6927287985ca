# id: G03
# misconception: the slope of w x with respect to w is taken as 1: the weight gets the gradient of the bias
# fails: 3.1 3.2
# diagnosis: held back
import numpy as np
import torch


class Neuron:
    """Remembers what it saw on the way forward, so that backward() can use it."""

    def forward(self, weight, bias, inp):
        self.inp = inp
        self.out = 1.0 / (1.0 + np.exp(-(weight * inp + bias)))
        return self.out

    def backward(self, label):
        grad_out = (self.out - label) / (self.out * (1.0 - self.out))
        grad_pre = grad_out * self.out * (1.0 - self.out)
        grad_bias = np.mean(grad_pre)
        # pre = weight * inp + bias is linear in the weight, its slope is one
        grad_weight = np.mean(grad_pre * 1.0)
        return grad_weight, grad_bias


def as_double(*tensors):
    return [t.detach().numpy().astype(np.float64) for t in tensors]


def product_gradients(x, y, z):
    x, y, z = as_double(x, y, z)
    return z, z, x + y


def mse_gradients(a, b, x, y):
    a, b, x, y = as_double(a, b, x, y)
    residual = a + b * x - y
    return 2 * np.mean(residual), 2 * np.mean(residual * x)


def neuron_gradients(w, b, x, y):
    w, b, x, y = as_double(w, b, x, y)
    cell = Neuron()
    cell.forward(w, b, x)
    return cell.backward(y)


def neuron_batch_gradients(w, b, x, y):
    return neuron_gradients(w, b, x, y)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    target = y.numpy()
    w1, b1, w2, b2, x = as_double(w1, b1, w2, b2, x)
    a = x.dot(w1) + b1
    h = np.where(a > 0, a, 0.0)
    s = h.dot(w2) + b2
    s = s - np.max(s, axis=1, keepdims=True)
    p = np.exp(s)
    p /= np.sum(p, axis=1, keepdims=True)
    p[np.arange(len(target)), target] -= 1.0
    p /= len(target)
    back = p.dot(w2.T)
    back[a <= 0] = 0.0
    return tuple(torch.from_numpy(g) for g in (x.T.dot(back), back.sum(0), h.T.dot(p), p.sum(0)))
