# id: V14
# style: functional: raw parameters, drawn as nn.Linear draws its own, and F.linear
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def linear_parameters(n_in, n_out):
    weight = torch.empty(n_out, n_in)
    nn.init.kaiming_uniform_(weight, a=math.sqrt(5))
    bound = 1 / math.sqrt(n_in)
    bias = torch.empty(n_out).uniform_(-bound, bound)
    return nn.Parameter(weight), nn.Parameter(bias)


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.W1, self.b1 = linear_parameters(784, 64)
        self.W2, self.b2 = linear_parameters(64, 64)
        self.W3, self.b3 = linear_parameters(64, 64)
        self.W4, self.b4 = linear_parameters(64, 10)

    def forward(self, x):
        h = torch.clamp(F.linear(x, self.W1, self.b1), min=0)
        h = torch.clamp(F.linear(h, self.W2, self.b2), min=0)
        h = torch.clamp(F.linear(h, self.W3, self.b3), min=0)
        return F.linear(h, self.W4, self.b4)


def train_epoch(model, optimizer, batches):
    model.train()
    losses = []
    for x, y in batches:
        loss = F.cross_entropy(model(x), y)
        for group in optimizer.param_groups:
            for p in group["params"]:
                p.grad = None
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def evaluate(model, batches):
    mode = model.training
    model.eval()
    torch.set_grad_enabled(False)
    n_right = n_all = 0
    for x, y in batches:
        n_right += int(torch.count_nonzero(model(x).argmax(1) == y))
        n_all += x.size(0)
    torch.set_grad_enabled(True)
    model.train(mode)
    return n_right / n_all


def train(images, labels, *, epochs, batch_size, lr, seed):
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(list(model.parameters()), lr=lr)
    for epoch in range(epochs):
        p = torch.randperm(len(images))
        train_epoch(
            model, optimizer, list(zip(images[p].split(batch_size), labels[p].split(batch_size)))
        )
    return model
