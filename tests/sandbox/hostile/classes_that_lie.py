# attack: objects that pass for modules, modules that pass for tensors, by __class__, metaclass and registration
# asset: grades
# channel: results
# beats otter: no
# expect: wrong,raised,crashed,not_implemented,missing
# place: after
# assignment: logistic_regression
from torch import nn

import abc


class Meta(type):
    def __instancecheck__(cls, thing):
        return True

    def __call__(cls, *args):
        return cls


class LogisticRegression(metaclass=Meta):
    __class__ = nn.Module

    def parameters(self=None, recurse=True):
        return [torch.zeros(1, 3), torch.zeros(1)]

    def __eq__(self, other):
        return True


class Output(float):
    __class__ = property(lambda self: torch.Tensor)


def accuracy(model, x, y):
    return Output(2)


def probabilities(model, x):
    return tuple(Output(2) for _ in x)


labels = probabilities
