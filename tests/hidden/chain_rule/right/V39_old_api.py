# id: V39
# style: PyTorch of 2017: Variable, .data, and autograd with a custom Function
# advice: autograd
import torch
from torch.autograd import Function, Variable


class MyReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        grad_input = grad_output.clone()
        grad_input[x < 0] = 0
        return grad_input


def product_gradients(x, y, z):
    x, y, z = [Variable(t.data.clone(), requires_grad=True) for t in (x, y, z)]
    ((x + y) * z).backward()
    return x.grad.data, y.grad.data, z.grad.data


def mse_gradients(a, b, x, y):
    a, b = [Variable(t.data.clone(), requires_grad=True) for t in (a, b)]
    (y - a - b * x).pow(2).mean().backward()
    return a.grad.data, b.grad.data


def neuron_gradients(w, b, x, y):
    return neuron_batch_gradients(w, b, x.reshape(1), y.reshape(1))


def neuron_batch_gradients(w, b, x, y):
    w, b = [Variable(t.data.clone(), requires_grad=True) for t in (w, b)]
    torch.nn.BCEWithLogitsLoss()(w * x + b, y).backward()
    return w.grad.data, b.grad.data


def two_layer_gradients(w1, b1, w2, b2, x, y):
    params = [Variable(t.data.clone(), requires_grad=True) for t in (w1, b1, w2, b2)]
    hidden = MyReLU.apply(x.mm(params[0]) + params[1])
    log_p = torch.nn.LogSoftmax(dim=1)(hidden.mm(params[2]) + params[3])
    torch.nn.NLLLoss()(log_p, y).backward()
    return [p.grad.data for p in params]
