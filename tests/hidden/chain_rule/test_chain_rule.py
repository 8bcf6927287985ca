"""Hidden suite of "Gradients by hand": every gradient at points drawn after the code was fixed.

No point is on a kink, no neuron is saturated (|z| < 6), and N, D, H, C always differ, because equal
sizes, N = 1, y = 1, x = 1 and centred data each hide a known bug (G.., L.., S.. of the catalogue).
"""

import pytest
import torch


def either_sign(draw, purpose, *shape, low, high, repeat=0):
    """Values between low and high in size, of either sign: never near zero."""
    stream = draw(purpose, repeat=repeat)
    return stream.uniform(*shape, low=low, high=high) * stream.signs(*shape)


def shuffled_labels(draw, n_samples, n_ones):
    """Labels 0.0 and 1.0 in random order, with exactly n_ones ones: never all alike."""
    return (draw("labels").permutation(n_samples) < n_ones).float()


def off_the_kinks(x, w1, b1, n_samples, margin=0.02):
    """The first n_samples rows of x that keep every hidden unit away from the ReLU's kink."""
    distance = (x @ w1 + b1).abs().min(dim=1).values
    rows = x[distance > margin][:n_samples]
    if len(rows) < n_samples:  # not an assertion: this would be our fault, not the student's
        raise RuntimeError(f"{len(rows)} rows are off the kink, {n_samples} are needed: draw more")
    return rows


# 1.1 product_gradients


@pytest.mark.task(
    "1.1",
    points=1,
    hint="Hold x and y still and move only z: how fast does f grow? Then hold z and move x.",
)
def test_product_gradients_hold_at_new_points(student, reference, draw, close):
    for repeat in range(3):
        x, y, z = either_sign(draw, "inputs", 3, low=0.5, high=4.0, repeat=repeat)
        close(student.product_gradients(x, y, z), reference.product_gradients(x, y, z))


@pytest.mark.task(
    "1.1",
    points=1,
    hint="If z is huge and x is tiny, which of the three gradients should be huge?",
)
def test_product_gradients_hold_for_numbers_of_different_size(student, reference, draw, close):
    x = either_sign(draw, "x", low=0.01, high=0.1)
    y = either_sign(draw, "y", low=1.0, high=3.0)
    z = either_sign(draw, "z", low=50.0, high=90.0)
    close(student.product_gradients(x, y, z), reference.product_gradients(x, y, z))


# 2.1 mse_gradients


@pytest.mark.task(
    "2.1",
    points=2,
    hint="Write the loss for a single point on paper: what comes down from the square, and which "
    "sign does the inner derivative have?",
)
def test_mse_gradients_hold_for_seven_points(student, reference, draw, close):
    a = either_sign(draw, "a", low=0.5, high=2.0)
    b = either_sign(draw, "b", low=0.5, high=2.0)
    x = 1.5 + draw("x").normal(7)
    y = 6.0 + draw("y").normal(7)  # far from the line in the mean: neither gradient is near zero
    close(student.mse_gradients(a, b, x, y), reference.mse_gradients(a, b, x, y))


@pytest.mark.task(
    "2.1",
    points=2,
    hint="If you send every point twice, should the gradient double? Does it with your code?",
)
def test_mse_gradients_hold_for_fifty_large_values(student, reference, draw, close):
    a = either_sign(draw, "a", low=2.0, high=5.0)
    b = either_sign(draw, "b", low=2.0, high=5.0)
    x = -20.0 + 5.0 * draw("x").normal(50)
    y = -300.0 + 30.0 * x + 40.0 * draw("y").normal(50)  # errors that go with x
    close(student.mse_gradients(a, b, x, y), reference.mse_gradients(a, b, x, y))


# 3.1 neuron_gradients


def one_sample(draw, repeat):
    """A weight, a bias and an input of different size, so that none can stand in for another."""
    w = either_sign(draw, "w", low=0.3, high=0.8, repeat=repeat)
    b = either_sign(draw, "b", low=0.2, high=0.6, repeat=repeat)
    x = either_sign(draw, "x", low=1.3, high=3.0, repeat=repeat)
    return w, b, x


