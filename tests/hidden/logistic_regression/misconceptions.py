"""Known-wrong variants of "Logistic regression", and visible inputs on which they show.

Losses and steps are autograd's, in float64. Where a slip shows only because float32 overflows or
rounds to 1, a variant stays in the dtype of its input.
"""

import copy
import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from autograder.judging.diagnosis.misconceptions import Example, Misconception

Loss = Callable[[Tensor, Tensor], Tensor]
Train = Callable[[nn.Module, Tensor, Tensor, float, int], list[float]]


# Losses. Each takes logits and labels of shape (N,) or (N, 1).


def mean_loss(logits: Tensor, y: Tensor) -> Tensor:
    """The right loss, which some variants feed with wrong values."""
    return functional.binary_cross_entropy_with_logits(
        logits.double().reshape(-1), y.double().reshape(-1)
    )


def flat(formula: Loss, dtype: torch.dtype = torch.float64) -> Loss:
    """A loss by a formula of rows in the given dtype."""
    return lambda logits, y: formula(logits.reshape(-1).to(dtype), y.reshape(-1).to(dtype))


def by_terms(positive: Loss, negative: Loss, dtype: torch.dtype = torch.float64) -> Loss:
    """The mean of -[y a + (1 - y) b] with wrong a and b, each of logits and labels."""
    return flat(lambda z, y: -(y * positive(z, y) + (1 - y) * negative(z, y)).mean(), dtype)


def of_the_logs(z: Tensor, y: Tensor) -> Tensor:
    """The mean of y ln p + (1 - y) ln(1 - p)."""
    return -mean_loss(z, y)


def squared_error(z: Tensor, y: Tensor) -> Tensor:
    """The mean of (p - y)^2."""
    return (torch.sigmoid(z) - y).square().mean()


def as_they_come(logits: Tensor, y: Tensor) -> Tensor:
    """The mean over whatever shape logits and labels broadcast to."""
    return (functional.softplus(logits.double()) - y.double() * logits.double()).mean()


# Training.


def descent(
    loss: Loss = mean_loss,
    optimizer: Callable[..., torch.optim.Optimizer] = torch.optim.SGD,
    **options: float,
) -> Train:
    """A `train` that is right but for its loss, its optimiser or an option of that."""

    def train(model: nn.Module, x: Tensor, y: Tensor, lr: float, n_epochs: int) -> list[float]:
        stepper = optimizer(model.parameters(), **{"lr": lr, **options})
        losses = []
        for _ in range(n_epochs):
            stepper.zero_grad()
            value = loss(model(x), y)
            value.backward()
            stepper.step()
            losses.append(value.item())
        return losses

    return train


