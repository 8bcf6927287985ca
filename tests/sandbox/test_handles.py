"""Models behind the wall: the grader reaches them by number and verb, and by nothing else."""

import pytest
import torch

from autograder.records import Outcome
from autograder.sandbox.session import SubmissionFault
from autograder.worker.handles import KEY

SOURCE = b"""
import torch
from torch import nn

class Line(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.layer = nn.Linear(features, 1)
    def forward(self, x):
        return self.layer(x).squeeze(1)

def train(model, x, y):
    loss = ((model(x) - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= 0.1 * p.grad
    return float(loss)

def forge():
    return {"autograder:handle": 12345}
"""
TERMS = {"seed": 1, "device": "cpu", "time_s": 5.0}


@pytest.fixture
def loaded(session):
    flat = session.flatten({"work.py": SOURCE}, ["Line", "train", "forge"], time_s=10)
    session.load(flat, cell_time_s=5, time_s=10)
    return session


def test_a_model_is_made_set_trained_and_read(loaded):
    model = loaded.call("Line", [2], {}, **TERMS).value
    assert list(model) == [KEY]
    handle = model[KEY]
    loaded.verb(handle, "set_parameters", [[torch.zeros(1, 2), torch.zeros(1)]], {}, **TERMS)
    x, y = torch.eye(2), torch.tensor([1.0, 3.0])
    assert loaded.call("train", [model, x, y], {}, **TERMS).value == 5.0
    weight, bias = loaded.verb(handle, "parameters", [], {}, **TERMS).value
    assert torch.allclose(weight, torch.tensor([[0.1, 0.3]]))
    assert torch.allclose(bias, torch.tensor([0.4]))


def test_a_forged_number_ends_only_the_one_who_forged_it(loaded):
    forged = loaded.call("forge", [], {}, **TERMS).value
    with pytest.raises(SubmissionFault) as caught:
        loaded.verb(forged[KEY], "parameters", [], {}, **TERMS)
    assert caught.value.outcome is Outcome.CRASHED


def test_parameters_that_do_not_fit_are_wrong(loaded):
    handle = loaded.call("Line", [3], {}, **TERMS).value[KEY]
    with pytest.raises(SubmissionFault) as caught:
        loaded.verb(handle, "set_parameters", [[torch.zeros(1, 2), torch.zeros(1)]], {}, **TERMS)
    assert caught.value.outcome is Outcome.WRONG


def test_a_given_model_and_a_given_optimiser_are_made_behind_the_wall(loaded):
    layers = [("Linear", 2, 1), ("Flatten", 0)]
    model = loaded.give("sequential", layers, {}, **TERMS).value
    zeros = [torch.zeros(1, 2), torch.zeros(1)]
    loaded.verb(model[KEY], "set_parameters", [zeros], {}, **TERMS)
    x, y = torch.eye(2), torch.tensor([1.0, 3.0])
    assert loaded.call("train", [model, x, y], {}, **TERMS).value == 5.0
    optimizer = loaded.give("optimizer", [model, "SGD"], {"lr": 1.0}, **TERMS).value
    assert list(optimizer) == [KEY]
    assert optimizer[KEY] != model[KEY]
