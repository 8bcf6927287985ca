# %% [markdown]
# # Logistic regression
#
# In this notebook you build a classifier for two classes: the sigmoid, the loss, the model, its
# training, and what it is used for: probabilities, labels and an accuracy.
#
# Use autograd, `torch.nn` and `torch.optim` as you like. Only the numbers count.
#
# Replace each `raise NotImplementedError(...)` by your code. Keep the names and the order of the
# arguments. Type `autograder check` in this folder to see how far you are.

# %%
import torch
from torch import nn

# %% [markdown]
# ## 1. From a score to a loss
#
# A logit $z$ is any real number. The sigmoid turns it into a probability:
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# ![The sigmoid, and the loss of one sample as a function of its logit](figures/sigmoid.svg)
#
# **Task 1.1.** Write `sigmoid`.
# Can your formula meet $e^{z}$ with a large $z$? In float32 $e^{89}$ is infinite.


# %% task="1.1"
def sigmoid(z: torch.Tensor) -> torch.Tensor:
    """The logistic sigmoid 1 / (1 + exp(-z)) of every element.

    Args:
        z: Logits, any shape, float32. Their size is at most 80: |z| <= 80.

    Returns:
        The values in the shape of z, float32, each from 0 to 1 and never nan. Where the exact value
        is below 1e-6, 0 will do. Leave the input unchanged.

    Source: lecture 003, slide "Thresholding the Logistic Sigmoid Function"; lecture 004, page
    "Multilayer Perceptron".
    """
    # BEGIN SOLUTION
    return 1 / (1 + torch.exp(-z))
    # END SOLUTION


# %% [markdown]
# ### Binary cross entropy
#
# With the labels $y_i \in \{0, 1\}$ and the probabilities $p_i = \sigma(z_i)$ the loss is the mean
#
# $$L = -\frac{1}{N} \sum_{i=1}^{N} \left[ y_i \ln p_i + (1 - y_i) \ln (1 - p_i) \right].$$
#
# In float32 $\sigma(20)$ is exactly 1, and $\ln(1 - 1)$ is minus infinity. But $-\ln \sigma(z)$ is
# $\ln(1 + e^{-z})$, a harmless number. So take the logits into the loss, not the probabilities.
#
# **Task 1.2.** Write `bce_with_logits`. The right half of the picture above shows what it gives for
# one sample. Mind the shapes: a column `(N, 1)` and a row `(N,)` make a table of $N \times N$
# differences, and nobody warns you.


