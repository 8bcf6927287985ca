"""The course's assignments as otter-grader assignments with the tests that instructors usually write.

A few known or seeded inputs, the master's answer beside the submission's, `allclose`; for training, what comes out at
the end: parameters near the solution, a loss or an accuracy beyond a threshold. That is what public courses do
(minitorch, CS336, UvA, d2l; dlsys adds single steps). What comes back is converted first wherever a handout promises
that any style will do. Written from the handouts; nothing is taken from the hidden suites.

`CAREFUL` tests are what a careful instructor adds: the first steps of a training beside the master's, with a tolerance
of one part in ten thousand, and the modes of a model. Public courses seldom have them.

Every function here is copied, as text, into the test files that otter runs; there `reference` holds the master.
"""

import copy
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import torch
from torch import nn

reference = SimpleNamespace()

#: 2,000 and 1,000 digits, beside the submission when its tests run.
DIGITS_FILE = "digits.pt"


# What the tests share.


def same(actual, expected, rtol=1e-5, atol=1e-8):
    """torch.allclose with its own tolerances, on tensors, arrays, numbers and lists."""
    if isinstance(actual, list):  # of floats, tensors or arrays
        actual = torch.stack([torch.as_tensor(one, dtype=torch.float32) for one in actual])
    expected = torch.as_tensor(expected, dtype=torch.float32).squeeze()
    actual = torch.as_tensor(actual, dtype=torch.float32).squeeze()
    return torch.allclose(actual, expected, rtol=rtol, atol=atol)


def all_same(actual, expected):
    return len(actual) == len(expected) and all(map(same, actual, expected))


def all_close(actual, expected):
    """The same to one part in ten thousand, for what several steps of float32 have led to."""
    return len(actual) == len(expected) and all(
        same(a, e, rtol=1e-4, atol=1e-6) for a, e in zip(actual, expected, strict=True)
    )


def regression_data():
    """A linear law with a little noise."""
    torch.manual_seed(42)
    x = torch.randn(100, 3)
    true_w, true_b = torch.tensor([2.0, -3.4, 1.5]), torch.tensor(4.2)
    return x, x @ true_w + true_b + 0.1 * torch.randn(100), true_w, true_b


def regression_start():
    torch.manual_seed(1)
    return torch.randn(3), torch.randn(())


def classification_data():
    """Two overlapping clouds."""
    torch.manual_seed(42)
    y = (torch.arange(100) % 2).float()
    return torch.randn(100, 2) + 2.0 * y[:, None], y


