# attack: a model whose parameters never end, and whose state grows with every look
# asset: time of others, machine
# channel: results
# beats otter: no
# expect: timed_out,out_of_memory,crashed,wrong,raised,not_implemented
# place: after
# assignment: logistic_regression
from torch import nn

class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.layer = nn.Linear(n_features, 1)

    def parameters(self, recurse=True):
        while True:
            yield torch.zeros(1000)

    def state_dict(self, *args, **kwargs):
        return {str(n): torch.zeros(1) for n in range(10**6)}
