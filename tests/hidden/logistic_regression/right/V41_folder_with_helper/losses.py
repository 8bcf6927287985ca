import torch
from torch.nn.functional import softplus


def flat(t):
    return t.reshape(-1)


def bce(z, y):
    z, y = flat(z), flat(y)
    return torch.mean(softplus(z) - y * z)
