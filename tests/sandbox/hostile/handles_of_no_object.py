# attack: models that are numbers: negative, endless, true, of other tasks, and one that answers for all
# asset: grades, other submissions
# channel: results
# beats otter: no
# expect: wrong,raised,crashed,not_implemented
# place: after
# assignment: logistic_regression
from torch import nn

KEY = "autograder:handle"
NUMBERS = [0, -1, 2**62, 10**6, 1]


def LogisticRegression(n_features):
    return {KEY: NUMBERS[torch.initial_seed() % len(NUMBERS)]}


def probabilities(model, x):
    return {KEY: 0}


labels = train = probabilities
