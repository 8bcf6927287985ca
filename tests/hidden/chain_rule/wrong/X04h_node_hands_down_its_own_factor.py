# id: X04
# misconception: a product passes on to each factor the value of that same factor, not of the other one
# fails: 1.1
# diagnosis: held back
import torch


class Node:
    def __init__(self, value, parents=(), rule=None):
        self.value = value
        self.parents = parents
        self.rule = rule
        self.grad = 0.0

    def __add__(self, other):
        return Node(self.value + other.value, (self, other), lambda g: (g, g))

    def __mul__(self, other):
        left, right = self.value, other.value
        return Node(left * right, (self, other), lambda g: (g * left, g * right))

    def pull(self, upstream=1.0):
        self.grad = self.grad + upstream
        if self.rule is not None:
            for parent, message in zip(self.parents, self.rule(upstream)):
                parent.pull(message)


def product_gradients(x, y, z):
    leaves = [Node(t.item()) for t in (x, y, z)]
    ((leaves[0] + leaves[1]) * leaves[2]).pull()
    return tuple(leaf.grad for leaf in leaves)


def mse_gradients(a, b, x, y):
    pred = a + b * x
    upstream = (pred - y) * (2.0 / y.shape[0])
    return torch.sum(upstream), torch.sum(upstream * x)


def neuron_gradients(w, b, x, y):
    p = torch.special.expit(w * x + b)
    return x * (p - y), p - y


def neuron_batch_gradients(w, b, x, y):
    p = torch.special.expit(w * x + b)
    both = torch.stack((x * (p - y), p - y))
    return tuple(both.mean(dim=1))


def two_layer_gradients(w1, b1, w2, b2, x, y):
    N = y.shape[0]
    A = x.matmul(w1).add(b1)
    on = A.gt(0).float()
    h = A * on
    S = h.matmul(w2).add(b2)
    P = torch.exp(torch.log_softmax(S, 1))
    T = torch.eye(b2.shape[0])[y]
    G = (P - T) / N
    GA = G.matmul(w2.T) * on
    return x.T.matmul(GA), GA.sum(0), h.T.matmul(G), G.sum(0)
