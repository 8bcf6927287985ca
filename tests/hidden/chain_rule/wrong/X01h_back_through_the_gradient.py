# id: X01
# misconception: goes back to the hidden units through dW2, the gradient of the weights, instead of W2
# fails: 4.1
# diagnosis: held back
import numpy as np
import torch


class Affine:
    def __init__(self, weights, biases):
        self.weights, self.biases = weights, biases

    def forward(self, inputs):
        self.inputs = inputs
        return inputs @ self.weights + self.biases

    def backward(self, upstream):
        self.dbiases = np.add.reduce(upstream, axis=0)
        self.dweights = self.inputs.T @ upstream
        return upstream @ self.dweights.T


class Rectifier:
    def forward(self, inputs):
        self.open = inputs > 0
        return inputs * self.open

    def backward(self, upstream):
        return upstream * self.open


class SoftmaxCrossEntropy:
    def __init__(self, target):
        self.target = target

    def forward(self, scores):
        lse = np.log(np.exp(scores - scores.max(1, keepdims=True)).sum(1, keepdims=True))
        self.p = np.exp(scores - scores.max(1, keepdims=True) - lse)

    def backward(self):
        g = self.p.copy()
        g[range(len(g)), self.target] -= 1
        return g / len(g)


def product_gradients(x, y, z):
    x, y, z = float(x), float(y), float(z)
    return z, z, x + y


def mse_gradients(a, b, x, y):
    x, y = x.double().numpy(), y.double().numpy()
    d = 2 / len(x) * (a.item() + b.item() * x - y)
    return d.sum(), d @ x


def neuron_gradients(w, b, x, y):
    p = 1 / (1 + np.exp(-(w.item() * x.item() + b.item())))
    return (p - y.item()) * x.item(), p - y.item()


def neuron_batch_gradients(w, b, x, y):
    pairs = np.array([neuron_gradients(w, b, xi, yi) for xi, yi in zip(x, y)])
    return tuple(pairs.mean(axis=0))


def two_layer_gradients(w1, b1, w2, b2, x, y):
    first = Affine(w1.double().numpy(), b1.double().numpy())
    second = Affine(w2.double().numpy(), b2.double().numpy())
    relu, loss = Rectifier(), SoftmaxCrossEntropy(y.numpy())
    loss.forward(second.forward(relu.forward(first.forward(x.double().numpy()))))
    first.backward(relu.backward(second.backward(loss.backward())))
    found = first.dweights, first.dbiases, second.dweights, second.dbiases
    return [torch.tensor(g) for g in found]