class Hoarding(torch.optim.SGD):
    """Never clears a gradient."""

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Does nothing."""


class Clipping(torch.optim.SGD):
    """Shortens the gradient to norm 1 where it is longer."""

    def step(self, closure: None = None) -> None:
        """Clips, then steps."""
        nn.utils.clip_grad_norm_(self.param_groups[0]["params"], 1.0)
        super().step(closure)


def only_weights(parameters, lr):
    """Gradient descent on all but the bias, the one parameter without a dimension."""
    return torch.optim.SGD([p for p in parameters if p.dim() > 0], lr=lr)


def two_signs(model, x, y, lr, n_epochs):
    return [-value for value in descent()(model, x, y, lr, n_epochs)]


def standardised(model, x, y, lr, n_epochs):
    scaled = (x - x.mean(dim=0)) / (x.std(dim=0, unbiased=False) + 1e-8)
    return descent()(model, scaled, y, lr, n_epochs)


def weights_first(model, x, y, lr, n_epochs):
    losses = []
    for _ in range(n_epochs):
        losses += descent(optimizer=only_weights)(model, x, y, lr, 1)
        residual = torch.sigmoid(model(x)) - y.reshape(-1)
        with torch.no_grad():
            model.bias -= lr * residual.mean()
    return losses


def one_short(model, x, y, lr, n_epochs):
    return descent()(model, x, y, lr, n_epochs - 1)


def first_only(model, x, y, lr, n_epochs):
    return descent()(model, x, y, lr, min(n_epochs, 1))


def loss_afterwards(model, x, y, lr, n_epochs):
    losses = descent()(model, x, y, lr, n_epochs)
    return [*losses[1:], mean_loss(model(x), y).item()][:n_epochs]


def same_gradient(model, x, y, lr, n_epochs):
    return descent()(model, x, y, lr * n_epochs, 1) * n_epochs


def from_zero(model, x, y, lr, n_epochs):
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    return descent()(model, x, y, lr, n_epochs)


def on_a_copy(model, x, y, lr, n_epochs):
    return descent()(copy.deepcopy(model), x, y, lr, n_epochs)


def row_by_row(model, x, y, lr, n_epochs):
    rows = list(zip(x.split(1), y.split(1), strict=True))
    return [
        sum(descent()(model, *row, lr, 1)[0] for row in rows) / len(rows) for _ in range(n_epochs)
    ]


# Models, and what is asked of them.


def model_with(end: Callable[[Tensor], Tensor]) -> type[nn.Module]:
    """A `LogisticRegression` that returns what `end` makes of its logits."""

    class Model(nn.Module):
        def __init__(self, n_features: int) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(n_features, dtype=torch.float64))
            self.bias = nn.Parameter(torch.zeros((), dtype=torch.float64))

        def forward(self, x: Tensor) -> Tensor:
            return end(x.double() @ self.weight + self.bias)

    return Model


def of_logits(rule: Callable[[Tensor], Tensor]) -> Callable[[nn.Module, Tensor], Tensor]:
    """`probabilities` or `labels` by a wrong rule."""
    return lambda model, x: rule(model(x).detach())


def above_the_mean(z: Tensor) -> Tensor:
    p = torch.sigmoid(z)
    return (p >= p.mean()).long()


def of_labels(
    share: Callable[[Tensor, Tensor], Tensor | float],
) -> Callable[[nn.Module, Tensor, Tensor], float]:
    """`accuracy` by a wrong count of predicted and true labels, which come in their own shapes."""
    return lambda model, x, y: float(share((model(x) >= 0).long(), y))


def hits(predicted: Tensor, y: Tensor) -> Tensor:
    """For each row, whether its label is right."""
    return predicted == y.reshape(-1)


def recall(predicted: Tensor, y: Tensor) -> float:
    positive = y.reshape(-1) == 1
    return (hits(predicted, y) & positive).sum().item() / max(positive.sum().item(), 1)


def shares_of_features(model, x, y):
    return hits((model(x) >= 0).long(), y).sum().item() / x.shape[1]


def equal_probabilities(model, x, y):
    return hits(torch.sigmoid(model(x)), y).double().mean().item()


def two_digits(values: Tensor) -> Tensor:
    return torch.round(values, decimals=2)


SIGMOID_SLIDE = "lecture 003, slide 'Thresholding the Logistic Sigmoid Function'"
SIGMOID = "lecture 000, section 'Activation Function'"
LOSS = "lecture 000, section 'Loss Function'"
LIKELIHOOD = "lecture 002, slide 'Measure the goodness-of-fit'"
MEAN_LOSS = "lecture 002, slide 'Loss Function'"
LOGITS = "lecture 004, section 'Softmax regression'"
MODEL = "lecture 003, slide 'Define the Model'"
LOOP = "lecture 003, slide 'Train the Model'"
AUTOGRAD = "lecture 002, slide 'Autograd'"
DESCENT = "lecture 002, slide 'Gradient Decent'"
DOWNHILL = "lecture 000, section 'Gradient Descent'"
OPTIMIZER = "lecture 000, section 'Optimizer'"
EVALUATION = "lecture 002, slide 'Evaluate test accuracy'"
STABLE_LOSS = "torch docs, 'torch.nn.BCEWithLogitsLoss'"


MISCONCEPTIONS = [
    # 1.1 sigmoid
    Misconception(
        id="A14",
        what="the exponent of the sigmoid has the wrong sign, so that a large z gives a value near 0",
        question="Try z = 5 and then z = 50 with pen and paper. Should a larger score make class 1 "
        "more likely or less?",
        reading=SIGMOID,
        variants={"sigmoid": lambda z: torch.sigmoid(-z.double())},
    ),
    Misconception(
        id="A06",
        what="the sigmoid is made from tanh, and z goes into tanh as it is: the curve is too steep",
        question="Draw both curves: how far from 0 must each go to get 90 % of its height?",
        reading="lecture 004, section 'Multilayer Perceptron'",
        variants={"sigmoid": lambda z: torch.sigmoid(2 * z.double())},
    ),
    Misconception(
        id="S03",
        what="all elements compete: they are divided by one common sum and add up to 1",
        question="If you add a fourth number to three, may the results of the first three change? Which "
        "numbers does the formula of one element hold?",
        reading=SIGMOID,
        variants={
            "sigmoid": lambda z: torch.softmax(z.double().reshape(-1), dim=0).reshape(z.shape)
        },
    ),
    Misconception(
        id="B14b",
        what="a fraction with powers of exp(z) above and below overflows: infinity divided by infinity",
        question="What is the largest number that your formula meets on the way when z is 80, and what "
        "does float32 make of it?",
        reading="torch docs, 'torch.finfo'",
        variants={
            "sigmoid": lambda z: torch.exp(z).square() / (torch.exp(z).square() + torch.exp(z))
        },
    ),
    Misconception(
        id="G12",
        what="probabilities are rounded to two digits before they are returned",
        question="Who needs the third digit of a probability, if not the reader of a printed table? When "
        "is it time to round?",
        reading=SIGMOID_SLIDE,
        variants={
            "sigmoid": lambda z: two_digits(torch.sigmoid(z.double())),
            "probabilities": of_logits(lambda z: two_digits(torch.sigmoid(z))),
        },
    ),
    # 1.2 bce_with_logits
    Misconception(
        id="B01",
        what="the sigmoid is taken twice: once before the loss and once more inside of it",
        question="How small can your loss get on a perfect prediction? What does the loss function that "
        "you call expect to be given?",
        reading=STABLE_LOSS,
        variants={"bce_with_logits": flat(lambda z, y: mean_loss(torch.sigmoid(z), y))},
    ),
    Misconception(
        id="B05",
        what="only samples with the label 1 add something to the loss",
        question="What does your loss say about a sample with the label 0 whose probability is 0.99?",
        reading=LOSS,
        variants={
            "bce_with_logits": by_terms(
                lambda z, _: functional.logsigmoid(z), lambda z, _: torch.zeros_like(z)
            )
        },
    ),
    Misconception(
        id="B06",
        what="the loss has the wrong sign: it is never above zero",
        question="Which sign has the logarithm of a probability? And can a cross entropy be negative?",
        reading=LIKELIHOOD,
        variants={"bce_with_logits": of_the_logs},
    ),
    Misconception(
        id="B10",
        what="the terms of all samples are added up and not averaged",
        question="Send every sample twice: should the loss become twice as large?",
        reading=MEAN_LOSS,
        variants={"bce_with_logits": flat(lambda z, y: mean_loss(z, y) * len(z))},
    ),
    Misconception(
        id="B11",
        what="logits in a column meet labels in a row, and N times N terms are averaged",
        question="Print the shape of what you average, just before the mean: how many numbers are there "
        "for N samples?",
        reading="torch docs, 'Broadcasting semantics'",
        variants={"bce_with_logits": as_they_come},
    ),
    Misconception(
        id="B13b",
        what="the sigmoid rounds to 0 or 1, and BCELoss cuts its logarithm off at -100",
        question="What does float32 make of 1 - p when the logit is 30, and which value of your loss "
        "does the limit of the logarithm decide?",
        reading="torch docs, 'torch.nn.BCELoss'",
        variants={
            "bce_with_logits": flat(
                lambda z, y: functional.binary_cross_entropy(torch.sigmoid(z), y), torch.float32
            )
        },
    ),
    Misconception(
        id="B13",
        what="the sigmoid rounds to exactly 0 or 1 first, and then its logarithm is taken",
        question="At the logit 25, what is p in float32, and what is ln(1 - p)? Which step loses the "
        "information?",
        reading=STABLE_LOSS,
        variants={
            "bce_with_logits": by_terms(
                lambda z, _: torch.log(torch.sigmoid(z)),
                lambda z, _: torch.log(1 - torch.sigmoid(z)),
                torch.float32,
            )
        },
    ),
    Misconception(
        id="B09",
        what="the loss is the squared distance between probability and label",
        question="Which loss does the task name, and what should it be for a sample that is certain and "
        "wrong?",
        reading=LOSS,
        variants={"bce_with_logits": flat(squared_error)},
    ),
    Misconception(
        id="S11",
        what="the logarithm has base 2",
        question="Take the logit 0 and the label 1: which number do you expect, and which base does "
        "the formula name?",
        reading="torch docs, 'torch.log2'",
        variants={"bce_with_logits": lambda z, y: mean_loss(z, y) / math.log(2)},
    ),
    Misconception(
        id="B15",
        what="logits are clipped at 20 before the loss is computed",
        question="How large is the loss at the logit 50 with the label 0, and does your guard leave it "
        "as it is?",
        reading=STABLE_LOSS,
        variants={"bce_with_logits": flat(lambda z, y: mean_loss(z.clamp(-20, 20), y))},
    ),
    Misconception(
        id="B16",
        what="0.01 is added to the probability inside the logarithm",
        question="How much does your small number change the loss of a sample with p = 0.05? How large "
        "may such a number be?",
        reading=STABLE_LOSS,
        variants={
            "bce_with_logits": by_terms(
                lambda z, _: torch.log(torch.sigmoid(z) + 1e-2),
                lambda z, _: torch.log(1 - torch.sigmoid(z) + 1e-2),
                torch.float32,
            )
        },
    ),
    Misconception(
        id="S10",
        what="the logarithm is taken of the label, as the slide has it: the loss is always 0",
        question="Where is the prediction in your formula? What would the loss say about two quite "
        "different models?",
        reading=LOSS,
        variants={"bce_with_logits": lambda z, y: torch.zeros((), dtype=torch.float64)},
    ),
    Misconception(
        id="B07",
        what="label and probability have changed places in the formula",
        question="Which of the two can be exactly 0, and what is the logarithm of 0?",
        reading=LIKELIHOOD,
        variants={
            "bce_with_logits": flat(
                lambda z, y: (
                    -(torch.sigmoid(z) * y.log() + (1 - torch.sigmoid(z)) * (1 - y).log()).mean()
                ),
                torch.float32,
            )
        },
    ),
    Misconception(
        id="B08",
        what="labels are turned into -1 and +1, and then put into the formula for 0 and 1",
        question="Put y = -1 into each half of the formula: which weight do the two logarithms get?",
        reading=LOSS,
        variants={"bce_with_logits": flat(lambda z, y: mean_loss(z, 2 * y - 1))},
    ),
    Misconception(
        id="B14",
        what="the terms of all samples are multiplied before the logarithm, and the product overflows",
        question="How large is the product for nine samples with a loss of 50 each? What does the "
        "logarithm turn a product into?",
        reading=LIKELIHOOD,
        variants={
            "bce_with_logits": flat(
                lambda z, y: (1 + torch.exp((1 - 2 * y) * z)).prod().log() / len(z), torch.float32
            )
        },
    ),
    # 2.1 LogisticRegression
    Misconception(
        id="M01b",
        what="every row gets the label 1: a sigmoid or a ReLU in forward leaves no logit below zero",
        question="Which numbers can your model return, and which of them belong to the label 0?",
        reading=MODEL,
        variants={
            "labels": of_logits(lambda z: torch.ones_like(z, dtype=torch.int64)),
            "accuracy": of_labels(lambda p, y: hits(torch.ones_like(p), y).double().mean()),
        },
    ),
    Misconception(
        id="M01",
        what="forward returns probabilities, and everything after it takes the sigmoid once more",
        question="Can your model return -3? Which later step expects a number that may be negative?",
        reading=MODEL,
        variants={"LogisticRegression": model_with(torch.sigmoid)},
    ),
    Misconception(
        id="M04",
        what="a ReLU acts on the last output, so that no logit is negative",
        question="How can your model say that class 1 is very unlikely?",
        reading="lecture 002, slide 'Activation Functions'",
        variants={"LogisticRegression": model_with(torch.relu), "train": descent()},
    ),
    # 2.2 train
    Misconception(
        id="L01",
        what="gradients of earlier steps are still there and add up",
        question="Print .grad in the second step: is it the slope of this step only?",
        reading=AUTOGRAD,
        variants={"train": descent(optimizer=Hoarding)},
    ),
    Misconception(
        id="L02",
        what="no parameter moves: there is no step, or the gradients are cleared just before it",
        question="Print a weight and its .grad right before and right after the line that should move "
        "it: what changes?",
        reading=LOOP,
        variants={"train": descent(lr=0.0)},
    ),
    Misconception(
        id="B01b",
        what="the loss that expects logits gets probabilities: the sigmoid is taken twice",
        question="During training, does the printed loss ever fall below 0.31? Which line acts on the "
        "model's output before the loss sees it?",
        reading=STABLE_LOSS,
        variants={"train": descent(lambda z, y: mean_loss(torch.sigmoid(z), y))},
    ),
    Misconception(
        id="L07",
        what="training follows the sum of the losses, not their mean",
        question="Double the data set: should one step become twice as long?",
        reading=OPTIMIZER,
        variants={"train": descent(lambda z, y: mean_loss(z, y) * len(z))},
    ),
    Misconception(
        id="L19b",
        what="the list holds the loss after each step",
        question="At which parameters is the first number of the list computed: at those that came in?",
        reading=LOOP,
        variants={"train": loss_afterwards},
    ),
    Misconception(
        id="L19",
        what="there is one step too few",
        question="Count with n_epochs = 1: how often does your loop run?",
        reading=LOOP,
        variants={"train": one_short},
    ),
    Misconception(
        id="M23",
        what="training ends after the first step, however many were asked for",
        question="Which line ends your function, and is it inside the loop or behind it?",
        reading=LOOP,
        variants={"train": first_only},
    ),
    Misconception(
        id="L06",
        what="each step goes up the slope",
        question="Print the loss of ten steps: does it fall? Which way does a gradient point?",
        reading=DOWNHILL,
        variants={"train": descent(maximize=True)},
    ),
    Misconception(
        id="B11b",
        what="labels in a column meet logits in a row while training: N times N differences",
        question="Train once with y and once with y[:, None]: do the losses agree? What is the shape of "
        "logits minus labels?",
        reading="torch docs, 'Broadcasting semantics'",
        variants={"train": descent(as_they_come)},
    ),
    Misconception(
        id="B06b",
        what="the loss and the step both have the wrong sign: the weights come out right, the losses negative",
        question="Your model learns, yet the losses are below zero. Which two slips could cancel each "
        "other?",
        reading=DOWNHILL,
        variants={"train": two_signs},
    ),
    Misconception(
        id="B09b",
        what="training minimises the squared error of the probabilities",
        question="Is the slope that you follow still large where the model is certain and wrong? Which "
        "loss does task 2.2 name?",
        reading=LOSS,
        variants={"train": descent(flat(squared_error))},
    ),
    Misconception(
        id="L22",
        what="the gradient of the starting point is used in every step",
        question="Does the loss know that the parameters have moved? Which lines run once that should "
        "run in each epoch?",
        reading=AUTOGRAD,
        variants={"train": same_gradient},
    ),
    Misconception(
        id="L25",
        what="all parameters are set to zero before training begins",
        question="Train for 4 epochs and then for 6 more: where does the second call start?",
        reading=LOOP,
        variants={"train": from_zero},
    ),
    Misconception(
        id="L18",
        what="the learning rate is always 0.1, whatever was given",
        question="Call train with lr = 0: what should come back? Where is lr read in your function?",
        reading=OPTIMIZER,
        variants={"train": descent(lr=0.1)},
    ),
    Misconception(
        id="B20",
        what="the weights are trained and the bias stays where it was",
        question="Which tensors did you hand to the optimiser, and what does the model answer to a row "
        "of zeros?",
        reading="lecture 000, section 'Linear Layer'",
        variants={"train": descent(optimizer=only_weights)},
    ),
    Misconception(
        id="L11",
        what="the weights move first, and the bias follows the slope at the new place",
        question="Do both slopes of one step belong to the same point?",
        reading=DESCENT,
        variants={"train": weights_first},
    ),
    Misconception(
        id="M13b",
        what="the losses are right, but it is a copy that learns: the given model stays as it was",
        question="After your call, has the object that the caller holds changed? Which object do the "
        "steps change?",
        reading="torch docs, 'torch.nn.Module'",
        variants={"train": on_a_copy},
    ),
    Misconception(
        id="B17",
        what="the features are standardised inside of train only",
        question="Do training and prediction see the same features? In which units is a trained weight?",
        reading="lecture 003, slide 'Exercise'",
        variants={"train": standardised},
    ),
    Misconception(
        id="M37",
        what="there is one step for each sample, not one for the whole batch",
        question="With 50 samples and 3 epochs, how many steps does your function take?",
        reading=OPTIMIZER,
        variants={"train": row_by_row},
    ),
    Misconception(
        id="O12",
        what="Adam takes the steps",
        question="How far does your first step move a weight whose slope is tiny? Which rule does the "
        "task write down?",
        reading="torch docs, 'torch.optim.Adam'",
        variants={"train": descent(optimizer=torch.optim.Adam)},
    ),
    Misconception(
        id="B19b",
        what="momentum of 0.9 is added: right in the first step, too long from the second on",
        question="Your second step is longer than the rule allows. What does it remember of the first "
        "one?",
        reading="torch docs, 'torch.optim.SGD'",
        variants={"train": descent(momentum=0.9)},
    ),
    Misconception(
        id="L26",
        what="a gradient longer than 1 is shortened before the step",
        question="Start where the model is certain and wrong: is the step as long as lr times the slope? "
        "Which line is not in the rule?",
        reading=DESCENT,
        variants={"train": descent(optimizer=Clipping)},
    ),
    Misconception(
        id="B19",
        what="weight decay of 0.01 shrinks the parameters in every step",
        question="If the slope of the loss were 0, would your weights stand still? What else is in your "
        "update that is not in the loss?",
        reading="lecture 004, section 'Multilayer Perceptron'",
        variants={"train": descent(weight_decay=0.01)},
    ),
    # 3.1 probabilities
    Misconception(
        id="B03b",
        what="logits are returned as if they were probabilities",
        question="Can a probability be -2 or 3? What stands between the model's output and p?",
        reading=LOGITS,
        variants={"probabilities": of_logits(lambda z: z)},
    ),
    Misconception(
        id="B03c",
        what="the probabilities are those of class 0",
        question="Should a row with a large positive logit get a number near 1 or near 0?",
        reading=SIGMOID_SLIDE,
        variants={"probabilities": of_logits(lambda z: torch.sigmoid(-z))},
    ),
    Misconception(
        id="M28",
        what="the probabilities of all rows together add up to 1",
        question="Ask for one row alone, and then for that row in a batch: why do the two answers "
        "differ?",
        reading="lecture 002, slide 'Softmax function'",
        variants={"probabilities": of_logits(lambda z: torch.softmax(z, dim=0))},
    ),
    Misconception(
        id="B04b",
        what="a softmax over a single column gives 1 for every row",
        question="How many numbers share the 1 in each row of yours? What does one logit compete with?",
        reading="lecture 000, section 'Classification with NN'",
        variants={"probabilities": of_logits(torch.ones_like)},
    ),
    # 3.2 labels
    Misconception(
        id="B03",
        what="the logit is compared with 0.5",
        question="Which logit belongs to p = 0.5? Which label does a row with the logit 0.2 get?",
        reading=SIGMOID_SLIDE,
        variants={"labels": of_logits(lambda z: (z >= 0.5).long())},
    ),
    Misconception(
        id="B04",
        what="every row gets the label 0: probabilities are cut to whole numbers, or argmax has one column only",
        question="From how many columns does argmax choose? And what becomes of 0.98 when it is made an "
        "integer?",
        reading="torch docs, 'torch.argmax'",
        variants={"labels": of_logits(lambda z: torch.zeros_like(z, dtype=torch.int64))},
    ),
    Misconception(
        id="B18",
        what="the mean probability of the batch is the threshold",
        question="Should the label of one row depend on its neighbours? What happens in a batch where all "
        "rows are clearly of class 1?",
        reading=SIGMOID_SLIDE,
        variants={"labels": of_logits(above_the_mean)},
    ),
    Misconception(
        id="B08b",
        what="the labels are -1 and +1",
        question="Which two values may a label have here, and which values does a sign have?",
        reading="torch docs, 'torch.sign'",
        variants={"labels": of_logits(lambda z: torch.sign(z).long())},
    ),
    # 3.3 accuracy
    Misconception(
        id="E01",
        what="only right predictions are counted in the total, as on the slide: 1 as soon as one row is right",
        question="By how much does your total grow when a prediction is wrong?",
        reading=EVALUATION,
        variants={"accuracy": of_labels(lambda p, y: hits(p, y).any())},
    ),
    Misconception(
        id="B12",
        what="predictions in a row meet labels in a column, and the share is taken of N times N answers",
        question="How many comparisons does your code make for N rows when y has the shape (N, 1)?",
        reading="torch docs, 'Broadcasting semantics'",
        variants={"accuracy": of_labels(lambda p, y: (p == y).double().mean())},
    ),
    Misconception(
        id="B12b",
        what="predictions in a column meet labels in a row: N times N answers are counted, then divided by N",
        question="Can 32 of 8 rows be right? Print the shape of the comparison.",
        reading="torch docs, 'Broadcasting semantics'",
        variants={"accuracy": of_labels(lambda p, y: (p[:, None] == y).sum() / len(y))},
    ),
    Misconception(
        id="B12c",
        what="probabilities are compared with labels, and hardly any is equal to one",
        question="Is 0.93 equal to 1? Which step is missing before you compare?",
        reading=SIGMOID_SLIDE,
        variants={"accuracy": equal_probabilities},
    ),
    Misconception(
        id="V31",
        what="the accuracy is given in percent",
        question="What is the largest value that a share can have?",
        reading=EVALUATION,
        variants={"accuracy": of_labels(lambda p, y: 100 * hits(p, y).double().mean())},
    ),
    Misconception(
        id="E11",
        what="only rows whose label is 1 are looked at: a right 0 counts for nothing",
        question="A row has the label 0 and is predicted as 0. Where does your count notice it?",
        reading=EVALUATION,
        variants={"accuracy": of_labels(recall)},
    ),
    Misconception(
        id="E02",
        what="the number of right rows is divided by the number of features",
        question="Which of the two sizes of x counts the rows?",
        reading="torch docs, 'torch.Tensor.size'",
        variants={"accuracy": shares_of_features},
    ),
]


# Visible inputs.


def small_model(entry_points):
    """The given namespace's model with w = (1, -2), b = 0.5."""
    return with_small_parameters(entry_points.LogisticRegression(2))


