# attack: parameters that share one memory, refuse to be written, or are written elsewhere
# asset: grades
# channel: results
# beats otter: no
# expect: wrong,raised,crashed,not_implemented
# place: after
# assignment: logistic_regression
from torch import nn

class Deaf(nn.Parameter):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function is torch.Tensor.copy_:
            return args[0]
        return super().__torch_function__(function, types, args, kwargs or {})


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        shared = torch.zeros(n_features)
        self.weight = Deaf(shared.expand(1, n_features), requires_grad=False)
        self.bias = Deaf(shared[:2], requires_grad=False)

    def forward(self, x):
        return torch.zeros(len(x)) + self.bias
