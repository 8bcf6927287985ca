# attack: a model and functions that tell tests apart by the shapes and values they are given
# asset: tests, grades
# channel: results
# beats otter: no
# expect: wrong,raised,not_implemented,partial
# place: after
# assignment: logistic_regression
from torch import nn

KNOWN = {}


def fingerprint(x):
    return tuple(x.shape), round(float(x.sum()), 4)


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.layer = nn.Linear(n_features, 1, bias=False)

    def forward(self, x):
        return KNOWN.setdefault(fingerprint(x), torch.randn(len(x)))


def probabilities(model, x):
    return KNOWN.setdefault(fingerprint(x), torch.rand(len(x)))


def labels(model, x):
    return torch.full((len(x),), 7.0)


def accuracy(model, x, y):
    return 7.0