def with_small_parameters(model):
    with torch.no_grad():
        model.weight.copy_(torch.tensor([1.0, -2.0]))
        model.bias.fill_(0.5)
    return model


SMALL = "w = (1, -2), b = 0.5"
ROWS = torch.tensor([[1.8, 1.0], [0.3, 0.0], [3.5, 0.0], [2.5, 0.0], [-0.5, 0.5]])
LOGITS_OF_ROWS = "five rows with the logits 0.3, 0.8, 4, 3, -1"

EXAMPLES = [
    Example(
        entry_point="sigmoid",
        args=(torch.tensor([-2.0, 1.5, 80.0]),),
        words="z = (-2, 1.5, 80)",
    ),
    Example(
        entry_point="bce_with_logits",
        args=(torch.tensor([[1.5], [25.0], [80.0]]), torch.tensor([1.0, 0.0, 0.0])),
        words="the logits 1.5, 25, 80 in a column and the labels (1, 0, 0)",
    ),
    Example(
        entry_point="LogisticRegression",
        args=(2,),
        words=f"{SMALL} and the rows (2, 1), (0, 1)",
        shown=lambda model: with_small_parameters(model)(torch.tensor([[2.0, 1.0], [0.0, 1.0]])),
    ),
    Example(
        entry_point="train",
        args=(),
        made=lambda entry_points: (
            small_model(entry_points),
            torch.tensor([[2.0, -1.0], [-1.0, 2.0], [1.0, 1.0]]),
            torch.tensor([[0.0], [1.0], [0.0]]),
            0.5,
            3,
        ),
        words=f"{SMALL}, rows (2, -1), (-1, 2), (1, 1), labels 0, 1, 0 (column), lr = 0.5, 3 epochs",
    ),
    Example(
        entry_point="probabilities",
        args=(),
        made=lambda entry_points: (small_model(entry_points), ROWS),
        words=LOGITS_OF_ROWS,
    ),
    Example(
        entry_point="labels",
        args=(),
        made=lambda entry_points: (small_model(entry_points), ROWS),
        words=LOGITS_OF_ROWS,
    ),
    Example(
        entry_point="accuracy",
        args=(),
        made=lambda entry_points: (
            small_model(entry_points),
            ROWS,
            torch.tensor([[1.0], [0.0], [1.0], [1.0], [1.0]]),
        ),
        words=f"{LOGITS_OF_ROWS} and the labels 1, 0, 1, 1, 1 in a column",
    ),
]
