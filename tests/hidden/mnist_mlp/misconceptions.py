"""Known-wrong variants of "An MLP on MNIST", and visible inputs on which they show.

Networks and steps are torch's own, in the dtype of their parameters. Nothing here is for `train`: it
starts from weights that each submission draws by itself, so that no other function can meet its numbers.
"""

import copy
import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from autograder.judging.diagnosis.misconceptions import Example, Misconception

Layers = Sequence[nn.Module]
Forward = Callable[[Layers, Tensor], Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]
Batches = Sequence[tuple[Tensor, Tensor]]
TrainEpoch = Callable[[nn.Module, torch.optim.Optimizer, Batches], list[float]]


# Networks.


def network(forward: Forward) -> type[nn.Module]:
    """An `MLP` with the right layers and another forward pass."""

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            sizes = pairwise((784, 64, 64, 64, 10))
            self.layers = nn.ModuleList(nn.Linear(*size) for size in sizes)

        def forward(self, x: Tensor) -> Tensor:
            return forward(self.layers, x)

    return Network


def chain(
    first: Callable[[Tensor], Tensor] = torch.relu,
    second: Callable[[Tensor], Tensor] = torch.relu,
    third: Callable[[Tensor], Tensor] = torch.relu,
) -> Forward:
    """All layers in turn, with the given activations between them."""

    def forward(layers: Layers, x: Tensor) -> Tensor:
        one, two, three, four = layers
        return four(third(three(second(two(first(one(x)))))))

    return forward


def as_it_is(x: Tensor) -> Tensor:
    return x


def leaky(x: Tensor) -> Tensor:
    return functional.leaky_relu(x, 0.1)


def of_input(change: Callable[[Tensor], Tensor]) -> Forward:
    """The right network on changed images."""
    return lambda layers, x: chain()(layers, change(x))


def of_output(change: Callable[[Tensor], Tensor]) -> Forward:
    """The right network with something done to its logits."""
    return lambda layers, x: change(chain()(layers, x))


def without_the_second(layers: Layers, x: Tensor) -> Tensor:
    one, _, three, four = layers
    return four(torch.relu(three(torch.relu(one(x)))))


def in_both_forms(
    name: str,
    forward: Forward,
    *,
    what: str,
    question: str,
    reading: str,
) -> list[Misconception]:
    """A slip in forward, once for who returns logits and once for who returns log-probabilities."""
    outputs = {name: forward, f"{name}-log": lambda *args: torch.log_softmax(forward(*args), dim=1)}
    return [
        Misconception(form, what, question, reading, {"MLP": network(output)})
        for form, output in outputs.items()
    ]


# Epochs.


def epoch(
    loss: Loss = functional.cross_entropy,
    *,
    training: bool = True,
    clear: bool = True,
    step: Callable[[torch.optim.Optimizer], object] = lambda optimizer: optimizer.step(),
    penalty: float = 0.0,
) -> TrainEpoch:
    """A `train_epoch` that is right but for the given part of it."""

    def train_epoch(
        model: nn.Module, optimizer: torch.optim.Optimizer, batches: Batches
    ) -> list[float]:
        model.train(training)
        losses = []
        for x, y in batches:
            if clear:
                optimizer.zero_grad()
            value = loss(model(x), y) + penalty * sum(p.square().sum() for p in model.parameters())
            value.backward()
            step(optimizer)
            losses.append(value.item())
        return losses

    return train_epoch


def by_another(
    rule: Callable[[nn.Module, float], torch.optim.Optimizer],
) -> TrainEpoch:
    """Steps of an optimiser that is made of the model and the given one's rate."""

    def train_epoch(
        model: nn.Module, optimizer: torch.optim.Optimizer, batches: Batches
    ) -> list[float]:
        return epoch()(model, rule(model, optimizer.param_groups[0]["lr"]), batches)

    return train_epoch


def told(tell: Callable[[list[float], Batches], object]) -> Callable[..., object]:
    """The right steps, and something else than the list of their losses."""
    return lambda model, optimizer, batches: tell(epoch()(model, optimizer, batches), batches)


def batch_by_batch(part: TrainEpoch) -> TrainEpoch:
    """An epoch as one call for each batch."""
    return lambda model, optimizer, batches: [
        value for batch in batches for value in part(model, optimizer, [batch])
    ]


def no_step(optimizer: torch.optim.Optimizer) -> None:
    """Moves nothing."""


