"""Hidden suite of "Logistic regression": every model gets secret parameters before it is judged.

Logits are set, not drawn: so none is a tie, some lie in (0, 0.5), where p is above one half and the
logit below, and none is saturated in training. N and D differ, data are not centred, and no batch is
balanced, because each of these hides a known bug (B.., L.., M.. of the catalogue).
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


def secret_parameters(draw, n_features, repeat=0):
    """Weights (D,) and a bias (), none of them near zero."""
    weight = either_sign(draw, "weight", n_features, low=0.4, high=1.2, repeat=repeat)
    return weight, either_sign(draw, "bias", low=0.4, high=1.5, repeat=repeat)


def rows_with_logits(draw, weight, bias, logits, repeat=0):
    """Features (N, D) around 1 on which the model with these parameters has the given logits."""
    x = 1.0 + draw("features", repeat=repeat).normal(len(logits), len(weight))
    missing = logits - bias - x @ weight
    return x + torch.outer(missing, weight) / (weight @ weight)


def mixed_logits(draw, n_samples):
    """Logits of both signs, four of them within 0.5 of zero, none nearer than 0.1, in any order."""
    near = torch.tensor([0.15, 0.4, -0.15, -0.4]) + draw("near").uniform(4, low=-0.05, high=0.05)
    far = either_sign(draw, "far", n_samples - 4, low=0.7, high=4.0)
    return torch.cat([near, far])[draw("order").permutation(n_samples)]


def new_model(student, n_features):
    model = student.LogisticRegression(n_features)
    assert callable(model), "LogisticRegression(n_features) is no nn.Module"
    return model


def holds_weights_and_bias(parameters, n_features):
    """True for two tensors, one with n_features elements and one with a single one, in any order."""
    if not isinstance(parameters, list):  # a submission can answer whatever it likes
        return False
    sizes = [p.numel() for p in parameters if isinstance(p, torch.Tensor)]
    return len(sizes) == len(parameters) and sorted(sizes) == [1, n_features]


def model_at(student, weight, bias):
    """The submission's model with the given parameters, whatever order and shapes it keeps."""
    model = new_model(student, len(weight))
    own = model.parameters()
    if not holds_weights_and_bias(own, len(weight)):
        own = [torch.zeros(1, len(weight)), torch.zeros(1)]  # set_parameters says what is wrong
    by_size = {len(weight): weight, 1: bias}
    model.set_parameters([by_size[p.numel()].reshape(p.shape) for p in own])
    return model


def weight_and_bias(model, n_features):
    """The parameters of a submission's model as (weight (D,), bias ())."""
    own = model.parameters()
    assert holds_weights_and_bias(own, n_features), "the number of its parameters has changed"
    by_size = {p.numel(): p for p in own}
    return by_size[n_features].reshape(-1), by_size[1].reshape(())


# 1.1 sigmoid


@pytest.mark.task(
    "1.1",
    points=1,
    hint="Should a large positive z give a value near 1 or near 0? And does each element get its "
    "value without a look at the others?",
)
def test_sigmoid_holds_for_every_shape(student, reference, draw, close):
    for repeat, shape in enumerate([(), (7,), (4, 3), (2, 3, 4)]):
        z = either_sign(draw, "logits", *shape, low=0.3, high=6.0, repeat=repeat)
        close(student.sigmoid(z), reference.sigmoid(z))


@pytest.mark.task(
    "1.1",
    points=1,
    hint="What is the largest exponential in your formula when z is 80, or -80?",
)
def test_sigmoid_holds_for_large_logits(student, reference, draw, close):
    z = either_sign(draw, "logits", 9, low=12.0, high=79.0)
    z = torch.cat([z, torch.tensor([80.0, -80.0])])
    close(student.sigmoid(z), reference.sigmoid(z))


# 1.2 bce_with_logits


@pytest.mark.task(
    "1.2",
    points=1,
    hint="Take one logit of 2 and the label 0: what is the loss on paper? And should the loss grow "
    "when you send every sample twice?",
)
def test_bce_holds_for_mixed_labels(student, reference, draw, close):
    for repeat, (n_samples, n_ones) in enumerate([(7, 3), (50, 19)]):
        logits = either_sign(draw, "logits", n_samples, low=0.2, high=4.0, repeat=repeat)
        y = shuffled_labels(draw, n_samples, n_ones)
        close(student.bce_with_logits(logits, y), reference.bce_with_logits(logits, y))


