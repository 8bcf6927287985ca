"""Gradients against small steps: what is told, in which words, and what cannot be told."""

import ast
from pathlib import Path

import pytest
import torch

from autograder.checks import gradient_check
from autograder.checks.gradient_check import check_gradients, difference, finite_difference

X = torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]])
Y = torch.tensor([3.0, 8.0, -2.0])
W = torch.tensor([0.5, -1.0])
B = torch.tensor(2.0)


def loss(w, b, x, y):
    return ((y - x @ w - b) ** 2).mean()


def gradients(w, b, x, y):
    error = y - x @ w - b
    return -2 * x.T @ error / len(y), -2 * error.mean()


def told(change=lambda dw, db: (dw, db), names=("dw", "db")):
    return difference(loss, (W, B, X, Y), change(*gradients(W, B, X, Y)), names)


def test_right_gradients_agree_and_it_is_said(capsys):
    assert told() == ""
    check_gradients(loss, (W, B, X, Y), gradients(W, B, X, Y))
    assert capsys.readouterr().out == "All 2 gradients agree with small steps.\n"


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (2, "twice as large in every entry"),
        (0.5, "half as large in every entry"),
        (-1, "of the opposite sign in every entry"),
        (3, "3 times as large in every entry"),
    ],
)
def test_a_common_factor_is_named(factor, words):
    assert told(lambda dw, db: (factor * dw, db)).endswith(f" Yours is {words}.")


def test_the_entry_that_differs_most_is_told_with_both_numbers():
    def shifted(dw, db):
        return dw + torch.tensor([0.0, 1.0]), db

    right = gradients(W, B, X, Y)[0][1].item()
    assert told(shifted) == (
        f"dw at entry [1] is {right + 1:.6g}, expected {right:.6g} "
        "(1 of 2 entries differ; this one the most)."
    )


def test_a_number_is_told_without_an_entry():
    assert told(lambda dw, db: (dw, 2 * db)).endswith(" Yours is twice as large.")
    assert " at entry" not in told(lambda dw, db: (dw, 2 * db))


def test_an_entry_of_a_matrix_has_two_indices():
    def one_off(w):
        wrong = 2 * w
        wrong[1, 2] += 1
        return [wrong]

    w = torch.arange(6.0).reshape(2, 3)
    assert "at entry [1, 2] is 11, expected 10" in difference(
        lambda w: (w**2).sum(), (w,), one_off(w.clone())
    )


def test_a_wrong_shape_is_told_before_any_number():
    assert told(lambda dw, db: (dw.sum(), db)).startswith("dw has the shape (), expected (2,).")


def test_nan_differs():
    assert "is nan" in told(lambda dw, db: (dw * torch.nan, db))


def test_the_inputs_stay_as_they_are_and_labels_stay_whole_numbers():
    seen = []

    def cross_entropy(w, labels):
        seen.append(labels.dtype)
        return torch.nn.functional.cross_entropy(w, labels)

    w, labels = torch.tensor([[0.1, -0.3]]), torch.tensor([1])
    before = w.clone()
    slopes = finite_difference(cross_entropy, (w, labels))
    assert torch.allclose(slopes.sum(), torch.tensor(0.0, dtype=torch.float64), atol=1e-8)
    assert torch.equal(w, before)
    assert set(seen) == {torch.int64}


def test_central_differences_are_exact_to_eight_digits():
    slopes = finite_difference(lambda w: (torch.sin(w) * torch.exp(w)).sum(), (W,))
    w = W.double()
    expected = torch.exp(w) * (torch.sin(w) + torch.cos(w))
    assert torch.allclose(slopes, expected, rtol=1e-8)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda w: w**2, "gave 2 numbers"),
        (lambda w: (w.float() ** 2).sum(), "computes in float32"),
        (lambda w: torch.log(w).sum(), "The loss is nan"),
        (lambda w: (w - 0.5).abs().sum(), r"kink at entry \[0\] of input 1: its slope is -1"),
    ],
)
def test_what_cannot_be_compared_is_a_question_and_no_number(function, words):
    with pytest.raises(ValueError, match=words):
        finite_difference(function, (W,))


def test_it_needs_torch_and_the_standard_library_only():
    tree = ast.parse(Path(gradient_check.__file__).read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported == {"__future__", "math", "collections", "typing", "torch"}


def test_the_example_of_its_docstring_runs(capsys, monkeypatch):
    import sys
    import textwrap

    monkeypatch.setitem(sys.modules, "gradient_check", gradient_check)
    example = gradient_check.__doc__.split("function of your own:\n")[1].split("It says which")[0]
    exec(textwrap.dedent(example), {})
    assert capsys.readouterr().out == "The gradient agrees with small steps.\n"
