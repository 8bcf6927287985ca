"""Public checks of "Logistic regression": what a student may see before handing in.

They know the formulas of the handout, a few fixed numbers, and small steps in float64 for the
gradient. They know nothing of the hidden tests: those draw new parameters and new batches.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

RELATIVE_TOLERANCE = 1e-3  # float32 results against formulas and small steps in float64
ABSOLUTE_TOLERANCE = 1e-5

# One small problem for all checks of a model: N = 5 rows, D = 3 features, z = x w + b.
WEIGHT = [0.8, -0.5, 0.3]
BIAS = -0.4
FEATURES = [[1.0, 0.5, 2.0], [2.0, -1.0, 1.0], [0.5, 1.5, -1.0], [1.5, 0.5, -0.5], [-1.0, 2.0, 1.0]]
LABELS = [1.0, 0.0, 0.0, 0.0, 1.0]


# The formulas, in the words of the handout: on plain floats, so in float64.


def sigmoid_of(z: float) -> float:
    """1 / (1 + e^-z)."""
    return 1.0 / (1.0 + math.exp(-z))


def loss_of(logits: Sequence[float], y: Sequence[float]) -> float:
    """Mean of -[y ln p + (1 - y) ln(1 - p)] with p = sigmoid(z)."""
    terms = []
    for z, label in zip(logits, y, strict=True):
        p = sigmoid_of(z)
        terms.append(-(label * math.log(p) + (1 - label) * math.log(1 - p)))
    return sum(terms) / len(terms)


def logits_of(weight: Sequence[float], bias: float, rows: Sequence[Sequence[float]]) -> list[float]:
    """The logit x w + b of each row."""
    return [bias + sum(w * value for w, value in zip(weight, row, strict=True)) for row in rows]


def slopes_of(
    weight: Sequence[float], bias: float, rows: Sequence[Sequence[float]], y: Sequence[float]
) -> list[float]:
    """Slope of the mean loss along each weight, then along the bias, by small steps.

    Moves one parameter at a time up and down by h: (loss(+h) - loss(-h)) / 2h.
    """
    step = 1e-5
    point = [*weight, bias]
    slopes = []
    for moved in range(len(point)):
        losses = []
        for direction in (1, -1):
            there = list(point)
            there[moved] += direction * step
            losses.append(loss_of(logits_of(there[:-1], there[-1], rows), y))
        slopes.append((losses[0] - losses[1]) / (2 * step))
    return slopes


# What comes back from a student's function may be tensors, arrays, floats, lists: all are welcome.


def _float32(values: float | Sequence[Any]) -> Tensor:
    """The dtype of the handout, even where a notebook has changed torch's default."""
    return torch.tensor(values, dtype=torch.float32)


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


def _call(function: Callable[..., Any], *inputs: Any) -> Any:
    """What the function returns for copies of the tensors, which it must leave as they are."""
    copies = [value.clone() if isinstance(value, Tensor) else value for value in inputs]
    returned = function(*copies)
    for number, (copy, value) in enumerate(zip(copies, inputs, strict=True), start=1):
        assert not isinstance(value, Tensor) or torch.equal(copy, value), (
            f"{getattr(function, '__name__', 'a function')} changed its argument number {number}. "
            "Which of your lines writes into a tensor that you were given?"
        )
    return returned


def _assert_same(
    call: str, returned: Any, expected: float | Sequence[float], question: str
) -> None:
    """Sizes first, because tensors broadcast silently; then every value."""
    actual, wanted = _float64(call, returned), torch.tensor(expected, dtype=torch.float64)
    # A vector may come as (N, 1), a number as (1,).
    assert actual.squeeze().shape == wanted.squeeze().shape, (
        f"{call} has the shape {tuple(actual.shape)}, expected {tuple(wanted.shape)}. {question}"
    )
    actual = actual.reshape(wanted.shape)
    close = torch.isclose(actual, wanted, rtol=RELATIVE_TOLERANCE, atol=ABSOLUTE_TOLERANCE)
    if bool(close.all()):
        return
    worst = int((actual - wanted).abs().nan_to_num(nan=torch.inf).argmax())
    n_wrong = int((~close).sum())
    where = f" ({n_wrong} of {close.numel()} values differ; the worst)" if close.dim() else ""
    raise AssertionError(
        f"{call}{where} is {actual.reshape(-1)[worst].item():.6g}, "
        f"expected {wanted.reshape(-1)[worst].item():.6g}. {question}"
    )


