# id: V13
# style: small layer classes with forward and backward, the entry points are thin wrappers
import torch


class Layer:
    def __call__(self, *inputs):
        self.inputs = inputs
        return self.forward(*inputs)


class Linear(Layer):
    def __init__(self, weight, bias):
        self.weight = weight
        self.bias = bias

    def forward(self, x):
        return x @ self.weight + self.bias

    def backward(self, upstream):
        (x,) = self.inputs
        self.dweight = x.T @ upstream
        self.dbias = upstream.sum(0)
        return upstream @ self.weight.T


class ReLU(Layer):
    def forward(self, x):
        return x * (x > 0)

    def backward(self, upstream):
        (x,) = self.inputs
        return upstream * (x > 0)


class SoftmaxCrossEntropy(Layer):
    def forward(self, scores, labels):
        self.log_p = scores - scores.logsumexp(dim=1, keepdim=True)
        return -self.log_p[torch.arange(len(labels)), labels].mean()

    def backward(self):
        _, labels = self.inputs
        onehot = torch.zeros_like(self.log_p).scatter_(1, labels[:, None], 1.0)
        return (self.log_p.exp() - onehot) / len(labels)


class Add(Layer):
    def forward(self, x, y):
        return x + y

    def backward(self, upstream):
        return upstream, upstream


class Multiply(Layer):
    def forward(self, x, y):
        return x * y

    def backward(self, upstream):
        x, y = self.inputs
        return upstream * y, upstream * x


class SigmoidNeuron:
    """One weight, one bias; the label makes it binary cross entropy."""

    def __init__(self, w, b):
        self.w, self.b = w, b

    def gradients(self, x, y):
        dz = (self.w * x + self.b).sigmoid() - y
        return (dz * x).mean(), dz.mean()


def product_gradients(x, y, z):
    add, multiply = Add(), Multiply()
    multiply(add(x, y), z)
    dq, dz = multiply.backward(torch.tensor(1.0))
    dx, dy = add.backward(dq)
    return dx, dy, dz


def mse_gradients(a, b, x, y):
    layer = Linear(b.reshape(1, 1), a.reshape(1))
    prediction = layer(x.reshape(-1, 1))
    layer.backward(2 * (prediction - y.reshape(-1, 1)) / len(x))
    return layer.dbias, layer.dweight


def neuron_gradients(w, b, x, y):
    return SigmoidNeuron(w, b).gradients(x, y)


def neuron_batch_gradients(w, b, x, y):
    return SigmoidNeuron(w, b).gradients(x, y)


def two_layer_gradients(w1, b1, w2, b2, x, y):
    first, relu, second, loss = Linear(w1, b1), ReLU(), Linear(w2, b2), SoftmaxCrossEntropy()
    loss(second(relu(first(x))), y)
    first.backward(relu.backward(second.backward(loss.backward())))
    return first.dweight, first.dbias, second.dweight, second.dbias
