"""Public checks of "Linear regression by autograd": what a student may see before handing in.

They know a small data set of whole numbers, and follow the rule of the handout on it in plain
Python. They know nothing of the hidden tests: those draw new numbers, shapes and learning rates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from gradient_check import compare
from torch import Tensor

RELATIVE_TOLERANCE = 1e-3  # float32 results against float64
ABSOLUTE_TOLERANCE = 1e-5

# Five samples with two features. The rows are whole numbers, so that you can follow them on paper.
ROWS = ((1.0, 2.0), (3.0, -1.0), (0.0, 4.0), (2.0, 2.0), (4.0, 1.0))
LABELS = (3.0, 8.0, -2.0, 7.0, 12.0)
START_W, START_B = (0.5, -1.0), 2.0
LR = 0.02


# The rule in the words of the handout, without tensors: slow, but nothing broadcasts here.


def mean_squared_error(
    w: Sequence[float], b: float, rows: Sequence[Sequence[float]], labels: Sequence[float]
) -> float:
    """Mean of (y - x . w - b)^2."""
    predictions = [sum(v * x for v, x in zip(w, row, strict=True)) + b for row in rows]
    return sum((y - p) ** 2 for y, p in zip(labels, predictions, strict=True)) / len(labels)


def slopes(
    w: Sequence[float], b: float, rows: Sequence[Sequence[float]], labels: Sequence[float]
) -> tuple[list[float], float]:
    """Slopes of the loss in w and b by central differences: (loss(+h) - loss(-h)) / 2h.

    For a loss of second degree they are exact, but for rounding.
    """
    step = 1e-3
    at = [*w, b]
    found = []
    for index in range(len(at)):
        up, down = list(at), list(at)
        up[index] += step
        down[index] -= step
        above = mean_squared_error(up[:-1], up[-1], rows, labels)
        below = mean_squared_error(down[:-1], down[-1], rows, labels)
        found.append((above - below) / (2 * step))
    return found[:-1], found[-1]


def follow(
    batches: Sequence[tuple[Sequence[Sequence[float]], Sequence[float]]], lr: float
) -> tuple[list[float], float, list[float]]:
    """Parameters after one step for each batch, and the loss before each step."""
    w, b, losses = list(START_W), START_B, []
    for rows, labels in batches:
        losses.append(mean_squared_error(w, b, rows, labels))
        dw, db = slopes(w, b, rows, labels)
        w = [value - lr * slope for value, slope in zip(w, dw, strict=True)]
        b -= lr * db
    return w, b, losses


# What comes back from a student's function may be tensors, arrays, floats, lists: all are welcome.


def _float64(value: Any) -> Tensor:
    if isinstance(value, list | tuple):
        parts = [_float64(entry) for entry in value]
        return torch.stack(parts) if parts else torch.zeros(0, dtype=torch.float64)
    return torch.as_tensor(value).detach().to(device="cpu", dtype=torch.float64)


def _float32(values: Any) -> Tensor:
    """The dtype of the handout, even where a notebook has changed torch's default."""
    return torch.tensor(values, dtype=torch.float32)


def _call(function: Callable[..., Any], *inputs: Any) -> Any:
    """What the function returns for copies of the inputs, which it must leave as they are."""
    copies = [_copied(values) for values in inputs]
    returned = function(*copies)
    for number, (copy, values) in enumerate(zip(copies, inputs, strict=True), start=1):
        assert _unchanged(copy, values), (
            f"{getattr(function, '__name__', 'a function')} changed its argument number {number}. "
            "Which of your lines writes into a tensor that you were given? Would .clone() help?"
        )
    return returned


def _copied(values: Any) -> Any:
    if isinstance(values, list):
        return [(x.clone(), y.clone()) for x, y in values]
    return values.clone() if isinstance(values, Tensor) else values


def _unchanged(now: Any, before: Any) -> bool:
    if isinstance(before, list):
        return len(now) == len(before) and all(
            torch.equal(a, c) and torch.equal(b, d)
            for (a, b), (c, d) in zip(now, before, strict=True)
        )
    return torch.equal(now, before) if isinstance(before, Tensor) else bool(now == before)


def _named_answers(call: str, names: tuple[str, ...], returned: Any) -> list[Tensor]:
    """The returned values as float64 tensors, one for each name."""
    wanted = ", ".join(names)
    assert returned is not None, (
        f"{call} gave back nothing (None), expected ({wanted}). "
        "Does your function print the result where it should return it?"
    )
    values = list(returned.values()) if isinstance(returned, Mapping) else returned
    assert isinstance(values, list | tuple), (
        f"{call} gave back one {type(values).__name__}, expected the {len(names)} values "
        f"({wanted}). Which of them is missing?"
    )
    assert len(values) == len(names), (
        f"{call} gave back {len(values)} values, expected {len(names)}: ({wanted}). "
        "Which values belong into the tuple?"
    )
    return [_readable(call, name, value) for name, value in zip(names, values, strict=True)]


