# attack: parameters that are texts, numbers, lists, handles, complex, empty, infinite, of thirty dimensions
# asset: grades
# channel: results
# beats otter: no
# expect: wrong,raised,crashed,not_implemented
# place: after
# assignment: logistic_regression
from torch import nn

KINDS = [
    "parameters", 7, None, [], [[0.5]], [torch.zeros(0)], [torch.tensor(float("nan"))] * 2, [torch.zeros(2, dtype=torch.complex64)],
    {"autograder:handle": 0}, [{"autograder:handle": 0}], [torch.zeros([1] * 9)], torch.zeros(3), [True, False], [10**400],
]


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.turn = 0

    def parameters(self, recurse=True):
        self.turn += 1
        return KINDS[(torch.initial_seed() + self.turn) % len(KINDS)]

    state_dict = parameters

    def forward(self, x):
        return self.parameters()