def with_parameters(model, w, b):
    """The model with these weights and this bias, whatever it calls them."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_((b if parameter.numel() == 1 else w).reshape(parameter.shape))
    return model


def weights_and_bias(model):
    by_size = sorted(model.parameters(), key=lambda p: -p.numel())
    return [parameter.detach().flatten() for parameter in by_size]


def digits():
    """(x, y, x_test, y_test) of a small part of MNIST."""
    data = torch.load("digits.pt")
    return [part / 255 if part.dtype == torch.uint8 else part for part in data]


def batches_of(x, y, size):
    return list(zip(x.split(size), y.split(size), strict=True))


def small_network(*layers):
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(784, 32), nn.ReLU(), *layers, nn.Linear(32, 10))


HELPERS = (
    *(same, all_same, all_close, regression_data, regression_start, classification_data),
    *(with_parameters, weights_and_bias, digits, batches_of, small_network),
)


# chain_rule


def product_at_the_lecture_point(product_gradients):
    x, y, z = torch.tensor([-2.0, 5.0, -4.0])
    assert all_same(product_gradients(x, y, z), (-4.0, -4.0, 3.0))


def product_at_random_points(product_gradients):
    torch.manual_seed(42)
    for x, y, z in torch.randn(3, 3):
        expected = reference.product_gradients(x, y, z)
        assert all_same(product_gradients(x, y, z), expected)


def mse_gradients_of_three_points(mse_gradients):
    a, b = torch.tensor(1.0), torch.tensor(2.0)
    x, y = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 6.0, 5.0])
    expected = reference.mse_gradients(a, b, x, y)
    assert all_same(mse_gradients(a, b, x, y), expected)


def mse_gradients_of_random_data(mse_gradients):
    torch.manual_seed(42)
    a, b = torch.randn(2)
    x, y = torch.randn(2, 20)
    expected = reference.mse_gradients(a, b, x, y)
    assert all_same(mse_gradients(a, b, x, y), expected)


def neuron_at_the_lecture_point(neuron_gradients):
    w, b, x, y = torch.tensor([0.23, 0.1, 1.23, 1.0])
    expected = reference.neuron_gradients(w, b, x, y)
    assert all_same(neuron_gradients(w, b, x, y), expected)


def neuron_at_random_points(neuron_gradients):
    torch.manual_seed(42)
    for label in (0.0, 1.0, 0.0):
        w, b, x = torch.randn(3)
        y = torch.tensor(label)
        expected = reference.neuron_gradients(w, b, x, y)
        assert all_same(neuron_gradients(w, b, x, y), expected)


def neuron_on_a_random_batch(neuron_batch_gradients):
    torch.manual_seed(42)
    w, b = torch.randn(2)
    x, y = torch.randn(10), torch.randint(2, (10,)).float()
    expected = reference.neuron_batch_gradients(w, b, x, y)
    assert all_same(neuron_batch_gradients(w, b, x, y), expected)


def two_layers_on_a_random_batch(two_layer_gradients):
    torch.manual_seed(42)
    w1, b1, w2, b2 = torch.randn(4, 10), torch.randn(10), torch.randn(10, 3), torch.randn(3)
    x, y = torch.randn(5, 4), torch.tensor([0, 1, 2, 2, 1])
    expected = reference.two_layer_gradients(w1, b1, w2, b2, x, y)
    assert all_same(two_layer_gradients(w1, b1, w2, b2, x, y), expected)


# linear_regression


def mse_loss_of_two_points(mse_loss):
    x, y = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([1.0, 2.0])
    loss = mse_loss(torch.tensor([1.0, -1.0]), torch.tensor(0.5), x, y)
    assert same(loss, 4.25)  # the errors are 1.5 and 2.5


def mse_loss_of_random_data(mse_loss):
    (x, y, _, _), (w, b) = regression_data(), regression_start()
    expected = reference.mse_loss(w, b, x, y)
    assert same(mse_loss(w, b, x, y), expected)


def loss_gradients_of_random_data(loss_gradients):
    (x, y, _, _), (w, b) = regression_data(), regression_start()
    expected = reference.loss_gradients(w, b, x, y)
    assert all_same(loss_gradients(w, b, x, y), expected)


def gradient_descent_finds_the_law(gradient_descent):
    x, y, true_w, true_b = regression_data()
    w, b, losses = gradient_descent(x, y, torch.zeros(3), torch.tensor(0.0), 0.1, 100)
    assert len(losses) == 100
    assert losses[-1] < losses[0]
    assert losses[-1] < 0.02
    assert same(w, true_w, atol=0.05)
    assert same(b, true_b, atol=0.05)


def gradient_descent_makes_three_steps(gradient_descent):
    (x, y, _, _), (w, b) = regression_data(), regression_start()
    expected = reference.gradient_descent(x, y, w, b, 0.1, 3)
    assert all_close(gradient_descent(x, y, w, b, 0.1, 3), expected)


def sgd_finds_the_law(sgd):
    x, y, true_w, true_b = regression_data()
    batches = batches_of(x, y, 10) * 10
    w, b, losses = sgd(batches, torch.zeros(3), torch.tensor(0.0), 0.05)
    assert len(losses) == len(batches)
    assert losses[-1] < losses[0]
    assert losses[-1] < 0.05
    assert same(w, true_w, atol=0.05)
    assert same(b, true_b, atol=0.05)


def sgd_makes_three_steps(sgd):
    (x, y, _, _), (w, b) = regression_data(), regression_start()
    batches = batches_of(x, y, 40)
    expected = reference.sgd(batches, w, b, 0.1)
    assert all_close(sgd(batches, w, b, 0.1), expected)


def concise_fit_finds_the_law(concise_fit):
    x, y, true_w, true_b = regression_data()
    w, b, losses = concise_fit(x, y, torch.zeros(3), torch.tensor(0.0), 0.1, 100)
    assert len(losses) == 100
    assert losses[-1] < losses[0]
    assert losses[-1] < 0.02
    assert same(w, true_w, atol=0.05)
    assert same(b, true_b, atol=0.05)


def concise_fit_makes_three_steps(concise_fit):
    (x, y, _, _), (w, b) = regression_data(), regression_start()
    expected = reference.concise_fit(x, y, w, b, 0.1, 3)
    assert all_close(concise_fit(x, y, w, b, 0.1, 3), expected)


# logistic_regression


def sigmoid_of_known_and_random_numbers(sigmoid):
    torch.manual_seed(42)
    for z in (torch.tensor([-2.0, 0.0, 3.0]), torch.randn(4, 5), torch.tensor([-80.0, 80.0])):
        assert same(sigmoid(z), torch.sigmoid(z))


def bce_of_random_logits(bce_with_logits):
    torch.manual_seed(42)
    logits, y = 3.0 * torch.randn(20), torch.randint(2, (20,)).float()
    expected = reference.bce_with_logits(logits, y)
    assert same(bce_with_logits(logits, y), expected)
    assert same(bce_with_logits(logits[:, None], y), expected)


def bce_of_large_logits(bce_with_logits):
    logits, y = torch.tensor([80.0, -80.0, 80.0]), torch.tensor([0.0, 1.0, 1.0])
    assert same(bce_with_logits(logits, y), 160 / 3)


def model_gives_logits(env):
    torch.manual_seed(42)
    model, w, b, x = (
        env["LogisticRegression"](3),
        torch.randn(3),
        torch.randn(()),
        torch.randn(8, 3),
    )
    assert isinstance(model, nn.Module)
    assert sum(p.numel() for p in model.parameters()) == 4
    output = with_parameters(model, w, b)(x)
    assert output.shape == (8,)
    assert same(output, x @ w + b)


def training_separates_two_clouds(env):
    x, y = classification_data()
    torch.manual_seed(0)
    model = env["LogisticRegression"](2)
    losses = env["train"](model, x, y, 0.5, 200)
    assert len(losses) == 200
    assert losses[-1] < losses[0]
    assert losses[-1] < 0.25
    predicted = torch.as_tensor(model(x)).flatten() > 0
    assert (predicted == y.bool()).float().mean() > 0.9


def training_makes_three_steps(env):
    x, y = classification_data()
    w, b = torch.tensor([0.5, -0.3]), torch.tensor(0.2)
    own = with_parameters(env["LogisticRegression"](2), w, b)
    model = with_parameters(reference.LogisticRegression(2), w, b)
    assert all_close(env["train"](own, x, y, 0.5, 3), reference.train(model, x, y, 0.5, 3))
    assert all_close(weights_and_bias(own), weights_and_bias(model))


def probabilities_of_random_rows(env):
    torch.manual_seed(42)
    w, b, x = torch.randn(3), torch.randn(()), torch.randn(8, 3)
    p = env["probabilities"](with_parameters(env["LogisticRegression"](3), w, b), x)
    assert p.shape == (8,)
    assert same(p, torch.sigmoid(x @ w + b))


def labels_of_random_rows(env):
    torch.manual_seed(42)
    w, b, x = torch.randn(3), torch.randn(()), torch.randn(20, 3)
    found = env["labels"](with_parameters(env["LogisticRegression"](3), w, b), x)
    assert found.shape == (20,)
    assert (found == (x @ w + b >= 0).long()).all()


def accuracy_of_random_rows(env):
    torch.manual_seed(42)
    w, b, x = torch.randn(3), torch.randn(()), torch.randn(20, 3)
    y = torch.randint(2, (20,)).float()
    model = with_parameters(env["LogisticRegression"](3), w, b)
    right = (x @ w + b >= 0).float()
    assert same(env["accuracy"](model, x, y), (right == y).float().mean())
    assert same(env["accuracy"](model, x, 1 - right), 0.0)


# mnist_mlp


def mlp_has_the_layers(env):
    model = env["MLP"]()
    assert isinstance(model, nn.Module)
    assert sum(p.numel() for p in model.parameters()) == 59_210
    assert model(torch.rand(5, 784)).shape == (5, 10)


def mlp_computes_as_the_reference(env):
    torch.manual_seed(42)
    own, model, x = env["MLP"](), reference.MLP(), torch.rand(5, 784)
    with torch.no_grad():
        for theirs, ours in zip(own.parameters(), model.parameters(), strict=True):
            theirs.copy_(ours)
    assert same(own(x).log_softmax(dim=1), model(x).log_softmax(dim=1))


def train_epoch_lowers_the_loss(train_epoch):
    x, y, _, _ = digits()
    model, batches = small_network(), batches_of(x[:500], y[:500], 50)
    first = nn.functional.cross_entropy(model(batches[0][0]), batches[0][1])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    history = [train_epoch(model, optimizer, batches) for _ in range(10)]
    assert all(len(losses) == 10 for losses in history)
    assert same(history[0][0], first.detach())
    assert sum(history[-1]) < sum(history[0])
    assert sum(history[-1]) / 10 < 0.6


def train_epoch_makes_three_steps(train_epoch):
    x, y, _, _ = digits()
    own, batches = small_network(), batches_of(x[:24], y[:24], 10)
    model = copy.deepcopy(own)
    optimizers = [torch.optim.SGD(m.parameters(), lr=0.1, momentum=0.9) for m in (own, model)]
    expected = reference.train_epoch(model, optimizers[1], batches)
    assert all_close(train_epoch(own, optimizers[0], batches), expected)
    assert all_close([*own.parameters()], [*model.parameters()])


def train_epoch_trains_in_training_mode(train_epoch):
    x, y, _, _ = digits()
    model = small_network().eval()
    train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.1), batches_of(x[:20], y[:20], 10))
    assert model.training


def evaluate_counts_as_the_reference(evaluate):
    _, _, x, y = digits()
    model, batches = small_network(), batches_of(x, y, 64)
    expected = reference.evaluate(model, batches)
    assert same(evaluate(model, batches), expected)


def evaluate_leaves_dropout_out(evaluate):
    _, _, x, y = digits()
    model, batches = small_network(nn.Dropout(0.5)).train(), batches_of(x, y, 64)
    expected = reference.evaluate(model, batches)
    assert same(evaluate(model, batches), expected)
    assert model.training


def train_reads_digits(train):
    x, y, x_test, y_test = digits()
    model = train(x, y, epochs=10, batch_size=64, lr=5e-3, seed=0)
    # The master is between 0.857 and 0.884 with 20 seeds.
    assert reference.evaluate(model, [(x_test, y_test)]) > 0.85


def train_repeats_itself_by_its_seed(train):
    x, y, _, _ = digits()
    first, again, other = (
        train(x[:200], y[:200], epochs=2, batch_size=64, lr=5e-3, seed=seed) for seed in (1, 1, 2)
    )
    assert all_same([*first.parameters()], [*again.parameters()])
    assert not all_same([*first.parameters()], [*other.parameters()])


#: By assignment and task.
TESTS: Mapping[str, Mapping[str, tuple[Callable[..., None], ...]]] = {
    "chain_rule": {
        "1.1": (product_at_the_lecture_point, product_at_random_points),
        "2.1": (mse_gradients_of_three_points, mse_gradients_of_random_data),
        "3.1": (neuron_at_the_lecture_point, neuron_at_random_points),
        "3.2": (neuron_on_a_random_batch,),
        "4.1": (two_layers_on_a_random_batch,),
    },
    "linear_regression": {
        "1.1": (mse_loss_of_two_points, mse_loss_of_random_data),
        "1.2": (loss_gradients_of_random_data,),
        "2.1": (gradient_descent_finds_the_law, gradient_descent_makes_three_steps),
        "3.1": (sgd_finds_the_law, sgd_makes_three_steps),
        "4.1": (concise_fit_finds_the_law, concise_fit_makes_three_steps),
    },
    "logistic_regression": {
        "1.1": (sigmoid_of_known_and_random_numbers,),
        "1.2": (bce_of_random_logits, bce_of_large_logits),
        "2.1": (model_gives_logits,),
        "2.2": (training_separates_two_clouds, training_makes_three_steps),
        "3.1": (probabilities_of_random_rows,),
        "3.2": (labels_of_random_rows,),
        "3.3": (accuracy_of_random_rows,),
    },
    "mnist_mlp": {
        "1.1": (mlp_has_the_layers, mlp_computes_as_the_reference),
        "2.1": (
            train_epoch_lowers_the_loss,
            train_epoch_makes_three_steps,
            train_epoch_trains_in_training_mode,
        ),
        "3.1": (evaluate_counts_as_the_reference, evaluate_leaves_dropout_out),
        "4.1": (train_reads_digits, train_repeats_itself_by_its_seed),
    },
}
#: Those that a careful instructor adds.
CAREFUL = frozenset(
    test.__name__
    for test in (
        *(gradient_descent_makes_three_steps, sgd_makes_three_steps, concise_fit_makes_three_steps),
        *(training_makes_three_steps, train_epoch_makes_three_steps),
        *(train_epoch_trains_in_training_mode, evaluate_leaves_dropout_out),
    )
)