# Models: whatever the parameters are called, one has D elements and one has a single one.


def _parameters(model: Any, n_features: int) -> tuple[Tensor, Tensor]:
    """The model's own weight and bias."""
    assert isinstance(model, torch.nn.Module), (
        f"LogisticRegression({n_features}) is a {type(model).__name__}, expected an nn.Module. "
        "From which class does yours inherit?"
    )
    own = list(model.parameters())
    sizes = sorted(parameter.numel() for parameter in own)
    assert sizes == [1, n_features], (
        f"LogisticRegression({n_features}) has parameters with {sizes} elements, expected one with "
        f"{n_features} (the weights) and one with 1 (the bias). "
        "What does list(model.parameters()) show?"
    )
    by_size = {parameter.numel(): parameter for parameter in own}
    return by_size[n_features], by_size[1]


def _small_model(submission: Any) -> Any:
    """The student's model with the parameters of the small problem."""
    model = submission.LogisticRegression(len(WEIGHT))
    weight, bias = _parameters(model, len(WEIGHT))
    with torch.no_grad():
        weight.copy_(_float32(WEIGHT).reshape(weight.shape))
        bias.copy_(_float32(BIAS).reshape(bias.shape))
    return model


# The checks, one for each task.


def check_sigmoid(submission: Any) -> None:
    """Task 1.1 at a few points, in two shapes."""
    points = [-2.0, -0.5, 0.0, 1.5, 4.0]
    question = "Should a large positive z give a value near 1 or near 0?"
    call = "sigmoid(tensor([-2, -0.5, 0, 1.5, 4]))"
    returned = _call(submission.sigmoid, _float32(points))
    _assert_same(call, returned, [sigmoid_of(z) for z in points], question)

    table = _float64("sigmoid(z)", _call(submission.sigmoid, _float32([points[:2], points[3:]])))
    assert table.shape == (2, 2), (
        f"sigmoid(z) has the shape {tuple(table.shape)} for z of shape (2, 2). "
        "Does every element get its own value?"
    )
    _assert_same(
        "sigmoid(tensor([-80, 80]))",
        _call(submission.sigmoid, _float32([-80.0, 80.0])),
        [0.0, 1.0],
        "What is the largest exponential in your formula?",
    )


def check_bce_with_logits(submission: Any) -> None:
    """Task 1.2: mixed labels in all four combinations of shapes, and one large logit."""
    z, y = [1.5, -0.5, 0.3], [1.0, 1.0, 0.0]
    row, labels = _float32(z), _float32(y)
    for logits in (row, row[:, None]):
        for targets in (labels, labels[:, None]):
            _assert_same(
                f"bce_with_logits with logits of shape {tuple(logits.shape)} and labels of shape "
                f"{tuple(targets.shape)}",
                _call(submission.bce_with_logits, logits, targets),
                loss_of(z, y),
                "How many numbers do you average, and what does the loss say where y is 0?",
            )
    _assert_same(
        "bce_with_logits(tensor([80]), tensor([0]))",
        _call(submission.bce_with_logits, _float32([80.0]), _float32([0.0])),
        80.0,
        "Which value is rounded to exactly 0 or 1 before you take its log?",
    )


def check_LogisticRegression(submission: Any) -> None:
    """Task 2.1: the parameters, and the logits of five rows and of one."""
    _parameters(submission.LogisticRegression(7), 7)
    model = _small_model(submission)
    x, expected = _float32(FEATURES), logits_of(WEIGHT, BIAS, FEATURES)
    question = "Is what forward returns the logit x w + b, one number for each row?"
    _assert_same("model(x) with five rows", _call(model, x), expected, question)
    _assert_same("model(x) with one row", _call(model, x[1:2]), expected[1:2], question)