@pytest.mark.task(
    "1.2",
    points=1,
    hint="Print the shape of what you average: is it N numbers, or a table of N times N?",
)
def test_bce_is_the_same_for_rows_and_columns(student, reference, draw, close):
    logits = either_sign(draw, "logits", 6, low=0.5, high=4.0)
    y = shuffled_labels(draw, n_samples=6, n_ones=2)
    expected = reference.bce_with_logits(logits, y)
    for scores in (logits, logits[:, None]):
        for targets in (y, y[:, None]):
            close(student.bce_with_logits(scores, targets), expected)


@pytest.mark.task(
    "1.2",
    points=1,
    hint="If no sample of a batch has the label 1, what does your loss still say about it?",
)
def test_bce_holds_for_one_class_and_one_sample(student, reference, draw, close):
    for repeat, label in enumerate((0.0, 1.0)):
        for n_samples in (5, 1):
            logits = draw("logits", repeat=repeat).uniform(n_samples, low=-4.0, high=4.0)
            y = torch.full((n_samples,), label)
            expected = reference.bce_with_logits(logits, y)
            close(student.bce_with_logits(logits, y), expected)
            close(student.bce_with_logits(logits[:, None], y), expected)


@pytest.mark.task(
    "1.2",
    points=1,
    hint="For the logit 80 and the label 0 the loss is 80: which of your intermediate values is "
    "rounded to exactly 0 or 1 on the way?",
)
def test_bce_is_stable_for_large_logits(student, reference, draw, close):
    for repeat in range(2):
        logits = either_sign(draw, "logits", 9, low=25.0, high=79.0, repeat=repeat)
        y = (logits < 0).float()  # certain and wrong: the loss is |logit|
        y[0] = 1.0 - y[0]  # certain and right: no nan from 0 times infinity
        close(student.bce_with_logits(logits, y), reference.bce_with_logits(logits, y))
    for logit, label in ((80.0, 0.0), (-80.0, 1.0)):
        scores, targets = torch.tensor([logit]), torch.tensor([label])
        expected = reference.bce_with_logits(scores, targets)
        close(student.bce_with_logits(scores, targets), expected)


# 2.1 LogisticRegression


@pytest.mark.task(
    "2.1",
    points=1,
    hint="What does list(model.parameters()) show: one number for every feature, and one more?",
)
def test_model_has_one_weight_per_feature_and_a_bias(student, reference):
    for n_features in (3, 8):
        model = new_model(student, n_features)
        assert holds_weights_and_bias(model.parameters(), n_features), "not D weights and a bias"


@pytest.mark.task(
    "2.1",
    points=1,
    hint="Is what forward returns a logit, any real number, or did something act on it already?",
)
def test_forward_gives_the_logits_of_its_parameters(student, reference, draw, close):
    for repeat, (n_samples, n_features) in enumerate([(7, 3), (5, 9)]):
        weight, bias = secret_parameters(draw, n_features, repeat=repeat)
        logits = either_sign(draw, "logits", n_samples, low=0.5, high=8.0, repeat=repeat)
        logits[:2] = torch.tensor([-3.0, 3.0])  # both signs in every batch
        x = rows_with_logits(draw, weight, bias, logits, repeat=repeat)
        model = model_at(student, weight, bias)
        expected = reference.model_at(weight, bias)(x)
        close(model(x), expected)
        close(model(x), expected)  # and again: nothing is made anew or left over


@pytest.mark.task(
    "2.1",
    points=1,
    hint="What should come out for a batch of one row, and for a row of zeros?",
)
def test_forward_holds_for_single_rows(student, reference, draw, close):
    weight, bias = secret_parameters(draw, 4)
    model, oracle = model_at(student, weight, bias), reference.model_at(weight, bias)
    for repeat in range(3):
        x = either_sign(draw, "features", 1, 4, low=0.5, high=2.0, repeat=repeat)
        close(model(x), oracle(x))
    zeros = torch.zeros(1, 4)
    close(model(zeros), oracle(zeros))


