"""Which misconception is named: on real hidden calls against small catalogues."""

from types import ModuleType

import pytest
import torch
from torch import nn

from autograder.judging.diagnosis.explanation import Named, Seen
from autograder.judging.diagnosis.matching import Case, diagnose
from autograder.judging.diagnosis.misconceptions import Catalogue, Example, Misconception
from autograder.judging.diagnosis.replay import can_be_replayed, namespace, replay
from autograder.judging.student import Given, Student, Understudy
from autograder.judging.trace import Event, Recording, Trace


def reference(**functions):
    module = ModuleType("reference")
    vars(module).update(functions)
    return module


def slip(id_, **variants):
    return Misconception(id_, f"there is the slip {id_}", "What of it?", "lecture 1", variants)


def slope(w, x):
    return 2 * (w * x).sum() * x


def halved(w, x):
    return (w * x).sum() * x


def flipped(w, x):
    return -2 * (w * x).sum() * x


def asked(function, *inputs, failed=True, name="slope", test="test_a"):
    events = tuple(Event("call", name, None, args, {}, function(*args)) for args in inputs)
    return Case(test, failed, events)


def point(seed, n=4):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, generator=generator), torch.randn(n, generator=generator)


ORACLE = reference(slope=slope)
BOTH = Catalogue((slip("G01", slope=flipped), slip("L09", slope=halved)))


def test_the_variant_that_gives_the_same_numbers_is_named():
    found = diagnose([asked(halved, point(1), point(2))], ORACLE, BOTH)
    assert isinstance(found["test_a"], Named)
    assert (found["test_a"].id, found["test_a"].points) == ("L09", 2)


def test_float32_rounding_hides_no_misconception():
    def noisy(w, x):
        return halved(w, x) * (1 + 1e-5)

    assert diagnose([asked(noisy, point(1), point(2))], ORACLE, BOTH)["test_a"].id == "L09"


def test_one_number_at_one_point_names_nobody():
    single = (torch.tensor(2.0), torch.tensor(3.0))
    found = diagnose([asked(halved, single)], ORACLE, BOTH)
    assert not isinstance(found.get("test_a"), Named)


def test_a_passed_test_speaks_against_a_variant_that_would_have_failed_it():
    wrong = asked(halved, point(1), point(2))
    right = asked(slope, point(3), failed=False, test="test_b")
    found = diagnose([wrong, right], ORACLE, BOTH)
    assert isinstance(found["test_a"], Seen)
    assert "half of the right one" in found["test_a"].observation


def test_a_second_slip_in_another_test_does_not_hide_the_first():
    def neither(w, x):
        return w * 17.0

    found = diagnose(
        [asked(halved, point(1), point(2)), asked(neither, point(3), test="test_b")], ORACLE, BOTH
    )
    assert found["test_a"].id == "L09"
    assert "test_b" not in found


def test_no_match_and_no_relation_says_nothing():
    def strange(w, x):
        return torch.sin(w * 100) + x**3

    assert diagnose([asked(strange, point(1), point(2))], ORACLE, BOTH) == {}


def test_a_right_answer_is_not_diagnosed():
    assert diagnose([asked(slope, point(1), failed=False)], ORACLE, BOTH) == {}


def test_a_variant_that_raises_explains_nothing():
    def broken(w, x):
        raise RuntimeError("shapes")

    catalogue = Catalogue((slip("L15", slope=broken),))
    assert isinstance(
        diagnose([asked(halved, point(1), point(2))], ORACLE, catalogue)["test_a"], Seen
    )


def test_where_both_overflow_in_the_same_places_they_are_the_same():
    def overflowing(w, x):
        return torch.where(w > 0, torch.inf, (w * x).sum() * x)

    found = diagnose(
        [asked(overflowing, point(1), point(2))],
        ORACLE,
        Catalogue((slip("B14", slope=overflowing),)),
    )
    assert found["test_a"].id == "B14"


def test_the_example_shows_the_right_numbers_and_those_of_the_slip():
    catalogue = Catalogue(
        (slip("L09", slope=halved),),
        (
            Example(
                "slope",
                (torch.tensor([1.0, 2.0]), torch.tensor([3.0, 1.0])),
                "w = (1, 2), x = (3, 1)",
            ),
        ),
    )
    found = diagnose([asked(halved, point(1), point(2))], ORACLE, catalogue)["test_a"]
    assert (found.right, found.slip) == ("(30, 10)", "(15, 5)")


