"""Public checks of "Gradients by hand": what a student may see before handing in.

They know the lecture's printed values, the shapes, and the losses, which they differentiate by
small steps in float64. They know nothing of the hidden tests: those draw new numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from gradient_check import compare, finite_difference
from torch import Tensor

# Losses, in the words of the handout. Their derivatives are the student's work.


def mse(a: Tensor, b: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Mean of (y - a - b x)^2."""
    return ((y - a - b * x) ** 2).mean()


def binary_cross_entropy(w: Tensor, b: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Mean of -[y ln a + (1 - y) ln(1 - a)] with a = sigmoid(w x + b)."""
    a = 1 / (1 + torch.exp(-(w * x + b)))
    return -(y * torch.log(a) + (1 - y) * torch.log(1 - a)).mean()


def two_layer_loss(w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Mean of -ln softmax(scores)[y] with scores = relu(x w1 + b1) w2 + b2."""
    scores = torch.relu(x @ w1 + b1) @ w2 + b2
    log_p = torch.log(torch.softmax(scores, dim=1))
    return -log_p.gather(1, y[:, None]).mean()


# What comes back from a student's function may be tensors, arrays, floats, lists: all are welcome.


def _float64(value: Any) -> Tensor:
    if isinstance(value, list | tuple):
        return torch.stack([_float64(entry) for entry in value])
    return torch.as_tensor(value).detach().to(device="cpu", dtype=torch.float64)


def _float32(values: float | list[float] | list[list[float]]) -> Tensor:
    """The dtype of the handout, even where a notebook has changed torch's default."""
    return torch.tensor(values, dtype=torch.float32)


def _call(function: Callable[..., Any], *inputs: Tensor) -> Any:
    """What the function returns for copies of the inputs, which it must leave as they are."""
    copies = [values.clone() for values in inputs]
    returned = function(*copies)
    for number, (copy, values) in enumerate(zip(copies, inputs, strict=True), start=1):
        assert torch.equal(copy, values), (
            f"{getattr(function, '__name__', 'a function')} changed its argument number {number}. "
            "Which of your lines writes into a tensor that you were given?"
        )
    return returned


def _named_answers(call: str, names: tuple[str, ...], returned: Any) -> list[Tensor]:
    """The returned gradients as float64 tensors, one for each name."""
    wanted = ", ".join(names)
    assert returned is not None, (
        f"{call} gave back nothing (None), expected ({wanted}). "
        "Does your function print the result where it should return it?"
    )
    values = list(returned.values()) if isinstance(returned, Mapping) else returned
    assert isinstance(values, list | tuple | Tensor) or hasattr(values, "__len__"), (
        f"{call} gave back one {type(values).__name__}, expected the {len(names)} gradients "
        f"({wanted}). Which of them is missing?"
    )
    assert len(values) == len(names), (
        f"{call} gave back {len(values)} values, expected {len(names)}: ({wanted}). "
        "Which values belong into the tuple?"
    )
    answers = []
    for name, value in zip(names, values, strict=True):
        try:
            answers.append(_float64(value))
        except (TypeError, ValueError, RuntimeError) as error:
            raise AssertionError(
                f"{call}: {name} is a {type(value).__name__} that cannot be read as numbers "
                f"({error}). What did you want to return?"
            ) from error
    return answers


def _assert_same(call: str, name: str, actual: Tensor, expected: Tensor, question: str) -> None:
    """One gradient against its expected value."""
    told = compare(f"{call}: {name}", actual, expected)
    assert not told, f"{told} {question}"


def _check_slopes(
    call: str,
    returned: Any,
    loss: Callable[..., Tensor],
    parameters: dict[str, Tensor],
    questions: Mapping[str, str],
) -> None:
    """Each returned gradient against small steps of its parameter in the loss."""
    names = tuple(questions)
    answers = _named_answers(call, names, returned)
    for moved, (name, answer) in enumerate(zip(names, answers, strict=True)):
        slope = finite_difference(loss, tuple(parameters.values()), moved)
        _assert_same(call, name, answer, slope, questions[name])


# The checks, one for each task.


def check_product_gradients(submission: Any) -> None:
    """Task 1.1 at the lecture's point and at another one."""
    questions = {
        "df/dx": "Which arrows of the graph lead from x to f?",
        "df/dy": "Which arrows of the graph lead from y to f?",
        "df/dz": "Hold x and y still: how fast does f grow with z?",
    }
    known = {(-2.0, 5.0, -4.0): (-4.0, -4.0, 3.0), (0.5, 1.0, 2.5): (2.5, 2.5, 1.5)}
    for point, gradients in known.items():
        call = "product_gradients({:g}, {:g}, {:g})".format(*point)
        returned = _call(submission.product_gradients, *map(_float32, point))
        answers = _named_answers(call, tuple(questions), returned)
        for (name, question), answer, value in zip(
            questions.items(), answers, gradients, strict=True
        ):
            _assert_same(call, name, answer, _float64(value), question)


def check_mse_gradients(submission: Any) -> None:
    """Task 2.1 against small steps, for four points."""
    a, b = _float32(0.5), _float32(-1.5)
    x = _float32([1.0, 2.0, 4.0, -3.0])
    y = _float32([2.0, 1.0, -1.5, 6.5])
    _check_slopes(
        "mse_gradients(0.5, -1.5, x, y) with four points",
        _call(submission.mse_gradients, a, b, x, y),
        lambda a, b: mse(a, b, x.double(), y.double()),
        {"a": a, "b": b},
        {
            "dMSE/da": "If the whole line goes up a little, do the errors y - a - b x grow?",
            "dMSE/db": "What is the derivative of y - a - b x with respect to b?",
        },
    )


def check_neuron_gradients(submission: Any) -> None:
    """Task 3.1 at the lecture's point, and against small steps at two others."""
    questions = {
        "dL/dw": "Is each arrow between w and L a factor in your product?",
        "dL/db": "How does the way from b to L differ from the way from w to L?",
    }
    call = "neuron_gradients(w=0.23, b=0.1, x=1.23, y=1), the lecture's point"
    returned = _call(submission.neuron_gradients, *map(_float32, (0.23, 0.1, 1.23, 1.0)))
    answers = _named_answers(call, tuple(questions), returned)
    # Lecture 003 prints -0.4987 and -0.4054; these are the same numbers with more digits.
    printed = (-0.498676, -0.405428)
    for (name, question), answer, value in zip(questions.items(), answers, printed, strict=True):
        _assert_same(call, name, answer, _float64(value), question)

    for w, b, x, y in ((0.23, 0.1, 1.23, 0.0), (-0.6, 0.9, 2.0, 1.0)):
        inputs, label = _float32(x), _float32(y)
        parameters = {"w": _float32(w), "b": _float32(b)}
        _check_slopes(
            f"neuron_gradients(w={w:g}, b={b:g}, x={x:g}, y={y:g})",
            _call(submission.neuron_gradients, *parameters.values(), inputs, label),
            lambda w, b, x=inputs, y=label: binary_cross_entropy(w, b, x.double(), y.double()),
            parameters,
            questions,
        )


def check_neuron_batch_gradients(submission: Any) -> None:
    """Task 3.2 against small steps, for five samples with both labels."""
    w, b = _float32(0.7), _float32(-0.4)
    x = _float32([0.5, -1.0, 2.0, 1.5, 3.0])
    y = _float32([1.0, 0.0, 0.0, 1.0, 0.0])
    _check_slopes(
        "neuron_batch_gradients(0.7, -0.4, x, y) with five samples",
        _call(submission.neuron_batch_gradients, w, b, x, y),
        lambda w, b: binary_cross_entropy(w, b, x.double(), y.double()),
        {"w": w, "b": b},
        {
            "dL/dw": "What comes first, the product for each sample or the mean?",
            "dL/db": "How many numbers belong to one bias, and what becomes of the N samples?",
        },
    )


def check_two_layer_gradients(submission: Any) -> None:
    """Task 4.1: four shapes and small steps, with N = 6, D = 2, H = 4, C = 3."""
    w1 = _float32([[0.9, -0.4, 1.3, -0.8], [-0.7, 1.1, 0.5, 0.6]])
    b1 = _float32([0.3, -0.4, 0.5, 0.2])
    w2 = _float32([[1.2, -0.6, 0.3], [-0.9, 0.8, 0.4], [0.5, 0.2, -1.1], [-0.3, -0.7, 0.9]])
    b2 = _float32([0.1, -0.2, 0.4])
    x = _float32([[1.0, 0.5], [-1.5, 0.2], [0.4, -1.2], [2.0, 1.4], [-0.6, -0.9], [-0.2, 1.7]])
    y = torch.tensor([0, 2, 1, 2, 2, 0])
    _check_slopes(
        "two_layer_gradients(w1, b1, w2, b2, x, y) with N=6, D=2, H=4, C=3",
        _call(submission.two_layer_gradients, w1, b1, w2, b2, x, y),
        lambda w1, b1, w2, b2: two_layer_loss(w1, b1, w2, b2, x.double(), y),
        {"w1": w1, "b1": b1, "w2": w2, "b2": b2},
        {
            "dW1": "Which forward value decided whether a hidden unit was on?",
            "db1": "In how many rows does a bias of the first layer take part?",
            "dW2": "What does one score learn when the probability of its class is too large?",
            "db2": "Is your loss the mean over the samples, and does db2 add up to 0?",
        },
    )


TASKS: dict[str, Callable[[Any], None]] = {
    "1.1": check_product_gradients,
    "2.1": check_mse_gradients,
    "3.1": check_neuron_gradients,
    "3.2": check_neuron_batch_gradients,
    "4.1": check_two_layer_gradients,
}
