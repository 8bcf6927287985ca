"""Handles: a model stays where it is, and a hidden test does with it what a few verbs allow."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from autograder.judging.student import Given, Handle, Student, Understudy
from autograder.records import Outcome
from autograder.sandbox.faults import SubmissionFault
from autograder.worker.handles import KEY, Handles, MisfitError


class Line(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.layer = nn.Linear(features, 1)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        return self.dropout(self.layer(x)).squeeze(1)


def step(model, x):
    model.layer.bias.data += x.sum()
    return model, 1.0


REFERENCE = SimpleNamespace(
    Line=Line, step=step, pair=lambda: (Line(2), Line(3)), same=lambda m: m, number=lambda: {KEY: 0}
)


@pytest.fixture
def student():
    return Student(Understudy(REFERENCE), "test")


def test_a_class_gives_a_handle_that_can_be_called(student):
    model = student.Line(2)
    assert isinstance(model, Handle)
    model.eval()
    model.set_parameters([torch.tensor([[1.0, 2.0]]), torch.tensor([3.0])])
    assert torch.equal(model(torch.eye(2)), torch.tensor([4.0, 5.0]))


def test_parameters_are_copies(student):
    model = student.Line(2)
    before = model.parameters()
    before[0].zero_()
    assert not torch.equal(model.parameters()[0], before[0])
    assert list(model.state_dict()) == ["layer.weight", "layer.bias"]


def test_a_state_dict_is_a_copy(student):
    model = student.Line(2)
    before = model.state_dict()
    model.set_parameters([torch.full((1, 2), 7.0), torch.full((1,), 7.0)])
    assert not torch.equal(before["layer.weight"], model.state_dict()["layer.weight"])


def test_modes_hold(student):
    model = student.Line(2)
    model.set_parameters([torch.ones(1, 2), torch.ones(1)])
    model.train()
    assert {0.0, 6.0} >= set(model(torch.ones(50, 2)).tolist())
    model.eval()
    assert set(model(torch.ones(50, 2)).tolist()) == {3.0}


def test_a_handle_as_an_argument_is_the_students_own_object(student):
    model = student.Line(2)
    model.set_parameters([torch.zeros(1, 2), torch.zeros(1)])
    changed, one = student.step(model, torch.ones(3))
    assert one == 1.0
    assert changed.number == model.number
    assert model.parameters()[1].item() == 3.0


def test_handles_within_a_tuple_are_handles(student):
    first, second = student.pair()
    assert first.parameters()[0].shape == (1, 2)
    assert second.parameters()[0].shape == (1, 3)


@pytest.mark.parametrize("values", [[], [torch.ones(2, 1), torch.ones(1)], [torch.ones(1, 2)]])
def test_parameters_that_do_not_fit_are_refused(student, values):
    with pytest.raises(MisfitError):
        student.Line(2).set_parameters(values)


def test_a_given_model_and_a_given_optimiser_live_on_the_other_side():
    callee = Understudy(SimpleNamespace(learn=learn))
    given, student = Given(callee, "test"), Student(callee, "test")
    model = given.sequential(("Linear", 2, 1), ("Dropout", 0.5), ("Identity",))
    model.set_parameters([torch.zeros(1, 2), torch.zeros(1)])
    model.eval()
    optimizer = given.optimizer(model, "SGD", lr=0.5)
    student.learn(model, optimizer, torch.ones(1, 2))
    assert [p.tolist() for p in model.parameters()] == [[[-0.5, -0.5]], [-0.5]]


def test_gradients_can_be_left_over_from_before():
    callee = Understudy(SimpleNamespace(step=lambda optimizer: optimizer.step()))
    given, student = Given(callee, "test"), Student(callee, "test")
    model = given.sequential(("Linear", 2, 1))
    model.set_parameters([torch.zeros(1, 2), torch.zeros(1)])
    given.gradients(model, 3.0)
    student.step(given.optimizer(model, "SGD", lr=1.0))
    assert [p.tolist() for p in model.parameters()] == [[[-3.0, -3.0]], [-3.0]]


def learn(model, optimizer, x):
    optimizer.zero_grad()
    model(x).sum().backward()
    optimizer.step()


def test_only_what_is_on_the_list_can_be_given():
    given = Given(Understudy(SimpleNamespace()), "test")
    with pytest.raises(KeyError):
        given.sequential(("Module",))


class Thief:
    """A process whose torch was rewritten: it gives a value where a model was to be made."""

    def give(self, test_id, name, args, kwargs):
        return 3.0


def test_a_process_that_keeps_no_given_model_is_at_fault_itself():
    with pytest.raises(SubmissionFault) as caught:
        Given(Thief(), "test").sequential(("Linear", 2, 1))
    assert caught.value.outcome is Outcome.CRASHED


def test_a_number_reaches_only_objects_that_there_are():
    handles = Handles()
    for number in (-1, 0, 2**60):
        with pytest.raises(IndexError):
            handles.shown({KEY: number})


@pytest.mark.parametrize("value", [{KEY: True}, {KEY: "0"}, {KEY: 0, "x": 1}, {"x": 0}, [KEY, 0]])
def test_what_only_looks_like_a_handle_stays_a_value(value):
    assert Handles().shown(value) == value
