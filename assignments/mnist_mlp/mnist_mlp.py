# %% [markdown]
# # An MLP on MNIST
#
# In this notebook you build a network that reads handwritten digits: the network, one epoch of
# training, the accuracy, and a function that trains from start to end.
#
# Use autograd, `torch.nn` and `torch.optim` as you like. Only the numbers count.
#
# Replace each `raise NotImplementedError(...)` by your code. Keep the names and the order of the
# arguments. Type `autograder check` in this folder to see how far you are. Nothing here needs the
# data set; how to get it is shown at the end.

# %%
import torch
from torch import nn

# %% [markdown]
# ## 1. The network
#
# A picture of 28 x 28 pixels is a row $x$ of 784 numbers from 0 to 1. Three hidden layers of 64
# units follow, then one output for each digit:
#
# $$h_1 = \mathrm{relu}(W_1 x + b_1), \quad h_2 = \mathrm{relu}(W_2 h_1 + b_2), \quad
# h_3 = \mathrm{relu}(W_3 h_2 + b_3), \quad z = W_4 h_3 + b_4$$
#
# ![Four linear layers with ReLU between them](figures/network.svg)
#
# The outputs $z$ are logits. They say how probable each digit is:
#
# $$p(k \mid x) = \frac{e^{z_k}}{\sum_{j=0}^{9} e^{z_j}}$$
#
# You may return $z$, or $\ln p$ as the lecture does with `log_softmax`. Take the softmax of either
# of the two: what comes out? And what comes out if you take the softmax of $p$ itself?
#
# **Task 1.1.** Complete the class `MLP`.


