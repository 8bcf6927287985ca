"""Public checks of "An MLP on MNIST": what a student may see before handing in.

They know the formulas of the handout and a few fixed numbers, and use small steps in float64 for
the gradient. They need no data set. They know nothing of the hidden tests: those draw new models,
batches, optimisers and seeds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

RELATIVE_TOLERANCE = 1e-3  # float32 results against formulas and small steps in float64
ABSOLUTE_TOLERANCE = 1e-5

SHAPES = [(64, 784), (64,), (64, 64), (64,), (64, 64), (64,), (10, 64), (10,)]

# One small problem for train_epoch: a single linear layer that sees three bright pixels, whose
# weights are told by a formula, and four images in two batches, the second of one image.
BRIGHT = [100, 300, 500]
IMAGES = [[0.9, 0.2, 0.5], [0.1, 0.8, 0.6], [0.7, 0.7, 0.0], [0.3, 0.4, 1.0]]
DIGITS = [3, 0, 7, 3]
BATCHES = [(0, 3), (3, 4)]


# The formulas, in the words of the handout: on plain floats, so in float64.


def small_weights() -> list[float]:
    """Three weights and a bias for each digit, one digit after the other."""
    return [math.sin(1.0 + 2.0 * number) for number in range(4 * 10)]


def loss_of(weights: Sequence[float], first: int, end: int) -> float:
    """Mean of -ln p(y | x) over the images of one batch."""
    terms = []
    for image, digit in zip(IMAGES[first:end], DIGITS[first:end], strict=True):
        z = []
        for k in range(10):
            *pixels, bias = weights[4 * k : 4 * k + 4]
            z.append(bias + sum(w * value for w, value in zip(pixels, image, strict=True)))
        terms.append(-math.log(math.exp(z[digit]) / sum(map(math.exp, z))))
    return sum(terms) / len(terms)


def slopes_of(weights: Sequence[float], first: int, end: int) -> list[float]:
    """Slope of the loss along each weight, by small steps: (loss(+h) - loss(-h)) / 2h."""
    step = 1e-5
    slopes = []
    for moved in range(len(weights)):
        losses = []
        for direction in (1, -1):
            there = list(weights)
            there[moved] += direction * step
            losses.append(loss_of(there, first, end))
        slopes.append((losses[0] - losses[1]) / (2 * step))
    return slopes


def outputs_of(parameters: Sequence[Tensor], x: Tensor) -> Tensor:
    """The logits of the network of task 1.1, in float64."""
    value = x.double()
    for number in range(0, len(parameters), 2):
        weight, bias = parameters[number].double(), parameters[number + 1].double()
        value = torch.einsum("ni,oi->no", value, weight) + bias
        if number + 2 < len(parameters):
            value = torch.where(value > 0, value, 0.0)
    return value


# What comes back from a student's function may be tensors, arrays, floats, lists: all are welcome.


def _float64(call: str, value: Any) -> Tensor:
    assert value is not None, (
        f"{call} gave back nothing (None). "
        "Does your function print the result where it should return it?"
    )
    try:
        if isinstance(value, list | tuple):
            value = [float(entry) for entry in value]
        return torch.as_tensor(value).detach().to(device="cpu", dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError) as error:
        raise AssertionError(
            f"{call} gave back a {type(value).__name__} that cannot be read as numbers ({error}). "
            "What did you want to return?"
        ) from error


def _assert_same(call: str, returned: Any, expected: Any, question: str) -> None:
    """Sizes first, because tensors broadcast silently; then every value."""
    actual, wanted = _float64(call, returned), torch.as_tensor(expected, dtype=torch.float64)
    if wanted.dim() == 0 and actual.numel() == 1:
        actual = actual.reshape(())
    assert actual.shape == wanted.shape, (
        f"{call} has the shape {tuple(actual.shape)}, expected {tuple(wanted.shape)}. {question}"
    )
    close = torch.isclose(actual, wanted, rtol=RELATIVE_TOLERANCE, atol=ABSOLUTE_TOLERANCE)
    if bool(close.all()):
        return
    worst = int((actual - wanted).abs().nan_to_num(nan=torch.inf).argmax())
    where = f" ({int((~close).sum())} of {close.numel()} values differ; the worst)"
    raise AssertionError(
        f"{call}{where if close.dim() else ''} is {actual.reshape(-1)[worst].item():.6g}, "
        f"expected {wanted.reshape(-1)[worst].item():.6g}. {question}"
    )


# Models.


def _parameters(call: str, model: Any) -> list[Tensor]:
    """Copies of a network's eight tensors."""
    assert isinstance(model, nn.Module), (
        f"{call} is a {type(model).__name__}, expected an nn.Module. "
        "Does your class inherit from it, and does your function return the model?"
    )
    own = [parameter.detach().clone() for parameter in model.parameters()]
    shapes = [tuple(parameter.shape) for parameter in own]
    assert shapes == SHAPES, (
        f"{call} has parameters of the shapes {shapes}, expected {SHAPES}. "
        "Which layers does list(model.parameters()) show, and in which order?"
    )
    return own