def _readable(call: str, name: str, value: Any) -> Tensor:
    try:
        return _float64(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise AssertionError(
            f"{call}: {name} is a {type(value).__name__} that cannot be read as numbers ({error}). "
            "What did you want to return?"
        ) from error


def _assert_same(call: str, name: str, actual: Tensor, expected: Tensor, question: str) -> None:
    """One value against what the rule gives; sizes first, because tensors broadcast silently."""
    # A number is a number as (), (1,) or (1, 1); the weights may come as (1, D) or (D, 1).
    assert actual.squeeze().shape == expected.squeeze().shape, (
        f"{call}: {name} has the shape {tuple(actual.shape)}, expected {tuple(expected.shape)}. "
        f"{question}"
    )
    actual = actual.reshape(expected.shape)
    close = torch.isclose(actual, expected, rtol=RELATIVE_TOLERANCE, atol=ABSOLUTE_TOLERANCE)
    if bool(close.all()):
        return
    first = int((~close).reshape(-1).nonzero()[0])
    where = f"{name}[{first}]" if expected.dim() else name
    raise AssertionError(
        f"{call}: {where} is {actual.reshape(-1)[first].item():.6g}, "
        f"expected {expected.reshape(-1)[first].item():.6g}. {question}"
    )


def _check_training(
    call: str,
    returned: Any,
    batches: Sequence[tuple[Sequence[Sequence[float]], Sequence[float]]],
    lr: float,
    questions: Mapping[str, str],
) -> None:
    """(w, b, losses) against the rule of the handout, losses first: they tell where it goes off."""
    answers = dict(zip(("w", "b", "losses"), follow(batches, lr), strict=True))
    got = dict(zip(answers, _named_answers(call, tuple(answers), returned), strict=True))
    for name in ("losses", "w", "b"):
        _assert_same(call, name, got[name], _float64(answers[name]), questions[name])


# The checks, one for each task.


def check_mse_loss(submission: Any) -> None:
    """Task 1.1 on two errors of opposite sign, and on the five samples."""
    returned = _call(
        submission.mse_loss,
        _float32([1.0, 0.0]),
        _float32(0.0),
        _float32([[1.0, 5.0], [3.0, 2.0]]),
        _float32([2.0, 2.0]),
    )
    call = "mse_loss with the errors +1 and -1"
    assert returned is not None, f"{call} gave back nothing (None). Does it print the loss instead?"
    question = "Do you square each error before you take the mean, or after?"
    _assert_same(call, "the loss", _readable(call, "the loss", returned), _float64(1.0), question)

    w, b, x, y = map(_float32, (START_W, START_B, ROWS, LABELS))
    returned = _call(submission.mse_loss, w, b, x, y)
    call = "mse_loss(w, b, x, y) with five samples"
    loss = _float64(mean_squared_error(START_W, START_B, ROWS, LABELS))
    question = "Is your loss a mean over the samples, without a factor 1/2?"
    _assert_same(call, "the loss", _readable(call, "the loss", returned), loss, question)


def check_loss_gradients(submission: Any) -> None:
    """Task 1.2 against small steps of each parameter."""
    w, b, x, y = map(_float32, (START_W, START_B, ROWS, LABELS))
    call = "loss_gradients(w, b, x, y) with five samples and two features"
    returned = _call(submission.loss_gradients, w, b, x, y)
    questions = {
        "dMSE/dw": "How many weights are there, and is each slope that of the mean squared error?",
        "dMSE/db": "If b grows a little, do the errors y - x w - b grow or shrink?",
    }
    answers = _named_answers(call, tuple(questions), returned)
    expected = slopes(START_W, START_B, ROWS, LABELS)
    for (name, question), answer, slope in zip(questions.items(), answers, expected, strict=True):
        told = compare(f"{call}: {name}", answer, _float64(slope))
        assert not told, f"{told} {question}"


def check_gradient_descent(submission: Any) -> None:
    """Task 2.1 after 0, 1 and 4 epochs."""
    w, b, x, y = map(_float32, (START_W, START_B, ROWS, LABELS))
    for n_epochs in (0, 1, 4):
        _check_training(
            f"gradient_descent(x, y, w, b, {LR}, {n_epochs})",
            _call(submission.gradient_descent, x, y, w, b, LR, n_epochs),
            [(ROWS, LABELS)] * n_epochs,
            LR,
            {
                "losses": "Is there one loss for each epoch, taken before the step of that epoch?",
                "w": "What is in w.grad when you make the step: the slopes of this epoch only?",
                "b": "Does b take its step together with w, from the same point?",
            },
        )


def check_sgd(submission: Any) -> None:
    """Task 3.1 on batches of three, one and two samples."""
    cuts = ((0, 3), (3, 4), (3, 5))
    batches = [(ROWS[start:end], LABELS[start:end]) for start, end in cuts]
    given = [(_float32(rows), _float32(labels)) for rows, labels in batches]
    _check_training(
        f"sgd(batches, w, b, {LR}) with batches of 3, 1 and 2 samples",
        _call(submission.sgd, given, _float32(START_W), _float32(START_B), LR),
        batches,
        LR,
        {
            "losses": "Is each loss the mean over its own batch, taken before the step on it?",
            "w": "Does each batch make a step, with the slopes of that batch only?",
            "b": "Does b take its step together with w, from the same point?",
        },
    )


def check_concise_fit(submission: Any) -> None:
    """Task 4.1 after 0, 1 and 4 epochs."""
    w, b, x, y = map(_float32, (START_W, START_B, ROWS, LABELS))
    for n_epochs in (0, 1, 4):
        _check_training(
            f"concise_fit(x, y, w, b, {LR}, {n_epochs})",
            _call(submission.concise_fit, x, y, w, b, LR, n_epochs),
            [(ROWS, LABELS)] * n_epochs,
            LR,
            {
                "losses": "Which numbers does the layer hold at the start, and which shapes have "
                "its output and y?",
                "w": "Is .grad empty before each backward(), and is the optimiser a plain SGD?",
                "b": "Did you give the layer the bias b that you got, and let it learn?",
            },
        )


TASKS: dict[str, Callable[[Any], None]] = {
    "1.1": check_mse_loss,
    "1.2": check_loss_gradients,
    "2.1": check_gradient_descent,
    "3.1": check_sgd,
    "4.1": check_concise_fit,
}
