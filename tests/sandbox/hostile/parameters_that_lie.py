# attack: a model that shows other parameters with every look, and others than it computes with
# asset: grades
# channel: results
# beats otter: no
# expect: wrong,raised,crashed,not_implemented
# place: after
# assignment: logistic_regression
from torch import nn

class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.layer = nn.Linear(n_features, 1)
        self.looks = 0

    def parameters(self, recurse=True):
        self.looks += 1
        return iter([torch.zeros(self.looks % 2 + 1, 7), "weight", None])

    def forward(self, x):
        return torch.zeros(len(x))
