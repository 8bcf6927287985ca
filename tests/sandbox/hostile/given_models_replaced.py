# attack: replace torch's own layers, optimisers and containers, so that a given model is another one
# asset: grades
# channel: memory, results
# beats otter: no
# expect: wrong,raised,crashed,not_implemented,missing
# place: after
# assignment: logistic_regression
from torch import nn

class Fake(nn.Module):
    def __init__(self, *args, **options):
        super().__init__()

    def __call__(self, *args):
        return torch.zeros(len(args[0]))

    def parameters(self, recurse=True):
        return [torch.zeros(1)]


nn.Linear = nn.Sequential = torch.optim.SGD = LogisticRegression = Fake


def train(model, x, y, lr, n_epochs):
    return [0.0] * (n_epochs + 1)
