# %% [markdown]
# # Linear regression by autograd
#
# In this notebook you fit a linear model with several features. PyTorch takes the derivatives, you
# write everything around them: the loss, the step, the loop over epochs, the loop over batches. At
# the end you write it all again with `nn.Linear` and `torch.optim`, and get the same numbers.
#
# Replace each `raise NotImplementedError(...)` by your code. Keep the names and the order of the
# arguments and of what you return. Type `autograder check` in this folder to see how far you are.
#
# The same names mean the same things everywhere:
#
# | Name | Shape | Meaning |
# |---|---|---|
# | `x` | `(N, D)` | N samples, one for each row, with D features |
# | `y` | `(N,)` | one target for each sample |
# | `w` | `(D,)` | one weight for each feature |
# | `b` | `()` | the bias, also called intercept: a single number |
#
# All of them are `float32`. None of those that you are given requires gradients yet.

# %%
import torch

# %% [markdown]
# ## 1. The loss and its gradients
#
# The model predicts $\hat y_i = x_i \cdot w + b$. The loss is the mean of the squared errors:
#
# $$\mathrm{MSE}(w, b) = \frac{1}{N} \sum_{i=1}^{N} (y_i - x_i \cdot w - b)^2$$
#
# ![Points, a line, and the error of each point](figures/errors.svg)
#
# It is a mean, not a sum, and there is no factor $\tfrac12$ in front of it. Two errors of $+1$ and
# $-1$ have the loss 1.
#
# **Task 1.1.** Write `mse_loss`.
# Look at shapes before you subtract: `(N,)` minus `(N, 1)` is `(N, N)`, and PyTorch says nothing.


