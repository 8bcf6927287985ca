"""Known-wrong variants of "Linear regression by autograd", and visible inputs on which they show.

Losses are written down in float64 and differentiated by autograd; training is one walk over batches,
which for the full batch meets the same one again and again. The oracle's closed form shares none of
this.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from autograder.judging.diagnosis.misconceptions import Example, Misconception

Loss = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
Gradients = Callable[[Tensor, Tensor, Tensor, Tensor], tuple[Tensor, ...]]
Batches = Sequence[tuple[Tensor, Tensor]]
Trained = tuple[Tensor, Tensor, list[float]]
Walk = Callable[[Batches, Tensor, Tensor, float], Trained]
Rule = Callable[[float, list[Tensor]], Tensor]


# Losses and gradients. All take w, b, x, y.


def of_errors(formula: Callable[[Tensor, Tensor], Tensor]) -> Loss:
    """A loss by a formula of the errors y - x w - b and of x."""

    def loss(w: Tensor, b: Tensor, x: Tensor, y: Tensor) -> Tensor:
        x = x.double()
        return formula(y.double() - x @ w.double() - b.double(), x)

    return loss


mse = of_errors(lambda e, _x: e.square().mean())


def without_intercept(w, b, x, y):
    return mse(w, 0 * b, x, y)


def column_against_row(w, b, x, y):
    predictions = x.double() @ w.double() + b.double()
    return (predictions[:, None] - y.double()).square().mean()


def slopes(loss: Loss = mse) -> Gradients:
    """The gradients of a loss with respect to w and b."""

    def gradients(w: Tensor, b: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
        # Not torch.func.grad: with its layers, all variants of all steps take a second more.
        leaves = [value.detach().double().clone().requires_grad_() for value in (w, b)]
        with torch.enable_grad():
            return torch.autograd.grad(loss(*leaves, x, y), leaves)

    return gradients


def changed(change: Callable[[Tensor], Tensor]) -> Gradients:
    """The right gradients, each of them changed."""
    return lambda *inputs: tuple(change(gradient) for gradient in slopes()(*inputs))


def intercept_halved(w, b, x, y):
    dw, db = slopes()(w, b, x, y)
    return dw, db / 2


def one_for_all_weights(w, b, x, y):
    dw, db = slopes()(w, b, x, y)
    return dw.mean().expand(len(w)), db


def loss_for_intercept(w, b, x, y):
    return slopes()(w, b, x, y)[0], mse(w, b, x, y)


def one_for_each_sample(w, b, x, y):
    twice = 2 * (x.double() @ w.double() + b.double() - y.double())
    return twice[:, None] * x, twice


# Steps. A rule makes a step, which is subtracted, of lr and all gradients so far; in each of them
# the last number is that of b.


def walk(
    loss: Loss = mse,
    gradients: Gradients | None = None,
    rule: Rule = lambda lr, past: lr * past[-1],
) -> Walk:
    """An `sgd` that is right but for its loss, its gradients or its step."""
    gradients = gradients or slopes(loss)

    def steps(batches: Batches, w: Tensor, b: Tensor, lr: float) -> Trained:
        w, b = w.double(), b.double()
        losses: list[float] = []
        past: list[Tensor] = []
        for x, y in batches:
            losses.append(loss(w, b, x, y).item())
            past.append(torch.cat([value.reshape(-1) for value in gradients(w, b, x, y)]))
            step = rule(lr, past)
            w, b = w - step[:-1], b - step[-1]
        return w, b, losses

    return steps


right_walk = walk()


def only_intercept_hoards(lr: float, past: list[Tensor]) -> Tensor:
    return lr * torch.cat([past[-1][:-1], sum(past)[-1:]])


def only_weights(lr: float, past: list[Tensor]) -> Tensor:
    return lr * torch.cat([past[-1][:-1], torch.zeros(1)])


def momentum(lr: float, past: list[Tensor]) -> Tensor:
    return lr * sum(0.9**age * gradient for age, gradient in enumerate(reversed(past)))


def adam(lr: float, past: list[Tensor]) -> Tensor:
    first = sum(0.1 * 0.9**age * g for age, g in enumerate(reversed(past)))
    second = sum(0.001 * 0.999**age * g.square() for age, g in enumerate(reversed(past)))
    unbiased = (second / (1 - 0.999 ** len(past))).sqrt()
    return lr * first / (1 - 0.9 ** len(past)) / (unbiased + 1e-8)


def clipped(lr: float, past: list[Tensor]) -> Tensor:
    return lr * past[-1] / past[-1].norm().clamp(min=1.0)


# Walks over batches that go wrong as a whole.


def intercept_first(batches, w, b, lr):
    w, b, losses = w.double(), b.double(), []
    for batch in batches:
        losses.append(mse(w, b, *batch).item())
        b = b - lr * slopes()(w, b, *batch)[1]
        w = w - lr * slopes()(w, b, *batch)[0]
    return w, b, losses


def from_zero(batches, w, b, lr):
    return right_walk(batches, 0 * w, 0 * b, lr)


def last_left_out(batches, w, b, lr):
    return right_walk(batches[:-1], w, b, lr)


def short_left_out(batches, w, b, lr):
    full = [batch for batch in batches if len(batch[1]) >= len(batches[0][1])]
    return right_walk(full, w, b, lr)


def start_returned(batches, w, b, lr):
    return w, b, right_walk(batches, w, b, lr)[2]


def intercept_returned_first(batches, w, b, lr):
    w, b, losses = right_walk(batches, w, b, lr)
    return b, w, losses


def loss_after_the_step(batches, w, b, lr):
    losses = []
    for batch in batches:
        w, b, _ = right_walk([batch], w, b, lr)
        losses.append(mse(w, b, *batch).item())
    return w, b, losses


def mean_so_far(batches, w, b, lr):
    w, b, losses = right_walk(batches, w, b, lr)
    return w, b, [sum(losses[: k + 1]) / (k + 1) for k in range(len(losses))]


def sum_so_far(batches, w, b, lr):
    w, b, losses = right_walk(batches, w, b, lr)
    return w, b, [sum(losses[: k + 1]) for k in range(len(losses))]


def losses_divided_again(batches, w, b, lr):
    w, b, losses = right_walk(batches, w, b, lr)
    return w, b, [loss / len(y) for loss, (_, y) in zip(losses, batches, strict=True)]


def last_loss(batches, w, b, lr):
    w, b, losses = right_walk(batches, w, b, lr)
    return w, b, losses[-1] if losses else 0.0


def no_losses(batches, w, b, lr):
    # A list, not a tuple: of a tuple the comparison forgives more values at the end, and right
    # parameters with any losses would look like this slip.
    return list(right_walk(batches, w, b, lr)[:2])


def one_step_at_the_end(batches, w, b, lr):
    found = [right_walk([batch], w, b, lr) for batch in batches]
    losses = [loss for _, _, (loss,) in found]
    step_w, step_b = (sum(end[part] - start for end in found) for part, start in enumerate((w, b)))
    return w + step_w, b + step_b, losses


def joined(batches, w, b, lr):
    x, y = (torch.cat(parts) for parts in zip(*batches, strict=True))
    return right_walk([(x, y)] * len(batches), w, b, lr)


def divided_by_the_first_size(batches, w, b, lr):
    n = len(batches[0][1])
    return walk(of_errors(lambda e, _x: e.square().sum() / n))(batches, w, b, lr)


def each_from_the_start(batches, w, b, lr):
    found = [right_walk([batch], w, b, lr) for batch in batches]
    return *found[-1][:2], [loss for _, _, (loss,) in found]


# Full-batch training that goes wrong as a whole: x, y, w, b, lr, n_epochs.


def one_epoch_more(x, y, w, b, lr, n_epochs):
    return right_walk([(x, y)] * (n_epochs + 1), w, b, lr)


def twenty_epochs(x, y, w, b, lr, _n_epochs):
    return right_walk([(x, y)] * 20, w, b, lr)


def closed_form(x, y, _w, _b, _lr, n_epochs):
    design = torch.cat([x, torch.ones(len(x), 1)], dim=1).double()
    best = torch.linalg.lstsq(design, y.double()[:, None]).solution[:, 0]
    return best[:-1], best[-1], [mse(best[:-1], best[-1], x, y).item()] * n_epochs


def same_gradient(x, y, w, b, lr, n_epochs):
    w, b, losses = right_walk([(x, y)], w, b, lr * n_epochs)
    return w, b, losses * n_epochs


def always_the_first_epoch(x, y, w, b, lr, n_epochs):
    w, b, losses = right_walk([(x, y)] * min(n_epochs, 1), w, b, lr)
    return w, b, losses * n_epochs


def intercept_repaired(x, y, w, b, lr, n_epochs):
    w, b, losses = walk(without_intercept)([(x, y)] * n_epochs, w, b, lr)
    return w, (y - x.double() @ w).mean() if n_epochs else b, losses


def standardised(x, y, w, b, lr, n_epochs):
    return right_walk([((x - x.mean(dim=0)) / x.std(dim=0), y)] * n_epochs, w, b, lr)


def centred(x, y, w, b, lr, n_epochs):
    return right_walk([(x - x.mean(dim=0), y - y.mean())] * n_epochs, w, b, lr)


def last_loss_as_well(x, y, w, b, lr, n_epochs):
    w, b, losses = right_walk([(x, y)] * n_epochs, w, b, lr)
    return w, b, [*losses, mse(w, b, x, y).item()]


# Which entry points have a slip.


def full_batch(training: Callable[..., Trained]) -> dict[str, Callable[..., object]]:
    """The variants of both tasks on the full batch."""
    return {"gradient_descent": training, "concise_fit": training}


def loops(steps: Walk) -> dict[str, Callable[..., object]]:
    """The variants of all three tasks that train, by one walk over batches."""
    return {
        **full_batch(lambda x, y, w, b, lr, n_epochs: steps([(x, y)] * n_epochs, w, b, lr)),
        "sgd": steps,
    }


def of_loss(loss: Loss) -> dict[str, Callable[..., object]]:
    """The variants of all tasks, by a wrong loss."""
    return {"mse_loss": loss, "loss_gradients": slopes(loss), **loops(walk(loss))}


def of_gradients(gradients: Gradients) -> dict[str, Callable[..., object]]:
    """The variants of all tasks but the loss, by wrong gradients."""
    return {"loss_gradients": gradients, **loops(walk(gradients=gradients))}


MSE = "lecture 002, slide 'Autograd (with simple linear regression example)'"
DESCENT = "lecture 002, slide 'Gradient Decent'"
PARAMETERS = "lecture 002, slide 'Creating Parameters'"
AUTOGRAD = "lecture 002, slide 'Autograd'"
DOWNHILL = "lecture 000, section 'Gradient Descent'"
OPTIMIZER = "lecture 000, section 'Optimizer'"
LOOP = "lecture 000, section 'Overall: 2-layer MLP'"
LINEAR = "lecture 000, section 'Linear Layer'"
MEAN = "lecture 001, slide 'Training a neural network'"
MINIBATCH = "lecture 001, slide 'Stochastic Gradient Descent'"
TRAINING = "lecture 003, slide 'Train the Model'"
REGRESSION = "lecture 004, section 'Linear Regression'"


MISCONCEPTIONS = [
    # The loss, and all that follows from it.
    Misconception(
        id="L08",
        what="the loss is halved, as lecture 004 writes it",
        question="Two lectures define the squared loss, and not alike. Which one does the handout write "
        "down?",
        reading=MSE,
        variants=of_loss(of_errors(lambda e, _x: e.square().mean() / 2)),
    ),
    Misconception(
        id="L07",
        what="the squares are added up and no mean is taken",
        question="Send every sample twice: does your loss double? Should it?",
        reading=MEAN,
        variants=of_loss(of_errors(lambda e, _x: e.square().sum())),
    ),
    Misconception(
        id="L05",
        what="predictions in a column meet targets in a row: N times N errors",
        question="Print the shape of the errors just before the square. How many are there for N "
        "samples?",
        reading="torch docs, 'Broadcasting semantics'",
        variants=of_loss(column_against_row),
    ),
    Misconception(
        id="L10c",
        what="the model is x w alone: the bias is left out, or the layer has none",
        question="What does your model predict for a sample of zeros, and which number should that be?",
        reading=LINEAR,
        variants=of_loss(without_intercept),
    ),
    Misconception(
        id="L13",
        what="the mean of the errors is taken first and then squared: errors of both signs cancel",
        question="Try the errors +1 and -1 on paper. Which loss do you expect, and which one do you get?",
        reading=MSE,
        variants=of_loss(of_errors(lambda e, _x: e.mean().square())),
    ),
    Misconception(
        id="L12",
        what="the loss is the mean of the absolute errors",
        question="What should a single error of 2 cost by the formula, and what does it cost in yours?",
        reading="torch docs, 'torch.nn.L1Loss'",
        variants=of_loss(of_errors(lambda e, _x: e.abs().mean())),
    ),
    Misconception(
        id="L12b",
        what="a square root is taken of the mean: RMSE",
        question="If y is in metres, in which units is the loss of the formula, and in which is yours?",
        reading="torch docs, 'torch.nn.MSELoss'",
        variants=of_loss(of_errors(lambda e, _x: e.square().mean().sqrt())),
    ),
    Misconception(
        id="L12c",
        what="the loss is a smooth L1: squares for small errors only, straight lines for large ones",
        question="Double a large error: should its part of the loss become two or four times as large?",
        reading="torch docs, 'torch.nn.SmoothL1Loss'",
        variants=of_loss(
            of_errors(lambda e, _x: functional.smooth_l1_loss(e, torch.zeros_like(e)))
        ),
    ),
    Misconception(
        id="L07d",
        what="the sum is divided by the number of entries of x, samples times features",
        question="Add a feature that is always 0: the predictions stay. Does your loss stay as well?",
        reading="torch docs, 'torch.numel'",
        variants=of_loss(of_errors(lambda e, x: e.square().sum() / x.numel())),
    ),
    Misconception(
        id="L07c",
        what="the sum is divided by N - 1",
        question="What does your loss say about a batch of one single sample?",
        reading=MSE,
        variants=of_loss(of_errors(lambda e, _x: e.square().sum() / (len(e) - 1))),
    ),
    # Gradients, and the steps that are made with them.
    Misconception(
        id="L21",
        what="what belongs to b is returned before what belongs to w",
        question="Print the shapes of what you return. Which of them is that of the weights, and where "
        "does the task want it?",
        reading=PARAMETERS,
        variants={
            "loss_gradients": lambda *inputs: slopes()(*inputs)[::-1],
            **loops(intercept_returned_first),
        },
    ),
    Misconception(
        id="L09",
        what="the gradient of the intercept lacks the factor 2",
        question="Differentiate once for a weight and once for the intercept. Do both get the same "
        "constant in front?",
        reading=DESCENT,
        variants=of_gradients(intercept_halved),
    ),
    Misconception(
        id="L14",
        what="one mean over samples and features serves as the gradient of all weights",
        question="How many slopes are there for D weights, and should two features of different scale "
        "get the same one?",
        reading=DESCENT,
        variants=of_gradients(one_for_all_weights),
    ),
    Misconception(
        id="L14b",
        what="each sample has kept a gradient of its own, and nothing brings them together",
        question="The loss is one number for all samples. How many slopes has it with respect to b?",
        reading=MEAN,
        variants={"loss_gradients": one_for_each_sample},
    ),
    Misconception(
        id="L17",
        what="the loss itself is taken for the slope in b",
        question="Check the units of what moves b. And can your b ever be told to grow?",
        reading=DESCENT,
        variants=of_gradients(loss_for_intercept),
    ),
    Misconception(
        id="G01",
        what="both gradients have the wrong sign",
        question="The predictions are too large and b grows a little. Does the loss rise or fall, and "
        "what does your db say?",
        reading=DESCENT,
        variants={"loss_gradients": changed(lambda gradient: -gradient)},
    ),
    Misconception(
        id="L29b",
        what="the gradients are doubled: the loss was differentiated twice and both results added up",
        question="What is in .grad before your last line, and what does each call of backward do to it?",
        reading="torch docs, 'torch.Tensor.backward'",
        variants=of_gradients(changed(lambda gradient: 2 * gradient)),
    ),
    Misconception(
        id="L26b",
        what="every slope is cut off at 100 and at -100",
        question="Multiply all targets by 1000: do your gradients grow with them? Which line holds them "
        "back?",
        reading="torch docs, 'torch.clamp'",
        variants={"loss_gradients": changed(lambda gradient: gradient.clamp(-100, 100))},
    ),
    # Steps.
    Misconception(
        id="L01",
        what="gradients of earlier steps are still there and add up",
        question="Print .grad in the second step: is it the slope of this step only?",
        reading=AUTOGRAD,
        variants=loops(walk(rule=lambda lr, past: lr * sum(past))),
    ),
    Misconception(
        id="L01d",
        what="the slopes of b add up from step to step, while those of w start afresh",
        question="Print b.grad and w.grad in the second step. Do both belong to this step only?",
        reading=AUTOGRAD,
        variants=loops(walk(rule=only_intercept_hoards)),
    ),
    Misconception(
        id="L02",
        what="w and b never move: there is no step, an empty .grad, or an optimiser of other tensors",
        question="Print w and w.grad right before and right after the line that should move w. What "
        "changes?",
        reading=TRAINING,
        variants=loops(walk(rule=lambda _lr, past: 0 * past[-1])),
    ),
    Misconception(
        id="L06",
        what="each step goes up the slope: the gradient is added",
        question="Do your losses rise? In which direction does a gradient point?",
        reading=DOWNHILL,
        variants=loops(walk(rule=lambda lr, past: -lr * past[-1])),
    ),
    Misconception(
        id="L10",
        what="only the weights move: b stays where it was",
        question="Which tensors does your update, or your optimiser, know of? What is b after one step?",
        reading=PARAMETERS,
        variants=loops(walk(rule=only_weights)),
    ),
    Misconception(
        id="L31",
        what="each loss of the list is computed after its step",
        question="At which parameters is the first number of your list computed: at those you were "
        "given?",
        reading=TRAINING,
        variants=loops(loss_after_the_step),
    ),
    Misconception(
        id="L19",
        what="there is one step too few: the last epoch or the last batch is left out",
        question="How many numbers does your range or slice hold if one epoch, or one batch, is asked?",
        reading=LOOP,
        variants=loops(last_left_out),
    ),
    Misconception(
        id="L19b",
        what="there is one step too many",
        question="Call your function with n_epochs = 0: does anything move?",
        reading=LOOP,
        variants=full_batch(one_epoch_more),
    ),
    Misconception(
        id="L18",
        what="the learning rate is always 0.01, whatever was given",
        question="Call your function twice with different lr: do the results differ? Where is lr read?",
        reading=DOWNHILL,
        variants=loops(walk(rule=lambda _lr, past: 0.01 * past[-1])),
    ),
    Misconception(
        id="L18b",
        what="there are always 20 epochs, as on the slide",
        question="The slide chose a number of epochs for its example. Who chooses it in your function?",
        reading=AUTOGRAD,
        variants=full_batch(twenty_epochs),
    ),
    Misconception(
        id="L18c",
        what="training starts from zeros and not from the given w and b",
        question="Train for 4 epochs, then for 6 more from where you were. Where does the second call "
        "begin?",
        reading=PARAMETERS,
        variants=loops(from_zero),
    ),
    Misconception(
        id="L08b",
        what="the steps have half the right length, while the losses are those of the whole loss",
        question="Do the loss that you write down and the loss that you differentiate have the same "
        "factor in front?",
        reading=REGRESSION,
        variants=loops(walk(rule=lambda lr, past: lr / 2 * past[-1])),
    ),
    Misconception(
        id="L07b",
        what="each step follows the sum over its samples, while the list holds means",
        question="Should a batch of ten samples make a step ten times as long as a batch of one?",
        reading=MINIBATCH,
        variants=loops(walk(gradients=slopes(of_errors(lambda e, _x: e.square().sum())))),
    ),
    Misconception(
        id="L11",
        what="b moves first, and w follows the slope at the new b",
        question="Do both slopes of one step belong to the same point? Which b is in the second one?",
        reading=DESCENT,
        variants=loops(intercept_first),
    ),
    Misconception(
        id="L22",
        what="the loss is computed once at the start, and its gradient is used in every epoch",
        question="Your losses are all equal. Does the loss know that the parameters have moved?",
        reading=AUTOGRAD,
        variants=full_batch(same_gradient),
    ),
    Misconception(
        id="L25",
        what="every epoch starts from the given w and b again: only one step is left at the end",
        question="Which line runs in every epoch that should run once? Compare 1 epoch with 5.",
        reading=AUTOGRAD,
        variants=full_batch(always_the_first_epoch),
    ),
    Misconception(
        id="L34",
        what="the losses are right, but the w and b that you return are those of the start",
        question="Which names hold the trained numbers, and which names stand behind your return?",
        reading="torch docs, 'torch.clone'",
        variants=loops(start_returned),
    ),
    Misconception(
        id="L28",
        what="momentum of 0.9 is added: right in the first step, too long from the second on",
        question="Your second step is longer than the rule allows. What does it remember of the first?",
        reading="torch docs, 'torch.optim.SGD'",
        variants=loops(walk(rule=momentum)),
    ),
    Misconception(
        id="L28b",
        what="Adam takes the steps",
        question="In your first step all parameters move by the same amount. Should a steep slope move "
        "its weight further?",
        reading="torch docs, 'torch.optim.Adam'",
        variants=loops(walk(rule=adam)),
    ),
    Misconception(
        id="L28d",
        what="the learning rate is divided by the number of the step",
        question="Is the factor in front of the slope the same in the third epoch as in the first? "
        "Which rule is written in the task?",
        reading=DESCENT,
        variants=loops(walk(rule=lambda lr, past: lr / len(past) * past[-1])),
    ),
    Misconception(
        id="L26",
        what="gradients are clipped to the length 1 before each step",
        question="Start far away, where slopes are steep: is your step as long as the rule says?",
        reading="torch docs, 'torch.nn.utils.clip_grad_norm_'",
        variants=loops(walk(rule=clipped)),
    ),
    Misconception(
        id="L27",
        what="the features are standardised inside: the weights belong to other units",
        question="Can somebody use your weights on the features as they were given? In which units are "
        "they?",
        reading="torch docs, 'torch.std'",
        variants=full_batch(standardised),
    ),
    Misconception(
        id="L27b",
        what="the means are taken away from x and y before training",
        question="Your b hardly has anything to learn. Which part of the given data would it have "
        "explained?",
        reading=MSE,
        variants=full_batch(centred),
    ),
    Misconception(
        id="L16",
        what="the weights are fitted through the origin, and b is repaired at the end",
        question="Do the weights know of b while they learn? Are both parts of one loss in every step?",
        reading=DESCENT,
        variants=full_batch(intercept_repaired),
    ),
    Misconception(
        id="L20",
        what="the best line is returned at once, however few epochs are asked",
        question="Where should the parameters be after one short step, and where are yours? What is "
        "asked: the way or the end?",
        reading=REGRESSION,
        variants=full_batch(closed_form),
    ),
    # Batches.
    Misconception(
        id="L33",
        what="one single step is made, with the gradients of all batches together",
        question="When the second batch has its turn, has anything moved since the first one?",
        reading=LOOP,
        variants={"sgd": one_step_at_the_end},
    ),
    Misconception(
        id="L33b",
        what="the batches are joined, and every step uses all samples",
        question="Which samples does your first loss see? Which ones should it see?",
        reading=MINIBATCH,
        variants={"sgd": joined},
    ),
    Misconception(
        id="L33e",
        what="each batch starts from the given w and b again: only the step of the last one is left",
        question="Reverse the order of two batches: which of them is forgotten in your result?",
        reading=LOOP,
        variants={"sgd": each_from_the_start},
    ),
    Misconception(
        id="L33d",
        what="every batch is divided by the size of the first one",
        question="How many samples are in the last batch, and by what do you divide there?",
        reading=MINIBATCH,
        variants={"sgd": divided_by_the_first_size},
    ),
    Misconception(
        id="L19d",
        what="batches that are shorter than the first one are skipped",
        question="Count the losses that you return and the batches that you got. Which ones are missing?",
        reading="torch docs, 'torch.utils.data'",
        variants={"sgd": short_left_out},
    ),
    # The list of losses.
    Misconception(
        id="L31b",
        what="the list ends with one loss too many, that of the result",
        question="How many losses should come back from 1 epoch, and how many from none?",
        reading=LOOP,
        variants=full_batch(last_loss_as_well),
    ),
    Misconception(
        id="L30b",
        what="the list holds the mean of all losses so far",
        question="Is the second number of your list the loss of one step, or does the first one still "
        "have a part in it?",
        reading=TRAINING,
        variants=loops(mean_so_far),
    ),
    Misconception(
        id="L30c",
        what="each number of the list is the sum of all losses so far",
        question="Your parameters improve, yet your list grows. Where does your total begin anew?",
        reading=TRAINING,
        variants=loops(sum_so_far),
    ),
    Misconception(
        id="L30",
        what="the losses are divided by the number of samples once more",
        question="The first loss should equal mse_loss at the start. Is N in it once or twice?",
        reading=MEAN,
        variants=loops(losses_divided_again),
    ),
    Misconception(
        id="L31c",
        what="only the last loss is returned, and not a list of all",
        question="Could you draw the curve of the losses from what your function returns?",
        reading=TRAINING,
        variants=loops(last_loss),
    ),
    Misconception(
        id="L31d",
        what="w and b come back right, but without the list of losses",
        question="Count the values behind your return. Which one does the task name that is not there?",
        reading=TRAINING,
        variants=loops(no_losses),
    ),
]


# Visible inputs: three samples of round numbers, and the five of the public checks.


def first_numbers(trained: Sequence[object]) -> Tensor:
    """The first eight numbers of what training returns, in whatever form it returns them."""
    parts = [torch.as_tensor(part, dtype=torch.float64).reshape(-1) for part in trained]
    return torch.cat(parts)[:8]


# The residuals are 1, -2 and -18: both signs, and slopes on both sides of 100.
THREE_SAMPLES = (
    torch.tensor([1.0, 2.0]),
    torch.tensor(1.0),
    torch.tensor([[1.0, 2.0], [3.0, -1.0], [10.0, 2.0]]),
    torch.tensor([5.0, 4.0, 33.0]),
)
WORDS_OF_THREE = "w = (1, 2), b = 1, samples (1, 2), (3, -1), (10, 2), targets 5, 4, 33"

X = torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0], [2.0, 2.0], [4.0, 1.0]])
Y = torch.tensor([3.0, 8.0, -2.0, 7.0, 12.0])
W, B, LR = torch.tensor([0.5, -1.0]), torch.tensor(2.0), 0.02

EXAMPLES = [
    Example(entry_point="mse_loss", args=THREE_SAMPLES, words=WORDS_OF_THREE),
    Example(entry_point="loss_gradients", args=THREE_SAMPLES, words=WORDS_OF_THREE),
    Example(
        entry_point="gradient_descent",
        args=(X, Y, W, B, LR, 3),
        words="the samples and the start of the public checks, lr = 0.02, 3 epochs (w, b, losses)",
        shown=first_numbers,
    ),
    Example(
        entry_point="sgd",
        args=([(X[:3], Y[:3]), (X[3:4], Y[3:4]), (X[3:], Y[3:])], W, B, LR),
        words="the batches and the start of the public checks, lr = 0.02 (w, b, losses)",
        shown=first_numbers,
    ),
    Example(
        entry_point="concise_fit",
        args=(X, Y, W, B, LR, 3),
        words="the samples and the start of the public checks, lr = 0.02, 3 epochs (w, b, losses)",
        shown=first_numbers,
    ),
]
