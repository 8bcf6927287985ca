# attack: train(), eval(), copying, deleting and pickling a model run code, raise and end the process
# asset: grades
# channel: results
# beats otter: no
# expect: wrong,raised,crashed,not_implemented,timed_out
# place: after
# assignment: logistic_regression
from torch import nn

import os


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.layer = nn.Linear(n_features, 2)

    def train(self, mode=True):
        os._exit(0)

    def eval(self):
        raise SystemExit

    def __call__(self, *args):
        raise KeyboardInterrupt

    def __del__(self):
        os._exit(0)

    def __reduce__(self):
        return os.system, ("touch @COURSE@/ESCAPED",)

    def __deepcopy__(self, memo):
        raise GeneratorExit