# %% task="1.1"
class MLP(nn.Module):
    """Four linear layers, 784-64-64-64-10, with ReLU between them.

    The model has 59,210 parameters in eight tensors: weight and bias of each layer as `nn.Linear`
    keeps them, the layers in the order in which they are used. Their names are yours. They start as
    `nn.Linear` sets them.

    Source: lecture 002, "Create MPL using PyTorch NN module".
    """

    def __init__(self) -> None:
        super().__init__()
        # BEGIN SOLUTION
        self.first = nn.Linear(784, 64)
        self.second = nn.Linear(64, 64)
        self.third = nn.Linear(64, 64)
        self.last = nn.Linear(64, 10)
        # END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits, or the log-probabilities, of each row.

        Args:
            x: Images, shape (N, 784), float32, from 0 to 1; N = 1 as well.

        Returns:
            Shape (N, 10), float32. Logits or log-probabilities (log_softmax) are both right;
            probabilities (softmax) are not. No ReLU after the last layer.
        """
        # BEGIN SOLUTION
        x = torch.relu(self.first(x))
        x = torch.relu(self.second(x))
        x = torch.relu(self.third(x))
        return self.last(x)
        # END SOLUTION


# %% [markdown]
# ## 2. One epoch
#
# For a batch of $B$ images with the labels $y_i$ the loss is the mean
#
# $$L = -\frac{1}{B} \sum_{i=1}^{B} \ln p(y_i \mid x_i).$$
#
# `nn.functional.cross_entropy` computes it from logits, and from log-probabilities as well.
#
# The optimiser takes one step for each batch. Where in your loop does PyTorch compute the gradient,
# where is it used, and where does the old one go?
#
# **Task 2.1.** Write `train_epoch`.


# %% task="2.1"
def train_epoch(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    batches: list[tuple[torch.Tensor, torch.Tensor]],
) -> list[float]:
    """One step of the optimiser for each batch, in the given order.

    The loss of a batch is the mean over its B images of -ln p(y | x), natural logarithm, where p is
    the softmax of the model's output. So the output may be logits or log-probabilities. Each step
    uses the gradient of its own batch alone. Gradients may be left over from before: they must not
    count.

    Args:
        model: Any nn.Module that maps (B, 784) to (B, 10), not only MLP. It is changed in place,
            and it trains in training mode, whatever the mode in which it comes.
        optimizer: Any optimiser of torch.optim that holds the parameters of the model. It keeps its
            own state (momentum, say) from one call to the next.
        batches: Pairs (x, y): images x, shape (B, 784), float32, and labels y, shape (B,), int64,
            0 to 9. B may differ from batch to batch, and may be 1.

    Returns:
        A list with one float for each batch: its loss before its step.

    Source: lecture 002, "Training with autograd".
    """
    # BEGIN SOLUTION
    model.train()
    losses = []
    for x, y in batches:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()  # .grad adds up, and only this batch's gradient is wanted
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    # END SOLUTION


# %% [markdown]
# ## 3. The accuracy
#
# The model predicts the digit with the largest output. Its accuracy is
#
# $$\frac{\text{number of images with the right prediction}}{\text{number of all images}}$$
#
# A network that was never trained is right for about one image in ten. What does your function say
# of one?
#
# **Task 3.1.** Write `evaluate`.


# %% task="3.1"
def evaluate(model: nn.Module, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> float:
    """The share of images whose predicted label is the right one.

    Every image counts the same, those of a short last batch too. The model works in evaluation mode
    (dropout off) and without gradients. Afterwards its parameters, its buffers and its mode are as
    they were: a model that came in training mode goes on in training mode.

    Args:
        model: Any nn.Module that maps (B, 784) to (B, 10), in any mode.
        batches: Pairs (x, y) as for task 2.1, at least one.

    Returns:
        A float from 0 to 1: not in percent, not rounded. 0.0 where no prediction is right.

    Source: lecture 002, "Evaluate test accuracy".
    """
    # BEGIN SOLUTION
    was_training = model.training
    model.eval()
    n_right, n_images = 0, 0
    with torch.no_grad():
        for x, y in batches:
            n_right += int((model(x).argmax(dim=1) == y).sum())
            n_images += len(y)
    model.train(was_training)
    return n_right / n_images
    # END SOLUTION


# %% [markdown]
# ## 4. Training
#
# Put the parts together. In every epoch the model sees each image once, in an order that is drawn
# anew. Data often come sorted: first all zeros, then all ones. What would the last hundred batches
# teach the model if you kept that order?
#
# **Task 4.1.** Write `train`.


# %% task="4.1"
def train(
    images: torch.Tensor,
    labels: torch.Tensor,
    *,
    epochs: int,
    batch_size: int,
    lr: float,
    seed: int,
) -> MLP:
    """A new MLP, trained with Adam on shuffled batches.

    Begins with torch.manual_seed(seed), then makes the model. The optimiser is torch.optim.Adam
    with the given learning rate: default betas, no weight decay. In every epoch each image is used
    once, in a new random order, in batches of batch_size; the last one may be shorter and is not
    dropped. The loss is the one of task 2.1. The same seed gives the same model on the same data,
    another seed another one.

    Args:
        images: Shape (N, 784), float32, from 0 to 1. They may come sorted by label.
        labels: Shape (N,), int64, 0 to 9.
        epochs: Number of epochs, at least 1.
        batch_size: At least 1; it may be larger than N.
        lr: Learning rate, a float, at least 0. With 0 the model stays as it was made.
        seed: What the random numbers start from, an int of at least 0.

    Returns:
        The trained model.

    Source: lecture 002, "Training with autograd".
    """
    # BEGIN SOLUTION
    torch.manual_seed(seed)
    model = MLP()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    for _ in range(epochs):
        order = torch.randperm(len(images))
        batches = [(images[rows], labels[rows]) for rows in order.split(batch_size)]
        train_epoch(model, optimizer, batches)
    return model
    # END SOLUTION


# %% [markdown]
# ## The real thing
#
# Do your checks pass? Then change `False` to `True`, run the cell and see your network read. It
# needs `torchvision` (`pip install torchvision`), fetches MNIST once (11 MB) and trains for ten
# epochs, which takes less than a minute. It is not graded, and `autograder check` does not run it.

# %%
TRAIN_ON_MNIST = False

if TRAIN_ON_MNIST and __name__ == "__main__":
    from torchvision import datasets

    training = datasets.MNIST("data", train=True, download=True)
    test = datasets.MNIST("data", train=False, download=True)
    # data holds bytes, (N, 28, 28). Rows of 784 numbers from 0 to 1 are what the network wants.
    x, x_test = training.data.reshape(-1, 784) / 255, test.data.reshape(-1, 784) / 255
    digits = train(x, training.targets, epochs=10, batch_size=64, lr=0.005, seed=0)
    print("Right on new images:", evaluate(digits, [(x_test, test.targets)]))

# %% [markdown]
# ## What the hidden tests do
#
# The public checks use a few fixed numbers. The hidden tests draw new ones: other models, other
# batches, other optimisers and seeds.