def check_train(submission: Any) -> None:
    """Task 2.2: two steps against small steps of the loss, with labels of both shapes."""
    lr = 0.5
    x, y = _float32(FEATURES), _float32(LABELS)
    for targets in (y, y[:, None]):
        model = _small_model(submission)
        weight, bias, losses = list(WEIGHT), BIAS, []
        for _ in range(2):
            losses.append(loss_of(logits_of(weight, bias, FEATURES), LABELS))
            *along_weight, along_bias = slopes_of(weight, bias, FEATURES, LABELS)
            weight = [w - lr * slope for w, slope in zip(weight, along_weight, strict=True)]
            bias -= lr * along_bias
        call = f"train(model, x, y, lr=0.5, n_epochs=2) with y of shape {tuple(targets.shape)}"
        returned = _call(submission.train, model, x, targets, lr, 2)
        _assert_same(
            f"{call}: the list of losses",
            returned,
            losses,
            "Is each entry the mean loss before its step, and are there as many as epochs?",
        )
        own_weight, own_bias = _parameters(model, len(WEIGHT))
        question = "Is each step lr times the slope of the mean loss at the place it starts from?"
        _assert_same(f"{call}: the weights afterwards", own_weight.reshape(-1), weight, question)
        _assert_same(f"{call}: the bias afterwards", own_bias.reshape(()), bias, question)


def check_probabilities(submission: Any) -> None:
    """Task 3.1 for five rows and for one."""
    expected = [sigmoid_of(z) for z in logits_of(WEIGHT, BIAS, FEATURES)]
    model, x = _small_model(submission), _float32(FEATURES)
    question = "What turns a logit into a probability?"
    returned = _call(submission.probabilities, model, x)
    _assert_same("probabilities(model, x) with five rows", returned, expected, question)
    returned = _call(submission.probabilities, model, x[3:4])
    _assert_same("probabilities(model, x) with one row", returned, expected[3:4], question)


def check_labels(submission: Any) -> None:
    """Task 3.2 for five rows and for one."""
    expected = [float(z >= 0) for z in logits_of(WEIGHT, BIAS, FEATURES)]
    model, x = _small_model(submission), _float32(FEATURES)
    question = "Which logit belongs to p = 0.5? And does a label depend on the other rows?"
    returned = _call(submission.labels, model, x)
    _assert_same("labels(model, x) with five rows", returned, expected, question)
    returned = _call(submission.labels, model, x[2:3])
    _assert_same("labels(model, x) with one row", returned, expected[2:3], question)


def check_accuracy(submission: Any) -> None:
    """Task 3.3 for five rows, with labels of both shapes, and for a row with the wrong label."""
    predicted = [float(z >= 0) for z in logits_of(WEIGHT, BIAS, FEATURES)]
    hits = [p == label for p, label in zip(predicted, LABELS, strict=True)]
    model, x, y = _small_model(submission), _float32(FEATURES), _float32(LABELS)
    for targets in (y, y[:, None]):
        _assert_same(
            f"accuracy(model, x, y) with y of shape {tuple(targets.shape)}",
            _call(submission.accuracy, model, x, targets),
            sum(hits) / len(hits),
            "How many of five rows are right, and what do you divide by?",
        )
    miss = hits.index(False)
    _assert_same(
        "accuracy(model, x, y) with one row and the wrong label",
        _call(submission.accuracy, model, x[miss : miss + 1], y[miss : miss + 1]),
        0.0,
        "What is the share of right labels when there are none?",
    )


TASKS: dict[str, Callable[[Any], None]] = {
    "1.1": check_sigmoid,
    "1.2": check_bce_with_logits,
    "2.1": check_LogisticRegression,
    "2.2": check_train,
    "3.1": check_probabilities,
    "3.2": check_labels,
    "3.3": check_accuracy,
}