# %% task="1.1"
def mse_loss(w: torch.Tensor, b: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Mean squared error of the linear model x w + b.

    MSE = mean over i of (y_i - x_i . w - b)^2: a mean over the N samples, no factor 1/2.

    Args:
        w: Weights, shape (D,), float32.
        b: Bias, shape (), float32.
        x: Inputs, shape (N, D), float32, one sample for each row.
        y: Targets, shape (N,), float32.

    Returns:
        The loss, one number, float32.

    Source: lecture 002, slide "Autograd (with simple linear regression example)".
    """
    # BEGIN SOLUTION
    error = y - (x @ w + b)  # (N,) minus (N,)
    return (error**2).mean()
    # END SOLUTION


# %% [markdown]
# ### Let autograd differentiate
#
# Autograd follows every operation on a tensor that requires gradients. `loss.backward()` walks back
# from the loss and leaves the slope with respect to such a tensor in its `.grad`.
#
# The `w` and `b` that you are given belong to somebody else, who may need them again. Make your own
# copies of them, and let these require gradients.
#
# **Task 1.2.** Write `loss_gradients`. To test it at a point of your own, open a new cell:
#
# ```python
# from gradient_check import check_gradients
#
# point = (torch.randn(2), torch.tensor(0.5), torch.randn(5, 2), torch.randn(5))
# check_gradients(mse_loss, point, loss_gradients(*point))
# ```
#
# It compares your gradients with small steps of your loss, and says which entry differs.


# %% task="1.2"
def loss_gradients(
    w: torch.Tensor, b: torch.Tensor, x: torch.Tensor, y: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradients of the mean squared error, taken by autograd.

    The loss is the one of task 1.1: a mean over the N samples, no factor 1/2.

    Args:
        w: Weights, shape (D,), float32. They do not require gradients.
        b: Bias, shape (), float32. It does not require gradients.
        x: Inputs, shape (N, D), float32, one sample for each row.
        y: Targets, shape (N,), float32.

    Returns:
        The tuple (dMSE/dw, dMSE/db) with the shapes (D,) and (), float32. Leave the inputs
        unchanged.

    Source: lecture 002, slides "Gradient Decent" and "Autograd".
    """
    # BEGIN SOLUTION
    # Copies, because requires_grad_() and .grad would stay with the caller's own tensors.
    w = w.clone().requires_grad_()
    b = b.clone().requires_grad_()
    loss = mse_loss(w, b, x, y)
    loss.backward()
    return w.grad, b.grad
    # END SOLUTION


# %% [markdown]
# ## 2. Full-batch gradient descent
#
# One epoch is one step, and every step uses all $N$ samples. With $\eta$ for `lr`:
#
# $$w \leftarrow w - \eta \frac{\partial \mathrm{MSE}}{\partial w}, \qquad
# b \leftarrow b - \eta \frac{\partial \mathrm{MSE}}{\partial b}$$
#
# Both gradients belong to the same point: the one before the step. Three things are easily
# forgotten. The step itself must not become a part of the graph (`torch.no_grad()`). `backward()`
# *adds* to `.grad`. And the loss has to be computed anew in each epoch, because the parameters have
# moved.
#
# **Task 2.1.** Write `gradient_descent`.


# %% task="2.1"
def gradient_descent(
    x: torch.Tensor,
    y: torch.Tensor,
    w: torch.Tensor,
    b: torch.Tensor,
    lr: float,
    n_epochs: int,
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Full-batch gradient descent on the mean squared error.

    Each epoch is one step w <- w - lr dMSE/dw, b <- b - lr dMSE/db on all N samples. Plain steps:
    no momentum, no clipping, no weight decay, no scaling of the data.

    Args:
        x: Inputs, shape (N, D), float32, one sample for each row. They are not centred.
        y: Targets, shape (N,), float32.
        w: Weights to start from, shape (D,), float32. They do not require gradients.
        b: Bias to start from, shape (), float32. It does not require gradients.
        lr: Learning rate, greater than 0.
        n_epochs: Number of steps, 0 or more.

    Returns:
        The tuple (w, b, losses): the parameters after the last step, shapes (D,) and (), float32,
        and a list with one number for each epoch. losses[k] is the loss of task 1.1 *before* the
        step of epoch k, so losses[0] is the loss at the start. With n_epochs = 0 the parameters
        are those of the start and the list is empty. Leave the inputs unchanged.

    Source: lecture 002, slides "Gradient Decent", "Creating Parameters" and "Autograd".
    """
    # BEGIN SOLUTION
    w = w.clone().requires_grad_()
    b = b.clone().requires_grad_()
    losses = []
    for _ in range(n_epochs):
        loss = mse_loss(w, b, x, y)
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():  # the step is no part of the model
            w -= lr * w.grad
            b -= lr * b.grad
        # The next backward() adds to what is left in .grad.
        w.grad.zero_()
        b.grad.zero_()
    return w.detach(), b.detach(), losses
    # END SOLUTION


# %% [markdown]
# ## 3. Mini-batch SGD
#
# Using all samples for one step is slow when there are many of them. So the samples are dealt into
# batches, and each batch makes a step. Here the dealing is done for you: `batches` is a list of
# pairs `(x, y)`. The loss of a batch is the mean over *its own* samples, and batches may have
# different sizes.
#
# (Lecture 004 writes this step with a sum over the batch and a loss with $\tfrac12$. Here it is the
# mean and no $\tfrac12$, as in task 1.1.)
#
# **Task 3.1.** Write `sgd`.


# %% task="3.1"
def sgd(
    batches: list[tuple[torch.Tensor, torch.Tensor]],
    w: torch.Tensor,
    b: torch.Tensor,
    lr: float,
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Mini-batch gradient descent on the mean squared error, one step for each batch.

    Takes the batches in the given order, each of them once, the short ones as well. The loss of a
    batch is the mean over the samples of that batch. Plain steps, as in task 2.1.

    Args:
        batches: One or more pairs (x, y): inputs of shape (N, D) and targets of shape (N,), both
            float32. D is the same for all batches, N is not, and may be 1.
        w: Weights to start from, shape (D,), float32. They do not require gradients.
        b: Bias to start from, shape (), float32. It does not require gradients.
        lr: Learning rate, greater than 0.

    Returns:
        The tuple (w, b, losses): the parameters after the last batch, shapes (D,) and (), float32,
        and a list with one number for each batch. losses[k] is the loss of batch k *before* the
        step on batch k. Leave the inputs unchanged.

    Source: lecture 004, section "Linear Regression", minibatches.
    """
    # BEGIN SOLUTION
    w, b = w.clone(), b.clone()
    losses = []
    for x, y in batches:
        losses.append(mse_loss(w, b, x, y).item())
        # New tensors in each step: nothing is left in .grad, and the old graph can be thrown away.
        dw, db = loss_gradients(w, b, x, y)
        w = w - lr * dw
        b = b - lr * db
    return w, b, losses
    # END SOLUTION


# %% [markdown]
# ## 4. The concise form
#
# `nn.Linear(D, 1)` holds the same $w$ and $b$, `torch.optim.SGD` makes the same step. What takes
# care is at the seams: the layer's `weight` has the shape `(1, D)` and its `bias` `(1,)`, both start
# at random, and the layer's output has the shape `(N, 1)`.
#
# **Task 4.1.** Write `concise_fit`.


# %% task="4.1"
def concise_fit(
    x: torch.Tensor,
    y: torch.Tensor,
    w: torch.Tensor,
    b: torch.Tensor,
    lr: float,
    n_epochs: int,
) -> tuple[torch.Tensor, torch.Tensor, list[float]]:
    """Full-batch gradient descent with nn.Linear and torch.optim.SGD.

    The same steps, and so the same numbers, as gradient_descent of task 2.1: the layer starts from
    the given w and b, not at random. No momentum, no weight decay.

    Args:
        x: Inputs, shape (N, D), float32, one sample for each row. They are not centred.
        y: Targets, shape (N,), float32.
        w: Weights to start from, shape (D,), float32. They do not require gradients.
        b: Bias to start from, shape (), float32. It does not require gradients.
        lr: Learning rate, greater than 0.
        n_epochs: Number of steps, 0 or more.

    Returns:
        The tuple (w, b, losses) as in task 2.1: the layer's weights and bias after the last step,
        shapes (D,) and (), float32, and a list with the loss *before* the step of each epoch. With
        n_epochs = 0 the start and an empty list. Leave the inputs unchanged.

    Source: lecture 004, section "Linear Regression", concise implementation.
    """
    # BEGIN SOLUTION
    net = torch.nn.Linear(len(w), 1)
    with torch.no_grad():
        # copy_ fills the layer's own parameters; the optimiser must hold these very tensors.
        net.weight.copy_(w.reshape(1, -1))
        net.bias.copy_(b.reshape(1))
    criterion = torch.nn.MSELoss()
    trainer = torch.optim.SGD(net.parameters(), lr=lr)

    losses = []
    for _ in range(n_epochs):
        loss = criterion(net(x).squeeze(1), y)  # (N, 1) against (N,) would make N x N errors
        losses.append(loss.item())
        trainer.zero_grad()
        loss.backward()
        trainer.step()
    return net.weight.detach().reshape(-1), net.bias.detach().squeeze(), losses
    # END SOLUTION


# %% [markdown]
# ## What the hidden tests do
#
# The public checks use a few fixed numbers. The hidden tests draw new ones: other data, other
# starting points, other learning rates, other numbers of epochs.