@pytest.mark.task(
    "3.1",
    points=1,
    hint="Write every arrow between w and L on paper: is each of them a factor in your product?",
)
def test_neuron_gradients_hold_where_the_label_is_one(student, reference, draw, close):
    y = torch.tensor(1.0)
    for repeat in range(3):
        w, b, x = one_sample(draw, repeat)
        close(student.neuron_gradients(w, b, x, y), reference.neuron_gradients(w, b, x, y))


@pytest.mark.task(
    "3.1",
    points=2,
    hint="Which part of the loss is left when the label is 0, and what is its derivative?",
)
def test_neuron_gradients_hold_where_the_label_is_zero(student, reference, draw, close):
    y = torch.tensor(0.0)
    for repeat in range(3):
        w, b, x = one_sample(draw, repeat)
        close(student.neuron_gradients(w, b, x, y), reference.neuron_gradients(w, b, x, y))


@pytest.mark.task(
    "3.1",
    points=1,
    hint="Take a bias of 3 and compute z on paper: does your function get the same z?",
)
def test_neuron_gradients_hold_for_a_large_bias(student, reference, draw, close):
    for repeat in range(2):
        x = either_sign(draw, "x", low=0.2, high=0.7, repeat=repeat)
        w = either_sign(draw, "w", low=0.8, high=1.2, repeat=repeat)
        b = either_sign(draw, "b", low=2.5, high=4.0, repeat=repeat)
        for y in (torch.tensor(0.0), torch.tensor(1.0)):  # one of them has a tiny gradient
            close(student.neuron_gradients(w, b, x, y), reference.neuron_gradients(w, b, x, y))


# 3.2 neuron_batch_gradients


@pytest.mark.task(
    "3.2",
    points=2,
    hint="Take two samples and compute both gradients on paper: do you average before or after "
    "you multiply by x?",
)
def test_neuron_batch_gradients_hold_for_mixed_labels(student, reference, draw, close):
    w = either_sign(draw, "w", low=0.3, high=0.9)
    b = either_sign(draw, "b", low=0.3, high=0.9)
    x = either_sign(draw, "x", 7, low=0.3, high=3.0)
    y = shuffled_labels(draw, n_samples=7, n_ones=3)
    actual = student.neuron_batch_gradients(w, b, x, y)
    close(actual, reference.neuron_batch_gradients(w, b, x, y))


@pytest.mark.task(
    "3.2",
    points=1,
    hint="How many numbers belong to one weight, and how should they change if the batch is "
    "seven times as long?",
)
def test_neuron_batch_gradients_hold_for_fifty_samples(student, reference, draw, close):
    w = either_sign(draw, "w", low=0.2, high=0.4)
    b = either_sign(draw, "b", low=1.0, high=2.0)
    x = 2.0 + draw("x").uniform(50, low=-3.0, high=3.0)  # not centred: b cannot hide behind w x
    y = shuffled_labels(draw, n_samples=50, n_ones=19)
    actual = student.neuron_batch_gradients(w, b, x, y)
    close(actual, reference.neuron_batch_gradients(w, b, x, y))


@pytest.mark.task(
    "3.2",
    points=1,
    hint="If no sample has the label 1, is there still something to learn from the batch?",
)
def test_neuron_batch_gradients_hold_where_all_labels_are_zero(student, reference, draw, close):
    w = either_sign(draw, "w", low=0.3, high=0.9)
    b = either_sign(draw, "b", low=0.3, high=0.9)
    x = draw("x").uniform(13, low=-1.0, high=3.0)
    y = torch.zeros(13)
    actual = student.neuron_batch_gradients(w, b, x, y)
    close(actual, reference.neuron_batch_gradients(w, b, x, y))


# 4.1 two_layer_gradients


def network(draw, features, hidden, classes, bias=1.0):
    """Parameters of a two-layer network whose scores are a few units in size."""
    w1 = draw("w1").normal(features, hidden) / features**0.5
    b1 = either_sign(draw, "b1", hidden, low=0.2 * bias, high=bias)
    w2 = draw("w2").normal(hidden, classes) / hidden**0.5
    b2 = either_sign(draw, "b2", classes, low=0.2 * bias, high=bias)
    return w1, b1, w2, b2