class _Watched(nn.Module):
    """One linear layer that notes in which mode it is called and whether gradients are recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(784, 10)
        self.called_in_training_mode: set[bool] = set()
        self.recorded_gradients: set[bool] = set()

    def forward(self, x: Tensor) -> Tensor:
        self.called_in_training_mode.add(self.training)
        self.recorded_gradients.add(torch.is_grad_enabled())
        return self.layer(x)


def _small_layer() -> _Watched:
    """The layer of the small problem; what sees dark pixels is 0."""
    model = _Watched()
    table = torch.tensor(small_weights(), dtype=torch.float32).reshape(10, 4)
    with torch.no_grad():
        model.layer.weight.zero_()
        model.layer.weight[:, BRIGHT] = table[:, :3]
        model.layer.bias.copy_(table[:, 3])
    return model


def _rows(bright: Sequence[Sequence[float]]) -> Tensor:
    """Images that are dark but for the three bright pixels."""
    x = torch.zeros(len(bright), 784, dtype=torch.float32)
    x[:, BRIGHT] = torch.tensor(bright, dtype=torch.float32)
    return x


def _small_batches() -> list[tuple[Tensor, Tensor]]:
    x, y = _rows(IMAGES), torch.tensor(DIGITS)
    return [(x[first:end], y[first:end]) for first, end in BATCHES]


# The checks, one for each task.


def check_MLP(submission: Any) -> None:
    """Task 1.1: the parameters, and the outputs for five images and for one."""
    model = submission.MLP()
    own = _parameters("MLP()", model)
    for number, parameter in enumerate(own):
        # Waves of different lengths: neither constant nor drawn, and with both signs.
        wave = torch.sin(torch.arange(parameter.numel()) * (0.7 + 0.1 * number))
        parameter.copy_((0.3 * wave).reshape(parameter.shape))
    with torch.no_grad():
        for parameter, value in zip(model.parameters(), own, strict=True):
            parameter.copy_(value)
    x = (1 + torch.cos(torch.arange(5 * 784, dtype=torch.float32)).reshape(5, 784)) / 2
    expected = torch.log_softmax(outputs_of(own, x), dim=1)
    question = (
        "Which layers are followed by a ReLU, and is what you return logits or log-probabilities?"
    )
    for call, rows in (("five images", slice(5)), ("one image", slice(1, 2))):
        output = _float64(f"model(x) with {call}", model(x[rows]))
        assert output.shape == expected[rows].shape, (
            f"model(x) with {call} has the shape {tuple(output.shape)}, expected "
            f"{tuple(expected[rows].shape)}. How many numbers does the last layer give to an image?"
        )
        returned = torch.log_softmax(output, dim=1)
        _assert_same(f"log_softmax(model(x)) with {call}", returned, expected[rows], question)


def check_train_epoch(submission: Any) -> None:
    """Task 2.1: two batches with left-over gradients, against small steps of the loss."""
    lr = 0.5
    weights, losses = small_weights(), []
    for first, end in BATCHES:
        losses.append(loss_of(weights, first, end))
        slopes = slopes_of(weights, first, end)
        weights = [w - lr * slope for w, slope in zip(weights, slopes, strict=True)]

    model, batches = _small_layer(), _small_batches()
    model(batches[0][0]).sum().backward()  # gradients are left over from before
    model.eval()
    model.called_in_training_mode.clear()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    call = "train_epoch with a batch of 3 and a batch of 1"
    returned = submission.train_epoch(model, optimizer, batches)
    table = torch.tensor(weights).reshape(10, 4)
    question = "Whose gradient does each step use, and is the loss a mean over the batch?"
    _assert_same(f"{call}: the bias", model.layer.bias, table[:, 3], question)
    _assert_same(f"{call}: the weights", model.layer.weight[:, BRIGHT], table[:, :3], question)
    _assert_same(
        f"{call}: the list of losses",
        returned,
        losses,
        "Is each entry the mean loss of its batch before its step?",
    )
    assert model.called_in_training_mode == {True}, (
        f"{call}: a model that came in evaluation mode was trained in it. "
        "Which method of a model turns dropout on again?"
    )


def check_evaluate(submission: Any) -> None:
    """Task 3.1: three of seven images, none of ten, the modes, and what is left afterwards."""
    model = _Watched()
    with torch.no_grad():
        model.layer.weight.copy_(torch.eye(10, 784))  # it predicts the brightest of ten pixels
        model.layer.bias.zero_()
    predicted = torch.tensor([4, 1, 7, 7, 0, 9, 2])
    x, y = torch.eye(10, 784)[predicted], torch.tensor([4, 0, 1, 2, 5, 9, 2])
    batches = [(x[:4], y[:4]), (x[4:], y[4:])]
    question = "Which two numbers do you divide, and where does each of them grow?"
    for mode, trains in (("training", True), ("evaluation", False)):
        model.train(trains)
        call = f"evaluate with 3 of 7 images right, in batches of 4 and 3, in {mode} mode"
        _assert_same(call, submission.evaluate(model, batches), 3 / 7, question)
        assert model.training == trains, (
            f"evaluate was given a model in {mode} mode and left it in another one. "
            "Who puts it back?"
        )
    assert model.called_in_training_mode == {False}, (
        "evaluate called the model in training mode. Should a prediction be left to chance?"
    )
    assert model.recorded_gradients == {False}, (
        "evaluate had PyTorch record gradients. Which context turns that off?"
    )
    _assert_same(
        "evaluate with 0 of 10 images right, in one batch",
        submission.evaluate(model, [(torch.eye(10, 784), (torch.arange(10) + 1) % 10)]),
        0.0,
        "What is the share of right predictions when there are none, and how many rows are there?",
    )


def check_train(submission: Any) -> None:
    """Task 4.1: the number of steps, and what the seed and the learning rate decide."""
    lr = 1e-4
    x, y = _rows([IMAGES[0]] * 7), torch.full((7,), DIGITS[0])

    def trained(**settings: Any) -> list[Tensor]:
        call = f"train(images, labels, {', '.join(f'{k}={v}' for k, v in settings.items())})"
        return _parameters(call, submission.train(x.clone(), y.clone(), **settings))

    start = trained(epochs=1, batch_size=3, lr=0.0, seed=1)
    # Seven images that are all alike: all steps go the same way, and each of Adam's is lr long.
    for epochs, batch_size, steps in ((1, 3, 3), (2, 3, 6), (2, 20, 2)):
        after = trained(epochs=epochs, batch_size=batch_size, lr=lr, seed=1)
        farthest = max(float((a - b).abs().max()) for a, b in zip(after, start, strict=True))
        taken = farthest / lr
        assert abs(taken - steps) < 0.2, (
            f"7 images in {epochs} epochs with batches of {batch_size}: your parameters moved as "
            f"in {taken:.1f} steps of Adam with this lr, expected {steps}. How many batches are "
            "there in an epoch, what becomes of the last one, and does a seed begin with the same model?"
        )
    again, other = (trained(epochs=1, batch_size=3, lr=0.0, seed=seed) for seed in (1, 2))
    assert all(map(torch.equal, start, again)), (
        "train gave two different models for one seed. Where does your function set the seed?"
    )
    assert not torch.equal(start[0], other[0]), (
        "train began with the same model for two seeds. Where does your function use seed?"
    )


TASKS: dict[str, Callable[[Any], None]] = {
    "1.1": check_MLP,
    "2.1": check_train_epoch,
    "3.1": check_evaluate,
    "4.1": check_train,
}