def test_a_variant_may_write_into_its_arguments_without_harm():
    def writing(w, x):
        result = halved(w, x)
        w.zero_()
        return result

    case = asked(halved, point(1), point(2))
    before = [event.args[0].clone() for event in case.events]
    assert diagnose([case], ORACLE, Catalogue((slip("A10", slope=writing),)))["test_a"].id == "A10"
    assert all(torch.equal(b, e.args[0]) for b, e in zip(before, case.events, strict=True))


# Models behind handles


class Line(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 1)

    def forward(self, x):
        return self.layer(x)[:, 0]


def descend(model, x, y, lr, steps, *, zero=True, factor=1.0):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    for _ in range(steps):
        if zero:
            optimizer.zero_grad()
        (factor * ((model(x) - y) ** 2).mean()).backward()
        optimizer.step()


def train(model, x, y):
    descend(model, x, y, 0.05, 3)


def without_zero_grad(model, x, y):
    descend(model, x, y, 0.05, 3, zero=False)


def half_loss(model, x, y):
    descend(model, x, y, 0.05, 3, factor=0.5)


MODELS = reference(Line=Line, train=train)
TRAINING = Catalogue((slip("L08", train=half_loss), slip("L01", train=without_zero_grad)))


def traced(implementation, test):
    """What a hidden test asks of an implementation, and what comes back."""
    trace = Trace()
    callee = Recording(Understudy(implementation), trace)
    test(Student(callee, "test_a"), Given(callee, "test_a"))
    return tuple(trace.events)


def from_a_secret_start(student, given):
    model = student.Line()
    model.set_parameters([torch.tensor([[0.3, -0.2, 0.5]]), torch.tensor([0.1])])
    x, y = torch.randn(8, 3, generator=torch.Generator().manual_seed(5)), torch.arange(8.0)
    student.train(model, x, y)
    model.parameters()
    model(x)


def from_its_own_start(student, given):
    model = student.Line()
    model.parameters()
    x, y = torch.randn(8, 3, generator=torch.Generator().manual_seed(5)), torch.arange(8.0)
    student.train(model, x, y)
    model.parameters()


def with_a_given_model(student, given):
    model = given.sequential(("Linear", 3, 1), ("Flatten", 0))
    model.set_parameters([torch.tensor([[0.3, -0.2, 0.5]]), torch.tensor([0.1])])
    x, y = torch.randn(8, 3, generator=torch.Generator().manual_seed(5)), torch.arange(8.0)
    student.train(model, x, y)
    model.parameters()


@pytest.mark.parametrize("test", [from_a_secret_start, from_its_own_start, with_a_given_model])
def test_a_wrong_training_is_named_by_where_it_leads(test):
    torch.manual_seed(1)
    wrong = reference(Line=Line, train=without_zero_grad)
    found = diagnose([Case("test_a", True, traced(wrong, test))], MODELS, TRAINING)
    assert found["test_a"].id == "L01"


def test_handles_of_earlier_tests_do_not_confuse_the_replay():
    torch.manual_seed(1)
    trace = Trace()
    callee = Recording(Understudy(reference(Line=Line, train=without_zero_grad)), Trace())
    Student(callee, "test_0").Line()  # object 0 belongs to an earlier test of the task
    recording = Recording(callee._callee, trace)
    from_a_secret_start(Student(recording, "test_a"), Given(recording, "test_a"))
    found = diagnose([Case("test_a", True, tuple(trace.events))], MODELS, TRAINING)
    assert found["test_a"].id == "L01"


def test_what_stands_on_a_failed_request_is_not_replayed():
    events = (Event("call", "slope", None, point(1), {}, None, failed=True),)
    assert list(replay(events, namespace(ORACLE))) == []


def test_a_request_with_millions_of_numbers_is_not_put_again():
    large = torch.zeros(1, 1).expand(3000, 1000)
    assert not can_be_replayed([Event("call", "slope", None, (large,), {})])
