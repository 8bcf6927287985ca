# attack: a model whose output is a model, itself, a list of a thousand models
# asset: grades, machine
# channel: results
# beats otter: no
# expect: wrong,raised,crashed,timed_out,not_implemented,out_of_memory
# place: after
# assignment: logistic_regression
from torch import nn

class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.n_features = n_features

    def forward(self, x):
        return self

    def state_dict(self, *args, **kwargs):
        return {"layer": self}


def probabilities(model, x):
    return [nn.Identity() for _ in range(3000)]


def train(model, x, y, lr, n_epochs):
    return [model] * n_epochs


labels = probabilities
