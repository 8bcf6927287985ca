"""Hidden suite of "Ridge regression": every input is drawn, N and D differ, no penalty is 0, 1/2 or 1.

With N = D, with y near 0 or with a penalty of 1 a transposed product or a forgotten factor would pass.
"""

import pytest


def samples(draw, n_samples, n_features):
    """Inputs with a mean of their own, and targets that are not near 0."""
    x = draw("x").normal(n_samples, n_features, mean=0.5)
    return x, draw("y").normal(n_samples, mean=3.0)


def price(draw):
    return draw("penalty").uniform(low=0.1, high=0.4).item()


@pytest.mark.task("1.1", points=2, hint="Which of the two sums is a mean, and over what?")
def test_the_loss_holds_for_new_samples(student, reference, draw, close):
    x, y = samples(draw, 9, 4)
    w, penalty = draw("w").normal(4), price(draw)
    close(student.ridge_loss(w, x, y, penalty), reference.ridge_loss(w, x, y, penalty))


@pytest.mark.task("1.2", points=2, hint="Over what do you have to add up, so that D numbers remain?")
def test_the_gradient_holds_for_new_samples(student, reference, draw, close):
    x, y = samples(draw, 9, 4)
    w, penalty = draw("w").normal(4), price(draw)
    close(student.ridge_gradient(w, x, y, penalty), reference.ridge_gradient(w, x, y, penalty))


@pytest.mark.task("1.2", points=1, hint="If the weights are huge, which term decides the gradient?")
def test_large_weights_are_pulled_back(student, reference, draw, close):
    x, y = samples(draw, 7, 3)
    w, penalty = 100 * draw("w").signs(3), 10 * price(draw)
    close(student.ridge_gradient(w, x, y, penalty), reference.ridge_gradient(w, x, y, penalty))


@pytest.mark.task("2.1", points=3, hint="Put your weights into your gradient: is it zero?")
def test_the_best_weights_are_found(student, reference, draw, close):
    x, y = samples(draw, 12, 5)
    penalty = price(draw)
    close(student.ridge_weights(x, y, penalty), reference.ridge_weights(x, y, penalty), rtol=1e-3)