def step_then_clear(optimizer: torch.optim.Optimizer) -> None:
    optimizer.step()
    optimizer.zero_grad()


def clipped_step(optimizer: torch.optim.Optimizer) -> None:
    nn.utils.clip_grad_norm_(optimizer.param_groups[0]["params"], 0.5)
    optimizer.step()


def cleared_once(model, optimizer, batches):
    optimizer.zero_grad()
    return epoch(clear=False)(model, optimizer, batches)


def step_first(model, optimizer, batches):
    optimizer.step()
    return epoch(step=no_step)(model, optimizer, batches)


def step_at_the_end(model, optimizer, batches):
    losses = epoch(step=no_step)(model, optimizer, batches)
    optimizer.step()
    return losses


def one_step_for_all(model, optimizer, batches):
    optimizer.zero_grad()
    losses = epoch(clear=False, step=no_step)(model, optimizer, batches)
    optimizer.step()
    return losses


def same_mask(model, optimizer, batches):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return epoch()(model, optimizer, batches)


def loss_afterwards(model, optimizer, batches):
    losses = []
    for x, y in batches:
        epoch()(model, optimizer, [(x, y)])
        losses.append(functional.cross_entropy(model(x), y).item())
    return losses


def first_batch(model, optimizer, batches):
    return epoch()(model, optimizer, batches[:1])


def full_batches(model, optimizer, batches):
    size = len(batches[0][0])
    return epoch()(model, optimizer, [(x, y) for x, y in batches if len(x) >= size])


def running_means(losses: list[float], batches: Batches) -> list[float]:
    return [sum(losses[:n]) / n for n in range(1, len(losses) + 1)]


def squared_error(output: Tensor, y: Tensor) -> Tensor:
    onehot = functional.one_hot(y, output.shape[1]).to(output.dtype)
    return functional.mse_loss(torch.softmax(output, dim=1), onehot)


# Accuracies.


def counted(count: Callable[[Batches], Tensor | float]) -> Callable[[nn.Module, Batches], float]:
    """An `evaluate` that makes its number of all pairs (output, y)."""

    def evaluate(model: nn.Module, batches: Batches) -> float:
        judged = copy.deepcopy(model).eval()
        with torch.no_grad():
            return float(count([(judged(x), y) for x, y in batches]))

    return evaluate


def hits(pairs: Batches) -> list[int]:
    """How many predictions are right in each batch."""
    return [int(output.argmax(dim=1).eq(y).sum()) for output, y in pairs]


def total(pairs: Batches) -> int:
    return sum(len(y) for _, y in pairs)


def share(pairs: Batches) -> float:
    return sum(hits(pairs)) / total(pairs)


def share_where(right: Callable[[Tensor, Tensor], Tensor]) -> Callable[[nn.Module, Batches], float]:
    """The share of images that a wrong rule takes for right ones."""
    return counted(
        lambda pairs: sum(int(right(output, y).sum()) for output, y in pairs) / total(pairs)
    )


def best_of_each_class(output: Tensor, y: Tensor) -> Tensor:
    n = min(output.shape[1], len(y))
    return output.argmax(dim=0)[:n] == y[:n]


def sure_and_right(output: Tensor, y: Tensor) -> Tensor:
    p, predicted = torch.softmax(output, dim=1).max(dim=1)
    return predicted.eq(y) & (p > 0.5)


def left_in_evaluation_mode(model, batches):
    accuracy = counted(share)(model, batches)
    model.eval()
    return accuracy


NETWORK = "lecture 002, slide 'Create MPL using PyTorch NN module'"
SOFTMAX = "lecture 002, slide 'Softmax function'"
ACTIVATIONS = "lecture 002, slide 'Activation Functions'"
LINEAR = "lecture 002, slide 'Limitation of Linear Models'"
LOSS = "lecture 002, slide 'Loss Function'"
LIKELIHOOD = "lecture 002, slide 'Measure the goodness-of-fit'"
TRAINING = "lecture 002, slide 'Training with autograd'"
AUTOGRAD = "lecture 002, slide 'Autograd'"
LOOP = "lecture 003, slide 'Train the Model'"
OVERALL = "lecture 000, section 'Overall: 2-layer MLP'"
OPTIMIZER = "lecture 000, section 'Optimizer'"
EVALUATION = "lecture 002, slide 'Evaluate test accuracy'"
CROSS_ENTROPY = "torch docs, 'torch.nn.CrossEntropyLoss'"
NLL = "torch docs, 'torch.nn.NLLLoss'"
ARGMAX = "torch docs, 'torch.argmax'"