# %% task="1.2"
def bce_with_logits(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Mean binary cross entropy of sigmoid(logits) against the labels y, natural logarithm.

    The loss is the mean over the N samples of -[y ln p + (1 - y) ln(1 - p)] with p =
    sigmoid(logit): a mean, not a sum.

    Args:
        logits: Shape (N,) or (N, 1), float32, at most 80 in size.
        y: Labels, shape (N,) or (N, 1), float32, each 0.0 or 1.0. Not always in the shape of the
            logits: all four combinations give the same number.

    Returns:
        One number, shape (), at least 0. Stability is graded: for every logit from -80 to 80 the
        loss is finite and right, for instance 80 for the logit 80 and the label 0. Leave the inputs
        unchanged.

    Source: lecture 000, slide "Loss Function" (whose formula has a slip, see the handout).
    """
    # BEGIN SOLUTION
    z, target = logits.reshape(-1), y.reshape(-1)
    # -ln sigmoid(z) = ln(1 + e^-z) and -ln(1 - sigmoid(z)) = z + ln(1 + e^-z). Together:
    # ln(1 + e^-z) + (1 - y) z. With |z| in the exponent nothing grows large.
    return (torch.clamp(z, min=0) - z * target + torch.log1p(torch.exp(-z.abs()))).mean()
    # END SOLUTION


# %% [markdown]
# ## 2. The model and its training
#
# One linear layer gives one logit for each row of features: $z_i = x_i \cdot w + b$.
#
# **Task 2.1.** Complete the class `LogisticRegression`.


# %% task="2.1"
class LogisticRegression(nn.Module):
    """One linear layer from D features to one logit, with a bias: D + 1 parameters.

    Args:
        n_features: D, at least 2.

    The model has two parameters: the weights (D numbers) and the bias (one number). Their names,
    their order, their shapes and their first values are yours. The grader puts its own numbers into
    them.

    Source: lecture 003, slides "Define the Model" and "Exercise".
    """

    def __init__(self, n_features: int) -> None:
        super().__init__()
        # BEGIN SOLUTION
        self.linear = nn.Linear(n_features, 1)
        # END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The logits x w + b: no sigmoid here.

        Args:
            x: Features, shape (N, D), float32, one sample for each row; N = 1 as well.

        Returns:
            Logits, shape (N,), float32.
        """
        # BEGIN SOLUTION
        # squeeze(1) and not squeeze(): a batch of one row keeps its N.
        return self.linear(x).squeeze(1)
        # END SOLUTION


# %% [markdown]
# Now let it learn. In every epoch, all samples together give one gradient and one step:
#
# $$w \leftarrow w - \eta \frac{\partial L}{\partial w}, \qquad
# b \leftarrow b - \eta \frac{\partial L}{\partial b}$$
#
# **Task 2.2.** Write `train`.


# %% task="2.2"
def train(
    model: LogisticRegression, x: torch.Tensor, y: torch.Tensor, lr: float, n_epochs: int
) -> list[float]:
    """Full-batch gradient descent on the mean binary cross entropy of task 1.2.

    Each epoch takes one plain step, parameter <- parameter - lr * gradient, for all parameters at
    once and with all N samples: no momentum, no weight decay, no clipping, no scaling of x.

    Args:
        model: The model of task 2.1. It is changed in place, and training goes on from the
            parameters it has: 4 epochs and then 6 more are the same as 10.
        x: Features, shape (N, D), float32; N = 1 as well.
        y: Labels, shape (N,) or (N, 1), float32, each 0.0 or 1.0. They may all be the same.
        lr: Learning rate, a positive float.
        n_epochs: Number of steps, at least 1.

    Returns:
        A list of n_epochs floats: the loss before each step. The first one is the loss of the model
        as it came; the loss after the last step is not in the list. Leave x and y unchanged.
        Stability is not graded here: the logits stay below 10 in size.

    Source: lecture 003, slide "Train the Model".
    """
    # BEGIN SOLUTION
    losses = []
    for _ in range(n_epochs):
        loss = bce_with_logits(model(x), y)
        model.zero_grad()  # .grad adds up, and only this step's gradient is wanted
        loss.backward()
        with torch.no_grad():  # the update itself is no part of the graph
            for parameter in model.parameters():
                parameter.sub_(lr * parameter.grad)
        losses.append(loss.item())
    return losses
    # END SOLUTION


# %% [markdown]
# ## 3. What a trained model is good for
#
# A trained model gives a probability for each row: the sigmoid of its logit, the left half of the
# picture above.
#
# **Task 3.1.** Write `probabilities`.


# %% task="3.1"
def probabilities(model: LogisticRegression, x: torch.Tensor) -> torch.Tensor:
    """The probability of class 1 for each row: p = sigmoid(model(x)).

    Args:
        model: The model of task 2.1. It is not changed.
        x: Features, shape (N, D), float32; N = 1 as well. The logits are at most 80 in size.

    Returns:
        Probabilities, shape (N,), float32, each from 0 to 1. Leave x unchanged.

    Source: lecture 003, slide "Thresholding the Logistic Sigmoid Function".
    """
    # BEGIN SOLUTION
    with torch.no_grad():
        return sigmoid(model(x))
    # END SOLUTION


# %% [markdown]
# A row belongs to class 1 when its probability is at least 0.5. The label of one row does not
# depend on the other rows.
#
# **Task 3.2.** Write `labels`.


# %% task="3.2"
def labels(model: LogisticRegression, x: torch.Tensor) -> torch.Tensor:
    """The predicted label of each row: 1 where p >= 0.5, else 0.

    Args:
        model: The model of task 2.1. It is not changed.
        x: Features, shape (N, D), float32; N = 1 as well.

    Returns:
        Labels 0 and 1, shape (N,), int64. A probability of exactly 0.5 is not tested. Leave x
        unchanged.

    Source: lecture 003, slide "Thresholding the Logistic Sigmoid Function".
    """
    # BEGIN SOLUTION
    return (probabilities(model, x) >= 0.5).long()
    # END SOLUTION


# %% [markdown]
# How often is the model right? **Task 3.3.** Write `accuracy`, the share of right labels.


# %% task="3.3"
def accuracy(model: LogisticRegression, x: torch.Tensor, y: torch.Tensor) -> float:
    """The share of rows whose predicted label (task 3.2) is the right one.

    Args:
        model: The model of task 2.1. It is not changed.
        x: Features, shape (N, D), float32; N = 1 as well.
        y: Right labels, shape (N,) or (N, 1), float32, each 0.0 or 1.0. They may all be the same.

    Returns:
        A float from 0 to 1: not in percent, not rounded. 0.0 where every label is wrong. Leave x
        and y unchanged.

    Source: lecture 002, the evaluation loop (which has a slip, see the handout).
    """
    # BEGIN SOLUTION
    right = labels(model, x) == y.reshape(-1)
    return right.float().mean().item()
    # END SOLUTION


# %% [markdown]
# ## What the hidden tests do
#
# The public checks use a few fixed numbers. The hidden tests draw new ones: other parameters, other
# batches, one row alone, batches with one class only.
