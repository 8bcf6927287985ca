# attack: report a failure of another kind from a verb: unreadable, misfit, not implemented, with free text and numbers
# asset: grades, tests
# channel: wire, feedback
# beats otter: no
# expect: wrong,crashed,not_implemented,raised,missing
# place: after
# unseen: LEAKED
# assignment: logistic_regression
from torch import nn

from autograder.worker import wire

real_send = wire.send
KINDS = ["unreadable", "misfit", "missing", "not_implemented", "unsendable", "signature", "passed", "graded"]


class LogisticRegression(nn.Module):
    def forward(self, x):
        raise ValueError


def send(channel, frame, deadline):
    if "error" in frame:
        kind = KINDS[frame["id"] % len(KINDS)]
        frame["error"].update(kind=kind, type="LEAKED", text="LEAKED", cell=0, line=1)
    real_send(channel, frame, deadline)


wire.send = send