MISCONCEPTIONS = [
    # 1.1 MLP
    Misconception(
        id="M01",
        what="forward returns probabilities: a softmax acts on the last layer",
        question="What is the smallest loss that cross entropy can reach if it is given numbers from 0 "
        "to 1?",
        reading=SOFTMAX,
        variants={"MLP": network(of_output(lambda z: torch.softmax(z, dim=1)))},
    ),
    Misconception(
        id="M28",
        what="log_softmax runs along the batch, so that the images compete and not the classes",
        question="Along which axis do the probabilities of one image add up to 1? What does a batch of "
        "one image give?",
        reading=SOFTMAX,
        variants={"MLP": network(of_output(lambda z: torch.log_softmax(z, dim=0)))},
    ),
    *in_both_forms(
        "M05",
        chain(as_it_is, as_it_is, as_it_is),
        what="no activation acts between the layers, or its result is thrown away",
        question="Multiply the weight matrices of two neighbouring layers: what is left of the network? "
        "Which value reaches the next line?",
        reading=LINEAR,
    ),
    *in_both_forms(
        "M04",
        of_output(torch.relu),
        what="a ReLU acts on the last layer too: no logit is negative",
        question="Can your network say that a class is less likely than one with the logit 0?",
        reading=NETWORK,
    ),
    *in_both_forms(
        "M05b",
        chain(third=as_it_is),
        what="the third layer goes into the last one without an activation",
        question="Count the activations in your forward. After which layer is none?",
        reading=NETWORK,
    ),
    *in_both_forms(
        "M05c",
        chain(torch.sigmoid, torch.sigmoid, torch.sigmoid),
        what="the hidden layers use the sigmoid",
        question="Can a hidden unit of yours be exactly 0, or larger than 1? Which curve does the task "
        "name?",
        reading=ACTIVATIONS,
    ),
    *in_both_forms(
        "M05d",
        chain(torch.tanh, torch.tanh, torch.tanh),
        what="the hidden layers use tanh",
        question="Which values can a hidden unit of yours take: can one be negative?",
        reading=ACTIVATIONS,
    ),
    *in_both_forms(
        "M05e",
        chain(leaky, leaky, leaky),
        what="the hidden layers use a leaky ReLU with the slope 0.1",
        question="What does your activation make of -2, and what should it be?",
        reading="lecture 002, slide 'Activation Functions', 'Leaky ReLU'",
    ),
    *in_both_forms(
        "M18",
        without_the_second,
        what="the third layer reads the result of the first, and the second is not used",
        question="Which layer could you delete without changing the output? Follow the variables from "
        "line to line.",
        reading="lecture 002, slide 'Mathematical definition'",
    ),
    *in_both_forms(
        "M25",
        of_input(lambda x: x / 255),
        what="forward divides the pixels by 255, though they come from 0 to 1",
        question="Print the largest pixel just before the first layer. How bright is white there?",
        reading="lecture 002, slide 'Example with MNIST data'",
    ),
    *in_both_forms(
        "M26",
        of_input(lambda x: (x - x.mean()) / (x.std() + 1e-8)),
        what="forward standardises the images with mean and deviation of the batch at hand",
        question="Ask for one image alone and then for it in a batch: why do the two answers differ?",
        reading="torch docs, 'torch.std'",
    ),
    *in_both_forms(
        "M31",
        of_input(lambda x: x.reshape(784, -1).t()),
        what="reshaping mixes the pixels of different images",
        question="After your reshape, does row 0 still hold picture 0? Try it with a batch of two images, "
        "one black and one white.",
        reading="torch docs, 'torch.Tensor.view'",
    ),
    # 2.1 train_epoch
    Misconception(
        id="M10",
        what="gradients are never cleared, so that those of earlier batches count as well",
        question="Print .grad in the second step: is it the gradient of this batch only?",
        reading=AUTOGRAD,
        variants={"train_epoch": epoch(clear=False)},
    ),
    Misconception(
        id="M10b",
        what="gradients are cleared before the first batch only",
        question="How often does your line run that clears the gradients, in an epoch of ten batches?",
        reading=TRAINING,
        variants={"train_epoch": cleared_once},
    ),
    Misconception(
        id="M10c",
        what="gradients that were left over before the call count in the first step",
        question="What does .grad hold when your function begins, and who says that it is empty?",
        reading=LOOP,
        variants={"train_epoch": epoch(clear=False, step=step_then_clear)},
    ),
    Misconception(
        id="M12",
        what="no parameter moves: there is no step, or the gradients are cleared just before it",
        question="What is in .grad at the moment when the step is made, and who moves the weights?",
        reading=LOOP,
        variants={"train_epoch": epoch(step=no_step)},
    ),
    Misconception(
        id="M01b",
        what="a softmax is put before the cross entropy, which takes one itself",
        question="How small can your loss get on a perfect prediction? Compare with what cross entropy "
        "does inside.",
        reading=CROSS_ENTROPY,
        variants={
            "train_epoch": epoch(lambda z, y: functional.cross_entropy(torch.softmax(z, dim=1), y))
        },
    ),
    Misconception(
        id="M03",
        what="the negative log-likelihood is taken of the raw output, as if that were log-probabilities",
        question="Can your loss be negative? What kind of numbers does this loss expect from any model?",
        reading=NLL,
        variants={"train_epoch": epoch(functional.nll_loss)},
    ),
    Misconception(
        id="M02b",
        what="the loss is minus the probability itself: the logarithm is missing",
        question="For a probability of 1, which loss do you get? Which sign should a cross entropy have?",
        reading=LIKELIHOOD,
        variants={
            "train_epoch": epoch(lambda z, y: functional.nll_loss(torch.softmax(z, dim=1), y))
        },
    ),
    Misconception(
        id="M27",
        what="the losses of a batch are added up and not averaged",
        question="Which loss do you expect of a model that knows nothing, for 7 images and for 70?",
        reading=LOSS,
        variants={"train_epoch": epoch(lambda z, y: functional.cross_entropy(z, y) * len(y))},
    ),
    Misconception(
        id="M27b",
        what="the steps are right, but each loss in the list is multiplied by the size of its batch",
        question="Which of your two numbers describes one image, and which a whole batch?",
        reading=LOSS,
        variants={
            "train_epoch": told(
                lambda losses, batches: [
                    value * len(y) for value, (_, y) in zip(losses, batches, strict=True)
                ]
            )
        },
    ),
    Misconception(
        id="L19b",
        what="the list holds the loss of each batch after its step",
        question="With a large learning rate, is the first number the loss of the model that came in?",
        reading=TRAINING,
        variants={"train_epoch": loss_afterwards},
    ),
    Misconception(
        id="M37b",
        what="only the loss of the last batch is returned",
        question="Which batches does the number describe that the slide prints, and how many did you go "
        "through?",
        reading=TRAINING,
        variants={"train_epoch": told(lambda losses, batches: losses[-1])},
    ),
    Misconception(
        id="M37",
        what="the mean of all losses is returned",
        question="How many numbers does the task ask for, if there are five batches?",
        reading=OVERALL,
        variants={"train_epoch": told(lambda losses, batches: sum(losses) / len(losses))},
    ),
    Misconception(
        id="M37c",
        what="the list holds the mean of all losses so far",
        question="Is the third number of your list changed by what the first batch was like?",
        reading=OVERALL,
        variants={"train_epoch": told(running_means)},
    ),
    Misconception(
        id="M23",
        what="only the first batch is used",
        question="How many batches did your epoch see? Count them. Which line leaves the loop?",
        reading=OVERALL,
        variants={"train_epoch": first_batch},
    ),
    Misconception(
        id="M14b",
        what="the model learns in evaluation mode",
        question="Which line of yours decides whether dropout is on, and what if the model comes from an "
        "evaluation?",
        reading="torch docs, 'torch.nn.Module.train'",
        variants={"train_epoch": epoch(training=False)},
    ),
    Misconception(
        id="M12c",
        what="the step comes after the loop: one for the whole epoch",
        question="How many times do your parameters move in an epoch of ten batches?",
        reading=LOOP,
        variants={"train_epoch": step_at_the_end},
    ),
    Misconception(
        id="M12d",
        what="one step is made from the sum of all losses",
        question="At which parameters do you compute the gradient of the second batch: has the first one "
        "moved them?",
        reading=OVERALL,
        variants={"train_epoch": one_step_for_all},
    ),
    Misconception(
        id="M12b",
        what="the step comes before backward, so that each batch moves the model one batch late",
        question="With a single batch, whose gradient does your step use?",
        reading=LOOP,
        variants={"train_epoch": batch_by_batch(step_first)},
    ),
    Misconception(
        id="M13c",
        what="each parameter moves by lr times its gradient, whatever the given optimiser is",
        question="Which of your lines would do something else if Adam were given?",
        reading=OPTIMIZER,
        variants={
            "train_epoch": by_another(lambda model, lr: torch.optim.SGD(model.parameters(), lr=lr))
        },
    ),
    Misconception(
        id="M13b",
        what="every batch gets a new Adam, which remembers nothing of the batches before",
        question="What does Adam keep from step to step, and how long does your object live?",
        reading="torch docs, 'torch.optim.Adam'",
        variants={
            "train_epoch": batch_by_batch(
                by_another(lambda model, lr: torch.optim.Adam(model.parameters(), lr=lr))
            )
        },
    ),
    Misconception(
        id="M13",
        what="an SGD with the rate 0.001 is made inside, and the given optimiser is not used",
        question="Where in your function is the argument optimizer read? Who chose the learning rate?",
        reading="torch docs, 'torch.optim.SGD'",
        variants={
            "train_epoch": by_another(
                lambda model, lr: torch.optim.SGD(model.parameters(), lr=0.001)
            )
        },
    ),
    Misconception(
        id="M28b",
        what="the loss takes its softmax along the batch, so that the images compete",
        question="What is your loss for a batch of one image? Which numbers of the output should add up "
        "to 1?",
        reading=SOFTMAX,
        variants={
            "train_epoch": epoch(lambda z, y: functional.nll_loss(torch.log_softmax(z, dim=0), y))
        },
    ),
    Misconception(
        id="M29",
        what="the labels are one too small, as if they ran from 1 to 10",
        question="Which digit is class 0, and which output unit belongs to a 7?",
        reading=CROSS_ENTROPY,
        variants={
            "train_epoch": epoch(lambda z, y: functional.cross_entropy(z, (y - 1) % z.shape[1]))
        },
    ),
    Misconception(
        id="S08",
        what="the mean runs over images and classes: a tenth of the loss",
        question="How many terms are in your mean for one image? A model that knows nothing should be at "
        "about 2.3.",
        reading=LIKELIHOOD,
        variants={"train_epoch": epoch(lambda z, y: functional.cross_entropy(z, y) / z.shape[1])},
    ),
    Misconception(
        id="S09",
        what="in every row the probabilities of all labels of the batch are picked",
        question="Print the shape of what you picked: is it one number for each image?",
        reading="torch docs, 'torch.gather'",
        variants={"train_epoch": epoch(lambda z, y: -torch.log_softmax(z, dim=1)[:, y].mean())},
    ),
    Misconception(
        id="S11",
        what="the logarithm has base 2",
        question="Which loss does a model that knows nothing have: 2.3 or 3.3? What is the ratio?",
        reading="torch docs, 'torch.log2'",
        variants={"train_epoch": epoch(lambda z, y: functional.cross_entropy(z, y) / math.log(2))},
    ),
    Misconception(
        id="M30",
        what="the loss is the squared error between probabilities and one-hot labels",
        question="Which loss does the task write down, and what is it where the model is certain and "
        "wrong?",
        reading=LOSS,
        variants={"train_epoch": epoch(squared_error)},
    ),
    Misconception(
        id="M41b",
        what="batches that are shorter than the first are left out",
        question="What becomes of the last three images of 17, in batches of 7?",
        reading="torch docs, 'torch.utils.data.DataLoader'",
        variants={"train_epoch": full_batches},
    ),
    Misconception(
        id="M42",
        what="label smoothing of 0.1 is on",
        question="What is your smallest loss for a certain and right prediction? Which option of the loss "
        "moves it?",
        reading=CROSS_ENTROPY,
        variants={
            "train_epoch": epoch(lambda z, y: functional.cross_entropy(z, y, label_smoothing=0.1))
        },
    ),
    Misconception(
        id="M42b",
        what="a penalty of 0.001 times all squared parameters is added to the loss",
        question="Would your loss be zero if every image were predicted right and for certain? Which term "
        "is left?",
        reading="lecture 004, section 'Multilayer Perceptron'",
        variants={"train_epoch": epoch(penalty=1e-3)},
    ),
    Misconception(
        id="L26",
        what="a gradient longer than 0.5 is shortened before the step",
        question="How far does a step go if the gradient is very long? Is there a line between backward "
        "and step?",
        reading="torch docs, 'torch.nn.utils.clip_grad_norm_'",
        variants={"train_epoch": epoch(step=clipped_step)},
    ),
    Misconception(
        id="M35",
        what="the generator gets the seed 0 in every batch, so that dropout always drops the same units",
        question="Is your randomness still random in the second batch?",
        reading="lecture 004, section 'Dropout'",
        variants={"train_epoch": batch_by_batch(same_mask)},
    ),
    # 3.1 evaluate
    Misconception(
        id="E01",
        what="only right predictions are counted in the total, as on the slide: 1 as soon as one is right",
        question="By how much does your total grow when a prediction is wrong?",
        reading=EVALUATION,
        variants={"evaluate": counted(lambda pairs: any(hits(pairs)))},
    ),
    Misconception(
        id="E04",
        what="the accuracies of the batches are averaged, whatever their sizes are",
        question="One batch holds 7 images and one holds 3: does each image count the same?",
        reading=EVALUATION,
        variants={
            "evaluate": counted(
                lambda pairs: (
                    sum(n / len(y) for n, (_, y) in zip(hits(pairs), pairs, strict=True))
                    / len(pairs)
                )
            )
        },
    ),
    Misconception(
        id="E02",
        what="the number of right predictions is divided by the number of batches",
        question="What do you count in the total: images or rounds of the loop? Can an accuracy be 3?",
        reading=EVALUATION,
        variants={"evaluate": counted(lambda pairs: sum(hits(pairs)) / len(pairs))},
    ),
    Misconception(
        id="E06",
        what="the counters start anew in every batch: the last one decides",
        question="Which lines should run once, before the first batch?",
        reading=EVALUATION,
        variants={"evaluate": counted(lambda pairs: share(pairs[-1:]))},
    ),
    Misconception(
        id="E06b",
        what="the answer is given after the first batch",
        question="Which line ends your function, and how often has the loop run by then?",
        reading=EVALUATION,
        variants={"evaluate": counted(lambda pairs: share(pairs[:1]))},
    ),
    Misconception(
        id="B12",
        what="predictions in a column meet labels in a row: each prediction is compared with all labels",
        question="Can 32 of 8 images be right? Print the shape of the comparison.",
        reading="torch docs, 'Broadcasting semantics'",
        variants={"evaluate": share_where(lambda z, y: z.argmax(dim=1, keepdim=True) == y)},
    ),
    Misconception(
        id="E08",
        what="the argmax runs along the batch: for each class, the image that fits best",
        question="How many predictions do you get for a batch of three images?",
        reading=ARGMAX,
        variants={"evaluate": share_where(best_of_each_class)},
    ),
    Misconception(
        id="E11b",
        what="argmax has no axis, and one number stands for the whole batch",
        question="What does argmax return for a table if you don't say along which axis?",
        reading=ARGMAX,
        variants={"evaluate": share_where(lambda z, y: z.argmax() == y)},
    ),
    Misconception(
        id="E11",
        what="the largest output itself is compared with the label, and not its place",
        question="Which two things does torch.max return, and can an output of 2.37 be equal to a digit?",
        reading="torch docs, 'torch.max'",
        variants={"evaluate": share_where(lambda z, y: z.max(dim=1).values == y)},
    ),
    Misconception(
        id="E11d",
        what="predictions are counted from 1 and labels from 0",
        question="Which label does an image get whose first output is the largest?",
        reading="lecture 004, section 'Softmax regression'",
        variants={"evaluate": share_where(lambda z, y: z.argmax(dim=1) + 1 == y)},
    ),
    Misconception(
        id="E11c",
        what="a prediction counts only if its probability is above one half",
        question="Ten classes share the 1: may the largest probability be 0.3? Is that prediction wrong?",
        reading=SOFTMAX,
        variants={"evaluate": share_where(sure_and_right)},
    ),
    Misconception(
        id="E15c",
        what="the share of wrong predictions is returned",
        question="Which number should a model get that is always right?",
        reading=EVALUATION,
        variants={"evaluate": counted(lambda pairs: 1 - share(pairs))},
    ),
    Misconception(
        id="E12b",
        what="the accuracy is cut to a whole number: 0 unless all are right",
        question="What is 3 // 7 in Python, and what is 3 / 7?",
        reading="Python docs, 'Numeric Types'",
        variants={"evaluate": counted(lambda pairs: sum(hits(pairs)) // total(pairs))},
    ),
    Misconception(
        id="E15",
        what="the number of right predictions is returned, and not their share",
        question="Could you compare your number for 17 images with that for 10,000?",
        reading=EVALUATION,
        variants={"evaluate": counted(lambda pairs: sum(hits(pairs)))},
    ),
    Misconception(
        id="V31",
        what="the accuracy is given in percent",
        question="What is the largest value that a share can have?",
        reading=EVALUATION,
        variants={"evaluate": counted(lambda pairs: 100 * share(pairs))},
    ),
    Misconception(
        id="E03",
        what="every batch is taken to be as long as the first",
        question="How many images are there in batches of 7, 7 and 3, and how many does your product give?",
        reading=EVALUATION,
        variants={
            "evaluate": counted(lambda pairs: sum(hits(pairs)) / (len(pairs) * len(pairs[0][1])))
        },
    ),
    Misconception(
        id="E05",
        what="the hits are divided by 10,000, the size of MNIST's test set",
        question="What should come out for two images, both right?",
        reading="lecture 002, slide 'Example with MNIST data'",
        variants={"evaluate": counted(lambda pairs: sum(hits(pairs)) / 10_000)},
    ),
    Misconception(
        id="M15",
        what="the number is right, but the model stays in evaluation mode",
        question="In which mode does the next epoch of training begin, if you evaluate between two of them?",
        reading="torch docs, 'torch.nn.Module.eval'",
        variants={"evaluate": left_in_evaluation_mode},
    ),
]


# Visible inputs: those of the public checks.


def shown_mlp(model: nn.Module) -> Tensor:
    """ln p of four digits for the second of five images, with the waves of `checks.py` as parameters."""
    waves = [
        0.3 * torch.sin(torch.arange(p.numel()) * (0.7 + 0.1 * number)).reshape(p.shape)
        for number, p in enumerate(model.parameters())
    ]
    with torch.no_grad():
        for own, wave in zip(model.parameters(), waves, strict=True):
            own.copy_(wave)
        x = (1 + torch.cos(torch.arange(5 * 784, dtype=torch.float32)).reshape(5, 784)) / 2
        return torch.log_softmax(model(x), dim=1)[1, :4]


def small_epoch(entry_points):
    """A layer of three pixels, an optimiser with momentum, gradients left over, and four batches."""
    layer = nn.Linear(3, 10)
    table = torch.sin(1 + 2 * torch.arange(40.0)).reshape(10, 4)
    with torch.no_grad():
        for own, columns in zip(layer.parameters(), (table[:, :3], table[:, 3]), strict=True):
            own.copy_(columns)
    for own in layer.parameters():
        own.grad = own.detach().clone()  # left over; alike for all classes, it would not show
    x = torch.tensor([[0.9, 0.2, 0.5], [0.1, 0.8, 0.6], [0.7, 0.7, 0.0], [0.3, 0.4, 1.0]])
    batches = list(zip(x.split((3, 1)), torch.tensor([3, 0, 7, 3]).split((3, 1)), strict=True))
    return layer, torch.optim.SGD(layer.parameters(), lr=0.5, momentum=0.9), batches * 2


def brightest_pixel(entry_points):
    """A model that predicts the brightest of ten pixels, and two batches of which it has 3 of 7 right."""
    layer = nn.Linear(10, 10)
    with torch.no_grad():
        layer.weight.copy_(1.5 * torch.eye(10))  # no output is a digit, and none is sure
        layer.bias.zero_()
    x = torch.eye(10)[torch.tensor([4, 1, 7, 7, 0, 9, 2])]
    y = torch.tensor([4, 0, 1, 2, 5, 9, 2])
    return layer, list(zip(x.split((4, 3)), y.split((4, 3)), strict=True))


EXAMPLES = [
    Example(
        entry_point="MLP",
        args=(),
        words="the parameters and images of the public check, ln p of the digits 0 to 3 for the second image",
        shown=shown_mlp,
    ),
    Example(
        entry_point="train_epoch",
        args=(),
        made=small_epoch,
        words="the public check's layer and batches of 3 and 1, twice, gradients left over, lr = 0.5, momentum 0.9",
    ),
    Example(
        entry_point="evaluate",
        args=(),
        made=brightest_pixel,
        words="the public check's 7 images in batches of 4 and 3, with 1 and 2 right",
    ),
]
