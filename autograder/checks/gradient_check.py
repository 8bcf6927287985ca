"""Compares your gradients with small steps: half of the difference of two losses, over the step.

Needs torch and nothing else; it is released beside the notebook, and the public checks use it too.
Try it on a function of your own:

    import torch
    from gradient_check import check_gradients

    def loss(w, x):
        return ((x * w) ** 2).mean()

    def my_gradients(w, x):
        return [(2 * x * x * w).mean()]

    w, x = torch.tensor(0.5), torch.tensor([1.0, 2.0])
    check_gradients(loss, (w, x), my_gradients(w, x))

It says which entry differs, what yours is and what the small steps give. It does not know your
course: where both agree, the gradient fits to the loss that you gave it, right or not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

RELATIVE_TOLERANCE = 1e-3  # float32 results against small steps in float64
ABSOLUTE_TOLERANCE = 1e-5
STEP = 1e-5

# What a common factor is called; a factor that is not here is told as a number.
FACTORS = {2.0: "twice as large", 0.5: "half as large", -1.0: "of the opposite sign"}


def check_gradients(
    loss: Callable[..., Any],
    inputs: Sequence[Any],
    gradients: Sequence[Any],
    names: Sequence[str] = (),
) -> None:
    """Prints whether the gradients agree with small steps, and where not.

    Args:
        loss: Your loss. It is called with the inputs and returns one number.
        inputs: Everything that `loss` takes, the parameters first, then the data.
        gradients: Your gradients, one for each of the first inputs: for the inputs (w, b, x, y) and
            two gradients, w and b are moved, and x and y stay as they are.
        names: What the parameters are called in the message, if not "gradient 1", "gradient 2".
    """
    found = difference(loss, inputs, gradients, names)
    agree = (
        "The gradient agrees" if len(gradients) == 1 else f"All {len(gradients)} gradients agree"
    )
    print(found or f"{agree} with small steps.")  # noqa: T201  # it is asked for in a notebook


def difference(
    loss: Callable[..., Any],
    inputs: Sequence[Any],
    gradients: Sequence[Any],
    names: Sequence[str] = (),
) -> str:
    """The first gradient that differs, in words; empty where all agree.

    Arguments as for `check_gradients`.
    """
    if not isinstance(gradients, list | tuple):
        gradients = [gradients]
    for number, gradient in enumerate(gradients):
        name = names[number] if number < len(names) else f"gradient {number + 1}"
        slopes = finite_difference(loss, inputs, number)
        told = compare(name, gradient, slopes)
        if told:
            return told
    return ""


def finite_difference(loss: Callable[..., Any], inputs: Sequence[Any], moved: int = 0) -> Tensor:
    """Gradient of a loss with respect to one of its inputs, by central differences in float64.

    Moves one entry at a time by a small step h up and down: (loss(+h) - loss(-h)) / 2h. The error
    shrinks with h squared; a step to one side only would shrink with h.

    Args:
        loss: Called with all inputs, returns one number.
        inputs: Tensors or numbers. Floats are given to `loss` in float64; none is changed.
        moved: Which of them is moved.

    Returns:
        The gradient, float64, in the shape of that input.

    Raises:
        ValueError: The loss is not one number, is computed in float32, or has a kink or no value
            at this point.
    """
    given = [_float64(value) for value in inputs]
    point = torch.as_tensor(given[moved], dtype=torch.float64).clone()
    given[moved] = point
    gradient = torch.zeros_like(point)
    entries, slopes = point.view(-1), gradient.view(-1)
    middle = _value(loss, given)
    for index in range(entries.numel()):
        here = entries[index].item()
        step = STEP * max(1.0, abs(here))
        entries[index] = here + step
        above = _value(loss, given)
        entries[index] = here - step
        below = _value(loss, given)
        entries[index] = here
        up, down = (above - middle) / step, (middle - below) / step
        if abs(up - down) > 0.01 * max(1.0, abs(up), abs(down)):
            message = (
                f"The loss has a kink at entry {_place(index, point)} of input {moved + 1}: its "
                f"slope is {down:.4g} to the left and {up:.4g} to the right. "
                "Which other point could you take?"
            )
            raise ValueError(message)
        slopes[index] = (above - below) / (2 * step)
    return gradient


def compare(name: str, yours: Any, slopes: Tensor) -> str:
    """How a gradient differs from the slopes, in words; empty where it does not.

    Sizes first, because tensors broadcast silently. A number may come as (), (1,) or (1, 1).
    """
    actual = torch.as_tensor(yours).detach().to(device="cpu", dtype=torch.float64)
    if actual.squeeze().shape != slopes.squeeze().shape:
        return (
            f"{name} has the shape {tuple(actual.shape)}, expected {tuple(slopes.shape)}. "
            "Does a gradient have the shape of its parameter, and over what do you have to add up?"
        )
    actual = actual.reshape(slopes.shape)
    close = torch.isclose(actual, slopes, rtol=RELATIVE_TOLERANCE, atol=ABSOLUTE_TOLERANCE)
    if bool(close.all()):
        return ""
    worst = int((actual - slopes).abs().nan_to_num(nan=math.inf).argmax())
    mine, small_steps = actual.reshape(-1)[worst].item(), slopes.reshape(-1)[worst].item()
    where = f" at entry {_place(worst, slopes)}" if slopes.dim() else ""
    several = f" ({int((~close).sum())} of {close.numel()} entries differ; this one the most)"
    return (
        f"{name}{where} is {mine:.6g}, expected {small_steps:.6g}"
        f"{several if slopes.dim() else ''}.{_factor(actual, slopes)}"
    )


def _factor(actual: Tensor, slopes: Tensor) -> str:
    """What all entries have in common, if it is one factor, as a sentence."""
    asked = slopes.abs() > ABSOLUTE_TOLERANCE
    if not bool(asked.any()) or not bool(torch.isfinite(actual).all()):
        return ""
    if bool((actual[~asked].abs() > ABSOLUTE_TOLERANCE).any()):
        return ""
    ratios = actual[asked] / slopes[asked]
    ratio = ratios.reshape(-1)[0].item()
    same = torch.full_like(ratios, ratio)
    if abs(ratio) < RELATIVE_TOLERANCE or not torch.allclose(ratios, same, rtol=1e-2, atol=0):
        return ""
    known = (
        words for factor, words in FACTORS.items() if math.isclose(ratio, factor, rel_tol=1e-2)
    )
    words = next(known, f"{ratio:.4g} times as large")
    everywhere = " in every entry" if slopes.numel() > 1 else ""
    return f" Yours is {words}{everywhere}."


def _value(loss: Callable[..., Any], given: Sequence[Any]) -> float:
    with torch.no_grad():
        value = torch.as_tensor(loss(*given))
    if value.numel() != 1:
        message = (
            f"The loss gave {value.numel()} numbers, in the shape {tuple(value.shape)}. A gradient "
            "belongs to one number: where is the mean or the sum?"
        )
        raise ValueError(message)
    if value.dtype == torch.float32:
        message = (
            "The loss computes in float32, where small steps drown in rounding. Give its data among "
            "the inputs, after the parameters: they are then taken to float64."
        )
        raise ValueError(message)
    number = float(value)
    if not math.isfinite(number):
        message = f"The loss is {number} at this point. At which point is it a number?"
        raise ValueError(message)
    return number


def _float64(value: Any) -> Any:
    """Floats in float64, whole numbers (labels, say) as they are."""
    if isinstance(value, Tensor):
        value = value.detach().to("cpu")
        return value.to(torch.float64) if value.is_floating_point() else value
    return torch.tensor(value, dtype=torch.float64) if isinstance(value, float) else value


def _place(index: int, tensor: Tensor) -> str:
    """The index of an entry as Python writes it: [1, 2]."""
    place = []
    for size in reversed(tensor.shape):
        index, here = divmod(index, size)
        place.append(here)
    return str(place[::-1])
