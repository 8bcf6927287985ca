"""Lena's answers. The three rules that I use everywhere are in rules.py."""

from rules import linear_backward, relu_backward, softmax_loss_backward

import torch


def product_gradients(x, y, z):
    return z, z, x + y


def mse_gradients(a, b, x, y):
    """The line is a linear layer with one input, so the same rule does it."""
    prediction = a + b * x
    d_prediction = 2 * (prediction - y)[:, None] / len(x)
    _, d_weight, d_bias = linear_backward(d_prediction, x[:, None], b.reshape(1, 1))
    return d_bias, d_weight  # intercept first


def neuron_gradients(w, b, x, y):
    dw, db = neuron_batch_gradients(w, b, x.reshape(1), y.reshape(1))
    return dw, db


def neuron_batch_gradients(w, b, x, y):
    d_z = (torch.sigmoid(w * x + b) - y)[:, None] / len(x)
    _, d_weight, d_bias = linear_backward(d_z, x[:, None], w.reshape(1, 1))
    return d_weight, d_bias


def two_layer_gradients(w1, b1, w2, b2, x, y):
    pre = x @ w1 + b1
    hidden = pre.clamp(min=0)
    d_scores = softmax_loss_backward(hidden @ w2 + b2, y)
    d_hidden, dw2, db2 = linear_backward(d_scores, hidden, w2)
    _, dw1, db1 = linear_backward(relu_backward(d_hidden, pre), x, w1)
    return dw1, db1, dw2, db2