# 2.2 train


def close_after(student, reference, close, start, x, y, *, lr, epochs):
    """The losses and the parameters after each run of `epochs`, one run after the other."""
    weight, bias = start
    model, oracle = model_at(student, weight, bias), reference.model_at(weight, bias)
    for n_epochs in epochs:
        losses = student.train(model, x, y, lr, n_epochs)
        close(losses, reference.train(oracle, x, y, lr, n_epochs))
        close(weight_and_bias(model, len(weight)), (oracle.weight.detach(), oracle.bias.detach()))


@pytest.mark.task(
    "2.2",
    points=1,
    hint="After one step, how far has each parameter moved, and is that lr times the slope of the "
    "mean loss? Is the loss in the list the one before that step?",
)
def test_one_step_follows_the_gradient(student, reference, draw, close):
    start = secret_parameters(draw, 4)
    x = rows_with_logits(draw, *start, mixed_logits(draw, 11))
    y = shuffled_labels(draw, n_samples=11, n_ones=4)
    for lr in (0.1, 0.37):
        close_after(student, reference, close, start, x, y, lr=lr, epochs=[1])


@pytest.mark.task(
    "2.2",
    points=1,
    hint="Print .grad in the second step: does it hold the gradient of this step only? And how many "
    "steps does your loop take?",
)
def test_two_and_three_steps_follow_the_gradient(student, reference, draw, close):
    start = secret_parameters(draw, 3)
    x = rows_with_logits(draw, *start, mixed_logits(draw, 13))
    y = shuffled_labels(draw, n_samples=13, n_ones=5)
    for n_epochs in (2, 3):
        close_after(student, reference, close, start, x, y, lr=0.2, epochs=[n_epochs])


@pytest.mark.task(
    "2.2",
    points=1,
    hint="Are 4 epochs and then 6 more the same as 10 with your function? What does it remember, "
    "or start anew, between two calls?",
)
def test_ten_steps_in_one_run_and_in_two(student, reference, draw, close):
    start = secret_parameters(draw, 6)
    x = rows_with_logits(draw, *start, mixed_logits(draw, 50))
    y = shuffled_labels(draw, n_samples=50, n_ones=17)
    close_after(student, reference, close, start, x, y, lr=0.15, epochs=[10])
    close_after(student, reference, close, start, x, y, lr=0.15, epochs=[4, 6])


@pytest.mark.task(
    "2.2",
    points=1,
    hint="Labels of shape (N, 1) and logits of shape (N,): what is the shape of their difference?",
)
def test_a_column_of_labels_trains_alike(student, reference, draw, close):
    start = secret_parameters(draw, 5)
    x = rows_with_logits(draw, *start, mixed_logits(draw, 8))
    y = shuffled_labels(draw, n_samples=8, n_ones=3)
    for targets in (y, y[:, None]):
        close_after(student, reference, close, start, x, targets, lr=0.2, epochs=[3])


@pytest.mark.task(
    "2.2",
    points=1,
    hint="What does one row alone teach the model? And where all labels are 0, which way should the "
    "bias move, and does anything hold it back?",
)
def test_one_class_and_one_row_can_be_trained_on(student, reference, draw, close):
    for repeat, label in enumerate((0.0, 1.0)):
        start = secret_parameters(draw, 5, repeat=repeat)
        for n_samples in (6, 1):
            # Certain and wrong, with features of size 2: the gradient is larger than 1.
            size = draw("logits", repeat=repeat).uniform(n_samples, low=2.0, high=4.0)
            x = rows_with_logits(draw, *start, size * (1.0 - 2.0 * label), repeat=repeat)
            y = torch.full((n_samples,), label)
            close_after(student, reference, close, start, x, y, lr=0.05, epochs=[1, 2])


# 3.1 probabilities


@pytest.mark.task(
    "3.1",
    points=1,
    hint="What turns a logit into a probability, and do the probabilities of a batch have to add up "
    "to anything?",
)
def test_probabilities_hold_for_a_batch(student, reference, draw, close):
    weight, bias = secret_parameters(draw, 4)
    x = rows_with_logits(draw, weight, bias, mixed_logits(draw, 9))
    expected = reference.probabilities(reference.model_at(weight, bias), x)
    close(student.probabilities(model_at(student, weight, bias), x), expected)