@pytest.mark.task(
    "4.1",
    points=2,
    hint="Every gradient has the shape of its parameter: which of your four fits, and which "
    "forward value decided if a hidden unit was on?",
)
def test_two_layer_gradients_hold_for_a_small_batch(student, reference, draw, close):
    w1, b1, w2, b2 = network(draw, features=3, hidden=5, classes=4)
    x = off_the_kinks(2.0 * draw("x").normal(70, 3), w1, b1, n_samples=7)
    y = draw("labels").integers(7, low=0, high=4)
    actual = student.two_layer_gradients(w1, b1, w2, b2, x, y)
    close(actual, reference.two_layer_gradients(w1, b1, w2, b2, x, y))


@pytest.mark.task(
    "4.1",
    points=2,
    hint="Where do b1 and b2 enter the forward pass, and by how much does one sample out of fifty "
    "move the mean loss?",
)
def test_two_layer_gradients_hold_for_fifty_samples_and_large_biases(
    student, reference, draw, close
):
    w1, b1, w2, b2 = network(draw, features=6, hidden=8, classes=3, bias=2.0)
    x = off_the_kinks(1.0 + draw("x").normal(200, 6), w1, b1, n_samples=50)
    y = draw("labels").integers(50, low=0, high=3)
    actual = student.two_layer_gradients(w1, b1, w2, b2, x, y)
    close(actual, reference.two_layer_gradients(w1, b1, w2, b2, x, y))


@pytest.mark.task(
    "4.1",
    points=1,
    hint="If you add 30 to all scores of a sample, which of its probabilities should change? And "
    "does it matter what the scores of the other samples are?",
)
def test_two_layer_gradients_hold_for_scores_of_size_fifty(student, reference, draw, close):
    w1, b1, w2, b2 = network(draw, features=4, hidden=6, classes=5)
    candidates = 2.0 * draw("x").normal(90, 4)
    y = draw("labels").integers(9, low=0, high=5)
    x = off_the_kinks(candidates, w1, b1, n_samples=9)
    lifted = b2 + 30.0
    actual = student.two_layer_gradients(w1, b1, w2, lifted, x, y)
    close(actual, reference.two_layer_gradients(w1, b1, w2, lifted, x, y))
    # Some samples near 65 and some near -65: what is subtracted from a row must be its own (S02). Of a row that lies
    # 104 below, float32 keeps nothing; above 88 a right exp of the scores themselves would overflow.
    w1[:, :2], b1[:2] = 0.0, 0.0
    # Of the first two hidden units, one is on for each sign. It is large, and its weights are not: else the sum over
    # the classes, in which they nearly cancel, would be all rounding.
    w1[0, :2] = torch.tensor([25.0, -25.0])
    w2[:2] = 0.3 * w2[:2] + torch.tensor([[2.6], [-2.6]])
    sides = [candidates[:45], candidates[45:]]
    sides[0][:, 0], sides[1][:, 0] = 1.0, -1.0
    rows = [off_the_kinks(side, w1, b1, n_samples=n) for side, n in zip(sides, (5, 4), strict=True)]
    x = torch.cat(rows)[draw("order").permutation(9)]
    actual = student.two_layer_gradients(w1, b1, w2, b2, x, y)
    close(actual, reference.two_layer_gradients(w1, b1, w2, b2, x, y))


@pytest.mark.task(
    "4.1",
    points=1,
    hint="If a class has no sample in the batch, can its scores still be too high?",
)
def test_two_layer_gradients_hold_when_a_class_has_no_sample(student, reference, draw, close):
    w1, b1, w2, b2 = network(draw, features=9, hidden=11, classes=3)
    x = off_the_kinks(draw("x").normal(80, 9), w1, b1, n_samples=5)
    y = 1 + draw("labels").integers(5, low=0, high=2)  # class 0 is never the answer
    actual = student.two_layer_gradients(w1, b1, w2, b2, x, y)
    close(actual, reference.two_layer_gradients(w1, b1, w2, b2, x, y))
