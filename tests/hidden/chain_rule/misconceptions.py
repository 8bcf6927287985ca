"""Known-wrong variants of "Gradients by hand", and visible inputs on which they show.

All are written as pen and paper gives them, in float64, step by step, since a slip is a step that
went wrong. The oracle takes its gradients from autograd and shares none of this.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from autograder.judging.diagnosis.misconceptions import Example, Misconception

Gradients = Callable[..., tuple[Tensor, ...]]


def scaled(gradients: Gradients, factor: float) -> Gradients:
    """Other gradients times a factor."""
    return lambda *inputs: tuple(factor * gradient for gradient in gradients(*inputs))


def swapped(gradients: Gradients, *order: int) -> Gradients:
    """Other gradients in another order."""
    return lambda *inputs: tuple(gradients(*inputs)[position] for position in order)


# The straight line.


def line(rule: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]) -> Gradients:
    """An `mse_gradients` by a rule for the errors y - a - b x and the inputs x."""

    def gradients(a: Tensor, b: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        x = x.double()
        return rule(y.double() - (a.double() + b.double() * x), x)

    return gradients


right_line = line(lambda e, x: (-2 * e.mean(), -2 * (x * e).mean()))


# The neuron.


def neuron(
    slope: Callable[[Tensor, Tensor, Tensor], Tensor] = lambda _z, a, y: a - y,
    bias: Callable[[Tensor], Tensor] = torch.mean,
) -> Gradients:
    """Gradients of one neuron, of one sample or many.

    Args:
        slope: Gives dL/dz from z, a and y.
        bias: Makes dL/db of the slopes of all samples.
    """

    def gradients(w: Tensor, b: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        x = x.double()
        z = w.double() * x + b.double()
        dz = slope(z, torch.sigmoid(z), y.double())
        return (dz * x).mean(), bias(dz)

    return gradients


right_neuron = neuron()


def one_and_many(gradients: Gradients) -> dict[str, Gradients]:
    """The variants of both tasks on the neuron."""
    return {"neuron_gradients": gradients, "neuron_batch_gradients": gradients}


def sigmoid_slope(t: Tensor) -> Tensor:
    return torch.sigmoid(t) * (1 - torch.sigmoid(t))


def loss_slope(a: Tensor, y: Tensor, epsilon: float = 0.0) -> Tensor:
    """The slope dL/da of the binary cross entropy."""
    return -y / (a + epsilon) + (1 - y) / (1 - a + epsilon)


def only_bias_slope(w, b, x, y):
    db = right_neuron(w, b, x, y)[1]
    return db, db


def weight_for_input(w, b, x, y):
    db = right_neuron(w, b, x, y)[1]
    return db * w, db


def means_multiplied(w, b, x, y):
    db = right_neuron(w, b, x, y)[1]
    return db * x.double().mean(), db


# The two layers.


def p_minus_onehot(scores: Tensor, y: Tensor) -> Tensor:
    """Slopes of the summed loss with respect to the scores."""
    return torch.softmax(scores, dim=1) - onehot(scores, y)


def onehot(scores: Tensor, y: Tensor) -> Tensor:
    return functional.one_hot(y, scores.shape[1]).double()


def on(before: Tensor, _message: Tensor, _bias: Tensor) -> Tensor:
    """1 where a hidden unit is on."""
    return (before > 0).double()


def network(
    slope: Callable[[Tensor, Tensor], Tensor] = p_minus_onehot,
    hidden: Callable[[Tensor], Tensor] = torch.relu,
    gate: Callable[[Tensor, Tensor, Tensor], Tensor] = on,
    second_sees: Callable[[Tensor], Tensor] | None = None,
    bias: Callable[[Tensor], Tensor] = lambda messages: messages.sum(dim=0),
) -> Gradients:
    """A `two_layer_gradients`.

    Args:
        slope: Gives the slopes of the summed loss from scores and labels.
        hidden: The activation in the forward pass.
        gate: Gives the slope of the activation, from what went in, the message that came back and b1.
        second_sees: The activation from which dW2 is made, where it is not `hidden`.
        bias: Makes the gradient of a bias of the messages of all samples.
    """
    second_sees = second_sees or hidden

    def gradients(
        w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor, x: Tensor, y: Tensor
    ) -> tuple[Tensor, ...]:
        w1, b1, w2, b2, x = (value.double() for value in (w1, b1, w2, b2, x))
        before = x @ w1 + b1
        dscores = slope(hidden(before) @ w2 + b2, y) / len(x)
        message = dscores @ w2.T
        dbefore = message * gate(before, message, b1)
        return x.T @ dbefore, bias(dbefore), second_sees(before).T @ dscores, bias(dscores)

    return gradients


right_network = network()


def layers(gradients: Gradients = right_network, **slips: Callable[..., Tensor]) -> dict:
    """The variant of the task on two layers: the given one, or a network with slips."""
    return {"two_layer_gradients": network(**slips) if slips else gradients}


def leaky(before: Tensor) -> Tensor:
    return functional.leaky_relu(before, 0.1)


def leaky_gate(before: Tensor, _message: Tensor, _bias: Tensor) -> Tensor:
    return torch.where(before > 0, 1.0, 0.1)


def identity(values: Tensor) -> Tensor:
    return values


def open_gate(before: Tensor, _message: Tensor, _bias: Tensor) -> Tensor:
    return torch.ones_like(before)


def relu_on_scores(scores: Tensor, y: Tensor) -> Tensor:
    return p_minus_onehot(torch.relu(scores), y) * (scores > 0)


def own_path_only(scores: Tensor, y: Tensor) -> Tensor:
    return (torch.softmax(scores, dim=1) - 1) * onehot(scores, y)


def squared_error(scores: Tensor, y: Tensor) -> Tensor:
    p = torch.softmax(scores, dim=1)
    dp = 2 * (p - onehot(scores, y))
    return p * (dp - (dp * p).sum(dim=1, keepdim=True))


def one_sum_for_all(scores: Tensor, y: Tensor) -> Tensor:
    return torch.softmax(scores.flatten(), dim=0).view_as(scores) - onehot(scores, y)


def all_labels_in_every_row(scores: Tensor, y: Tensor) -> Tensor:
    return torch.softmax(scores, dim=1) - onehot(scores, y).amax(dim=0)


def transposed(*inputs: Tensor) -> tuple[Tensor, ...]:
    return tuple(g.T if g.dim() == 2 else g for g in right_network(*inputs))


GRAPH = "lecture 001, slide 'Computational graphs'"
BACKPROPAGATION = "lecture 001, slide 'Backpropagation'"
MEAN = "lecture 001, slide 'Training a neural network'"
MSE = "lecture 002, slide 'Autograd (with simple linear regression example)'"
DESCENT = "lecture 002, slide 'Gradient Decent'"
NETWORK = "lecture 002, slide 'Mathematical definition'"
ACTIVATION = "lecture 002, slide 'Activation function'"
SOFTMAX = "lecture 002, slide 'Softmax function'"
LIKELIHOOD = "lecture 002, slide 'Measure the goodness-of-fit'"
LOSS_OF_A_DATA_SET = "lecture 002, slide 'Loss Function'"
CHAIN = "lecture 003, slide 'Chain Rule'"
THRESHOLD = "lecture 003, slide 'Thresholding the Logistic Sigmoid Function'"
LOSS = "lecture 000, section 'Loss Function'"
BACKWARD = "lecture 000, section 'Backward Pass'"
SIGMOID = "lecture 000, section 'Activation Function'"
LINEAR = "lecture 000, section 'Linear Layer'"
FORWARD_AND_BACK = "lecture 004, section 'Propagation and computational graphs'"
BROADCASTING = "torch docs, 'Broadcasting semantics'"


MISCONCEPTIONS = [
    # 1.1 product_gradients
    Misconception(
        id="L21b",
        what="the gradients come in the order of the backward pass: z first",
        question="Say aloud which number belongs to which input. In which order does the task name "
        "them?",
        reading=GRAPH,
        variants={"product_gradients": lambda x, y, z: (x + y, z, z)},
    ),
    Misconception(
        id="G24",
        what="z itself is taken for the gradient of z",
        question="Hold x and y still and move only z by 1: by how much does f move?",
        reading=GRAPH,
        variants={"product_gradients": lambda _x, _y, z: (z, z, z)},
    ),
    Misconception(
        id="G24b",
        what="the brackets are overlooked: f is read as x plus the product of y and z",
        question="Which node of the graph is computed first, and which inputs does it join?",
        reading="lecture 004, section 'Propagation and computational graphs'",
        variants={"product_gradients": lambda x, y, z: (torch.ones_like(x), z, y)},
    ),
    Misconception(
        id="G24c",
        what="each gradient is multiplied by its own input once more",
        question="The slope of 3x is the same at x = 1 and at x = 100. Is yours?",
        reading=BACKPROPAGATION,
        variants={"product_gradients": lambda x, y, z: (z * x, z * y, (x + y) * z)},
    ),
    # 2.1 mse_gradients
    Misconception(
        id="L09",
        what="the gradient of the intercept lacks the factor 2",
        question="Take both derivatives on paper, one below the other, and compare the constants. Do "
        "they come from the same square?",
        reading=DESCENT,
        variants={"mse_gradients": line(lambda e, x: (-e.mean(), -2 * (x * e).mean()))},
    ),
    Misconception(
        id="L08",
        what="half of the mean squared error is differentiated: the factor 2 is gone",
        question="Lectures 002 and 004 write the squared loss differently. Which of them does the task "
        "ask for?",
        reading=MSE,
        variants={"mse_gradients": scaled(right_line, 1 / 2)},
    ),
    Misconception(
        id="L07",
        what="the squares of all samples are added up and no mean is taken",
        question="Send every sample twice: should the two gradients become twice as large?",
        reading=MEAN,
        variants={"mse_gradients": line(lambda e, x: (-2 * e.sum(), -2 * (x * e).sum()))},
    ),
    Misconception(
        id="L06",
        what="both gradients have the wrong sign: an inner derivative is missing",
        question="If a grows a little, does the error y - a - b x grow or shrink? Where is this in your "
        "product?",
        reading=DESCENT,
        variants={"mse_gradients": scaled(right_line, -1)},
    ),
    Misconception(
        id="L21",
        what="the gradient of the slope comes before that of the intercept",
        question="Name the two numbers that you return, one by one: which one tells about a?",
        reading=DESCENT,
        variants={"mse_gradients": swapped(right_line, 1, 0)},
    ),
    Misconception(
        id="L13",
        what="the mean of the errors is taken before the square: errors of both signs cancel",
        question="Two errors, +1 and -1: which loss do you expect, and what is the square of their mean?",
        reading=MSE,
        variants={
            "mse_gradients": line(lambda e, x: (-2 * e.mean(), -2 * e.mean() * x.mean())),
        },
    ),
    Misconception(
        id="L05",
        what="a column meets a row: every input is compared with every target, N times N errors",
        question="Print the shape of your errors. How many of them should there be for N points?",
        reading=BROADCASTING,
        variants={"mse_gradients": lambda a, b, x, y: right_line(a, b, x[:, None], y)},
    ),
    Misconception(
        id="L10",
        what="the intercept a is left out of the prediction: the line goes through the origin",
        question="What does your line predict at x = 0, and what does the formula say?",
        reading=MSE,
        variants={"mse_gradients": lambda a, b, x, y: right_line(0 * a, b, x, y)},
    ),
    Misconception(
        id="L07b",
        what="the sum is divided by N - 1",
        question="How many points are in your mean? Does a loss lose a degree of freedom as a variance "
        "does?",
        reading=MSE,
        variants={
            "mse_gradients": line(
                lambda e, x: (-2 * e.sum() / (len(x) - 1), -2 * (x * e).sum() / (len(x) - 1))
            )
        },
    ),
    Misconception(
        id="L12",
        what="the absolute error is differentiated, so that only the signs of the errors count",
        question="A point is twice as far from the line. Should it pull twice as hard, or just as hard?",
        reading=MSE,
        variants={
            "mse_gradients": line(lambda e, x: (-e.sign().mean(), -(x * e.sign()).mean())),
        },
    ),
    Misconception(
        id="L17",
        what="the value of the loss stands in the place of the intercept's gradient",
        question="In which units is the loss when y is in metres, and in which is a slope of it? Can a "
        "gradient be negative?",
        reading=DESCENT,
        variants={
            "mse_gradients": line(lambda e, x: (e.square().mean(), -2 * (x * e).mean())),
        },
    ),
    Misconception(
        id="L26",
        what="every gradient is cut off at 100 and at -100",
        question="Is there a limit in the formula of the task? Try targets in the thousands.",
        reading="torch docs, 'torch.clamp'",
        variants={
            "mse_gradients": lambda *inputs: tuple(g.clamp(-100, 100) for g in right_line(*inputs))
        },
    ),
    Misconception(
        id="L27",
        what="the inputs x are standardised first: the slope belongs to other units",
        question="If x is given in metres and not in kilometres, does the gradient of b change? Does "
        "yours?",
        reading="torch docs, 'torch.std'",
        variants={
            "mse_gradients": lambda a, b, x, y: right_line(a, b, (x - x.mean()) / x.std(), y)
        },
    ),
    # 3.1 neuron_gradients, and what shows in 3.2 as well
    Misconception(
        id="G01",
        what="both gradients have the wrong sign: output and label are subtracted the wrong way round",
        question="The label is 1 and you nudge b up a little. Does the loss rise or fall?",
        reading=CHAIN,
        variants=one_and_many(scaled(right_neuron, -1)),
    ),
    Misconception(
        id="G02",
        what="the slope of the sigmoid is missing in the chain",
        question="Draw an arrow for every step from w to L. Which arrow has no factor in your product?",
        reading=CHAIN,
        variants=one_and_many(neuron(lambda _z, a, y: loss_slope(a, y))),
    ),
    Misconception(
        id="G03",
        what="the last factor on the way to w is forgotten: both gradients are equal",
        question="What stands beside w in the formula of u? What should happen to dL/dw if it doubles?",
        reading=CHAIN,
        variants=one_and_many(only_bias_slope),
    ),
    Misconception(
        id="G14",
        what="only the half of the loss with ln a is differentiated: a label 0 teaches nothing",
        question="Which part of the loss is left when the label is 0? Is it flat?",
        reading=LOSS,
        variants=one_and_many(neuron(lambda _z, a, y: -y * (1 - a))),
    ),
    Misconception(
        id="G07",
        what="the slope of the sigmoid is multiplied in twice",
        question="Multiply dL/da by da/dz on paper: what cancels? Is it still in your code?",
        reading=CHAIN,
        variants=one_and_many(neuron(lambda z, a, y: (a - y) * sigmoid_slope(z))),
    ),
    Misconception(
        id="G08",
        what="the squared error of the output is differentiated",
        question="Which loss does the statement write down? Does yours have a logarithm in it?",
        reading=LOSS,
        variants=one_and_many(neuron(lambda z, a, y: 2 * (a - y) * sigmoid_slope(z))),
    ),
    Misconception(
        id="G11",
        what="the bias b is left out of the forward pass",
        question="Take w = 0 and b = 3: what is z on paper, and what does your function get?",
        reading=LINEAR,
        variants=one_and_many(lambda w, b, x, y: right_neuron(w, 0 * b, x, y)),
    ),
    Misconception(
        id="G06",
        what="the slope of the loss is missing in the chain: the label has no say",
        question="Change y from 0 to 1 and nothing else: do your results change? Where does y enter?",
        reading=CHAIN,
        variants=one_and_many(neuron(lambda z, _a, _y: sigmoid_slope(z))),
    ),
    Misconception(
        id="G05",
        what="the slope of the sigmoid is written with z where its output belongs",
        question="Put z = 3 into your slope of the sigmoid. Can a curve that always rises have such a "
        "slope?",
        reading=SIGMOID,
        variants=one_and_many(neuron(lambda z, a, y: loss_slope(a, y) * z * (1 - z))),
    ),
    Misconception(
        id="G04",
        what="the slope of the sigmoid is taken at a, behind the sigmoid: the function is applied twice",
        question="Your helper for the slope of the sigmoid gets one number. Is it the one before or "
        "after the sigmoid?",
        reading=CHAIN,
        variants=one_and_many(neuron(lambda _z, a, y: loss_slope(a, y) * sigmoid_slope(a))),
    ),
    Misconception(
        id="G09",
        what="the product w x is differentiated as if x were the variable: w stands where x belongs",
        question="In w x, which letter do you move when you ask for dL/dw, and which one stays?",
        reading=BACKWARD,
        variants=one_and_many(weight_for_input),
    ),
    Misconception(
        id="G13",
        what="all gradients are doubled: backward ran twice on one loss, or a factor 2 slipped in",
        question="Divide your result by that of small steps: which constant is left at every point? "
        "Which line brings it in?",
        reading="torch docs, 'torch.Tensor.backward'",
        variants={
            "mse_gradients": scaled(right_line, 2),
            **one_and_many(scaled(right_neuron, 2)),
            **layers(scaled(right_network, 2)),
        },
    ),
    Misconception(
        id="A14",
        what="the exponent of the sigmoid has the wrong sign: a large z gives a near 0",
        question="Compute a for z = 5 on paper. Should a large score make the label 1 likely or "
        "unlikely?",
        reading=THRESHOLD,
        variants=one_and_many(neuron(lambda _z, a, y: 1 - a - y)),
    ),
    Misconception(
        id="G10",
        what="the logarithm of the loss has the base 10",
        question="The derivative of ln a is 1/a. Is that so for every logarithm?",
        reading="torch docs, 'torch.log10'",
        variants=one_and_many(scaled(right_neuron, 1 / math.log(10))),
    ),
    Misconception(
        id="G12",
        what="z and a are rounded to two digits on the way",
        question="How large is a - y when the neuron is nearly sure, and what do two digits leave of it?",
        reading="torch docs, 'torch.round'",
        variants=one_and_many(
            neuron(lambda z, _a, y: torch.sigmoid(z.round(decimals=2)).round(decimals=2) - y)
        ),
    ),
    Misconception(
        id="B16",
        what="an epsilon of 0.01 in the denominators bends ordinary values",
        question="How much does your safety number change 1/a when a is 0.05? Does any value in this "
        "task need it?",
        reading=LOSS,
        variants=one_and_many(
            neuron(lambda z, a, y: loss_slope(a, y, epsilon=0.01) * sigmoid_slope(z))
        ),
    ),
    # 3.2 neuron_batch_gradients
    Misconception(
        id="G18",
        what="the gradients of the samples are added up and not averaged",
        question="Does your answer depend on how many copies of the batch you send? Should it?",
        reading=MEAN,
        variants={
            "neuron_batch_gradients": lambda w, b, x, y: scaled(right_neuron, len(x))(w, b, x, y)
        },
    ),
    Misconception(
        id="G19",
        what="the mean of x is multiplied by the mean of the slopes: the means come too early",
        question="For the pairs (1, 1) and (3, -1), is the mean of the products the product of the "
        "means?",
        reading=MEAN,
        variants={"neuron_batch_gradients": means_multiplied},
    ),
    Misconception(
        id="G19b",
        what="inputs and labels are averaged first, and the neuron sees one mean sample",
        question="Is the sigmoid of a mean the mean of the sigmoids? Of which of the two does the loss "
        "speak?",
        reading=LOSS_OF_A_DATA_SET,
        variants={
            "neuron_batch_gradients": lambda w, b, x, y: right_neuron(w, b, x.mean(), y.mean())
        },
    ),
    Misconception(
        id="G20",
        what="the gradient of the bias is still a list with one number for each sample",
        question="How many biases does the neuron have, and how many numbers do you return for them?",
        reading=FORWARD_AND_BACK,
        variants={"neuron_batch_gradients": neuron(bias=identity)},
    ),
    Misconception(
        id="G22",
        what="only the last sample counts: each turn of the loop overwrites what the one before found",
        question="After your loop over two samples, where in the variable is the first one? How many "
        "messages should come together?",
        reading=BACKPROPAGATION,
        variants={"neuron_batch_gradients": lambda w, b, x, y: right_neuron(w, b, x[-1], y[-1])},
    ),
    Misconception(
        id="B11",
        what="outputs in a column meet labels in a row, and N times N differences are averaged",
        question="Print the shape of a - y just before your mean. Which output is compared with which "
        "label?",
        reading=BROADCASTING,
        variants={"neuron_batch_gradients": lambda w, b, x, y: right_neuron(w, b, x[:, None], y)},
    ),
    # 4.1 two_layer_gradients
    Misconception(
        id="S12",
        what="the gradients belong to the sum of the losses: the 1/N of the mean is missing",
        question="Write L with its first factor. Where is that factor in your slope of the scores?",
        reading=LOSS_OF_A_DATA_SET,
        variants=layers(slope=lambda s, y: len(s) * p_minus_onehot(s, y)),
    ),
    Misconception(
        id="S08",
        what="the loss is averaged over samples and classes alike",
        question="How many terms does the outer sum of L have: one for each sample, or one for each "
        "score?",
        reading=LIKELIHOOD,
        variants=layers(slope=lambda s, y: p_minus_onehot(s, y) / s.shape[1]),
    ),
    Misconception(
        id="S12b",
        what="the gradients of the biases are averaged over the samples a second time",
        question="Is 1/N already in the slope of the scores? What do the N rows still need to become one "
        "bias gradient?",
        reading=MEAN,
        variants=layers(bias=lambda messages: messages.mean(dim=0)),
    ),
    Misconception(
        id="G20b",
        what="the gradients of the biases keep one row for each sample",
        question="Which shape has b1, and which shape has your db1? In how many rows does a bias take "
        "part?",
        reading=FORWARD_AND_BACK,
        variants=layers(bias=identity),
    ),
    Misconception(
        id="G26b",
        what="the message passes back through the ReLU as if every hidden unit were on",
        question="A hidden unit gave 0 for a sample. If its weight moves a little, does the loss move?",
        reading=ACTIVATION,
        variants=layers(gate=open_gate),
    ),
    Misconception(
        id="G26",
        what="the ReLU lets back what is positive in the message, not what was on in the forward pass",
        question="A unit was on and its message is negative. Should the message get through?",
        reading=BACKPROPAGATION,
        variants=layers(gate=lambda _before, message, _bias: (message > 0).double()),
    ),
    Misconception(
        id="G26c",
        what="whether a hidden unit was on is decided without its bias",
        question="Compare what goes into your max(0, ...) with what your mask looks at: is something "
        "missing?",
        reading=NETWORK,
        variants=layers(gate=lambda before, _message, bias: (before - bias > 0).double()),
    ),
    Misconception(
        id="G25b",
        what="the gradient of W2 is made from the hidden values before the ReLU",
        question="Which values did W2 multiply in the forward pass: those before or after the "
        "activation?",
        reading="lecture 000, section 'Forward Pass of 2-layer NN'",
        variants=layers(second_sees=identity),
    ),
    Misconception(
        id="M05",
        what="there is no ReLU, neither forward nor back: two linear layers in a row",
        question="Multiply your two weight matrices: what is left of the second layer?",
        reading=ACTIVATION,
        variants=layers(hidden=identity, gate=open_gate),
    ),
    Misconception(
        id="A01",
        what="the hidden units leak: negative values are kept at a tenth of their size",
        question="The slides show two functions with similar names. What does the one of this task give "
        "for -2?",
        reading="lecture 002, slide 'Activation Functions'",
        variants=layers(hidden=leaky, gate=leaky_gate),
    ),
    Misconception(
        id="M04",
        what="a ReLU acts on the scores as well",
        question="Can your network say that a class is very unlikely, with a score of -5?",
        reading=NETWORK,
        variants=layers(slope=relu_on_scores),
    ),
    Misconception(
        id="B06",
        what="all four gradients have the wrong sign: labels minus probabilities",
        question="The score of the right class goes up a little. Which sign should the slope of the loss "
        "have, and which one has yours?",
        reading=LIKELIHOOD,
        variants=layers(scaled(right_network, -1)),
    ),
    Misconception(
        id="G27",
        what="the slope of the softmax lacks the path through the sum below the fraction",
        question="Raise the score of a wrong class: does the right class keep its probability? How do "
        "your slopes of one row add up?",
        reading=SOFTMAX,
        variants=layers(slope=own_path_only),
    ),
    Misconception(
        id="M30",
        what="the squared error between probabilities and one-hot labels is differentiated",
        question="Which function of the right class's probability is the loss? Is it steep where this "
        "probability is nearly 0?",
        reading=LIKELIHOOD,
        variants=layers(slope=squared_error),
    ),
    Misconception(
        id="G11b",
        what="both biases are left out of the forward pass",
        question="Send a sample of zeros through your network: which scores come out, and which should?",
        reading=NETWORK,
        variants=layers(lambda w1, b1, w2, b2, x, y: right_network(w1, 0 * b1, w2, 0 * b2, x, y)),
    ),
    Misconception(
        id="S03",
        what="the softmax runs down the samples, not across the classes",
        question="Which of your probabilities add up to 1: those of a row or those of a column? What is "
        "a row?",
        reading=SOFTMAX,
        variants=layers(slope=lambda s, y: torch.softmax(s, dim=0) - onehot(s, y)),
    ),
    Misconception(
        id="S04",
        what="the softmax divides by one sum over the whole batch",
        question="Should the probabilities of a sample change because another sample joins the batch?",
        reading="lecture 000, section 'Classification with NN'",
        variants=layers(slope=one_sum_for_all),
    ),
    Misconception(
        id="S09",
        what="1 is subtracted in every row in the columns of all labels of the batch",
        question="Print the slopes of the scores for two samples: in how many places of a row did you "
        "subtract 1?",
        reading="torch docs, 'torch.gather'",
        variants=layers(slope=all_labels_in_every_row),
    ),
    Misconception(
        id="M29",
        what="labels are taken to count from 1: each sample is told the class before its own",
        question="Which column belongs to the label 0, and which one does your index meet?",
        reading=LIKELIHOOD,
        variants=layers(
            lambda w1, b1, w2, b2, x, y: right_network(w1, b1, w2, b2, x, (y - 1) % len(b2))
        ),
    ),
    Misconception(
        id="L21c",
        what="the gradients of the second layer come first",
        question="Which shape does the first of your four results have, and which parameter has this "
        "shape?",
        reading=BACKWARD,
        variants=layers(swapped(right_network, 2, 3, 0, 1)),
    ),
    Misconception(
        id="G21",
        what="the gradients of both weight matrices are transposed",
        question="Where in W1 is the weight from feature 2 to unit 3, and where in your gradient is its "
        "slope?",
        reading="lecture 000, section 'Matrix Multiplication'",
        variants=layers(transposed),
    ),
    Misconception(
        id="B15",
        what="scores above 20 are cut off: large scores of one sample become equal",
        question="What should softmax make of the scores 30 and 25? What does your guard make of them?",
        reading=SOFTMAX,
        variants=layers(slope=lambda s, y: p_minus_onehot(s.clamp(-20, 20), y)),
    ),
]


# Visible inputs: the lecture's, those of the public checks, and one of round numbers.

NETWORK_OF_THE_CHECK = (
    torch.tensor([[0.9, -0.4, 1.3, -0.8], [-0.7, 1.1, 0.5, 0.6]]),
    torch.tensor([0.3, -0.4, 0.5, 0.2]),
    torch.tensor([[1.2, -0.6, 0.3], [-0.9, 0.8, 0.4], [0.5, 0.2, -1.1], [-0.3, -0.7, 0.9]]),
    torch.tensor([0.1, -0.2, 0.4]),
    torch.tensor([[1.0, 0.5], [-1.5, 0.2], [0.4, -1.2], [2.0, 1.4], [-0.6, -0.9], [-0.2, 1.7]]),
    torch.tensor([0, 2, 1, 2, 2, 0]),
)

EXAMPLES = [
    Example(
        entry_point="product_gradients",
        args=(torch.tensor(-2.0), torch.tensor(5.0), torch.tensor(-4.0)),
        words="the lecture's x = -2, y = 5, z = -4",
    ),
    # Errors of both signs, -1, 3 and 13, and a gradient above 100.
    Example(
        entry_point="mse_gradients",
        args=(
            torch.tensor(1.0),
            torch.tensor(2.0),
            torch.tensor([1.0, 2.0, 12.0]),
            torch.tensor([2.0, 8.0, 38.0]),
        ),
        words="a = 1, b = 2, x = (1, 2, 12), y = (2, 8, 38)",
    ),
    # The lecture's point with the other label: y = 1 hides half of the loss.
    Example(
        entry_point="neuron_gradients",
        args=(torch.tensor(0.23), torch.tensor(0.1), torch.tensor(1.23), torch.tensor(0.0)),
        words="w = 0.23, b = 0.1, x = 1.23 as in the lecture, but y = 0",
    ),
    Example(
        entry_point="neuron_batch_gradients",
        args=(
            torch.tensor(0.7),
            torch.tensor(-0.4),
            torch.tensor([0.5, -1.0, 2.0, 1.5, 3.0]),
            torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0]),
        ),
        words="w = 0.7, b = -0.4, x = (0.5, -1, 2, 1.5, 3), y = (1, 0, 0, 1, 0)",
    ),
    Example(
        entry_point="two_layer_gradients",
        args=NETWORK_OF_THE_CHECK,
        words="the six samples of the public check, and the first two numbers of each gradient",
        shown=lambda gradients: tuple(g.flatten()[:2].round(decimals=4) for g in gradients),
    ),
]