@pytest.mark.task(
    "3.1",
    points=1,
    hint="For a single row, is your answer the same as for that row in a batch?",
)
def test_probabilities_hold_for_single_rows_and_large_logits(student, reference, draw, close):
    weight, bias = secret_parameters(draw, 3)
    model, oracle = model_at(student, weight, bias), reference.model_at(weight, bias)
    logits = torch.cat(
        [either_sign(draw, "logits", 4, low=0.2, high=3.0), torch.tensor([60.0, -60.0])]
    )
    x = rows_with_logits(draw, weight, bias, logits)
    for row in range(len(x)):
        single = x[row : row + 1]
        close(student.probabilities(model, single), reference.probabilities(oracle, single))
    close(student.probabilities(model, x), reference.probabilities(oracle, x))


# 3.2 labels


@pytest.mark.task(
    "3.2",
    points=1,
    hint="Which logit belongs to p = 0.5, and which label does a row with p = 0.55 get?",
)
def test_labels_hold_for_a_batch(student, reference, draw, close):
    weight, bias = secret_parameters(draw, 4)
    x = rows_with_logits(draw, weight, bias, mixed_logits(draw, 13))
    expected = reference.labels(reference.model_at(weight, bias), x)
    close(student.labels(model_at(student, weight, bias), x), expected)


@pytest.mark.task(
    "3.2",
    points=1,
    hint="Should the label of one row depend on the rows beside it?",
)
def test_labels_hold_for_one_class_and_one_row(student, reference, draw, close):
    weight, bias = secret_parameters(draw, 3)
    model, oracle = model_at(student, weight, bias), reference.model_at(weight, bias)
    for repeat, sign in enumerate((-1.0, 1.0)):
        for n_samples in (6, 1):
            logits = sign * draw("logits", repeat=repeat).uniform(n_samples, low=0.1, high=3.0)
            x = rows_with_logits(draw, weight, bias, logits, repeat=repeat)
            close(student.labels(model, x), reference.labels(oracle, x))


# 3.3 accuracy


def labels_with_hits(draw, logits, n_hits):
    """Labels that agree with the sign of exactly n_hits logits, at random places."""
    agrees = draw("hits").permutation(len(logits)) < n_hits
    return torch.where(agrees, logits > 0, logits < 0).float()


@pytest.mark.task(
    "3.3",
    points=1,
    hint="Count the right labels of 13 rows by hand: can more than 13 be right, and what do you "
    "divide by?",
)
def test_accuracy_counts_every_row_once(student, reference, draw, close):
    # 13 is prime: a comparison of all rows with all labels cannot give the right share by luck.
    weight, bias = secret_parameters(draw, 4)
    logits = mixed_logits(draw, 13)
    x = rows_with_logits(draw, weight, bias, logits)
    y = labels_with_hits(draw, logits, n_hits=3 + draw("count").integers(high=8).item())
    model, oracle = model_at(student, weight, bias), reference.model_at(weight, bias)
    for targets in (y, y[:, None]):
        close(student.accuracy(model, x, targets), reference.accuracy(oracle, x, targets))


@pytest.mark.task(
    "3.3",
    points=1,
    hint="What should come out when every label is wrong, or when there is one row only?",
)
def test_accuracy_holds_for_one_class_and_one_row(student, reference, draw, close):
    weight, bias = secret_parameters(draw, 3)
    model, oracle = model_at(student, weight, bias), reference.model_at(weight, bias)
    logits = mixed_logits(draw, 7)
    x = rows_with_logits(draw, weight, bias, logits)
    for label in (0.0, 1.0):
        y = torch.full((7,), label)
        close(student.accuracy(model, x, y), reference.accuracy(oracle, x, y))
    for n_hits in (0, 7):
        y = labels_with_hits(draw, logits, n_hits)
        close(student.accuracy(model, x, y), reference.accuracy(oracle, x, y))
        close(student.accuracy(model, x[:1], y[:1]), reference.accuracy(oracle, x[:1], y[:1]))
