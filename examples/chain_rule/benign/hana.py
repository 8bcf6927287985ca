# %% [markdown]
# # Gradients by hand
#
# In this notebook you take derivatives with pen and paper, then write them down in PyTorch.
# There are five functions. Each one gets numbers and gives back gradients of a loss.
#
# Do not use autograd (`backward`, `torch.autograd.grad`, `torch.func.grad`) inside the functions.
# Use it beside them, as much as you like, to see whether your numbers are right.
#
# Replace each `raise NotImplementedError(...)` by your code. Keep the names and the order of the
# arguments. Type `autograder check` in this folder to see how far you are.

# %%
import torch

# %% [markdown]
# ## 1. A graph with two nodes
#
# $$f(x, y, z) = (x + y) z$$
#
# Give the sum a name, $q = x + y$. Then $f = q z$, and every path from an input to $f$ is a
# product of the slopes along it:
#
# $$\frac{\partial f}{\partial x}
# = \frac{\partial f}{\partial q} \cdot \frac{\partial q}{\partial x},
# \qquad
# \frac{\partial f}{\partial y}
# = \frac{\partial f}{\partial q} \cdot \frac{\partial q}{\partial y}.$$
#
# At $x = -2$, $y = 5$, $z = -4$ the value is $f = -12$ and the gradients are $-4$, $-4$, $3$.


# %% task="1.1"
def product_gradients(
    x: torch.Tensor, y: torch.Tensor, z: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Gradients of f = (x + y) z with respect to x, y and z.

    Args:
        x: A number, shape (), float32.
        y: A number, shape (), float32.
        z: A number, shape (), float32.

    Returns:
        The tuple (df/dx, df/dy, df/dz), one number each. Leave the inputs unchanged.

    Source: lecture 001, slides "Computational graphs" and "Backpropagation".
    """
    return z, z, x + y


# %% [markdown]
# ## 2. A straight line
#
# The line $\hat y_i = a + b x_i$ misses the point $(x_i, y_i)$ by the error
# $e_i = y_i - a - b x_i$. The loss is the mean of the squares over all $N$ points:
#
# $$\mathrm{MSE} = \frac{1}{N} \sum_{i=1}^{N} (y_i - a - b x_i)^2$$
#
# There is no factor $\tfrac12$ in front of it. So the 2 that comes down from the square stays.


# %% task="2.1"
def mse_gradients(
    a: torch.Tensor, b: torch.Tensor, x: torch.Tensor, y: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradients of the mean squared error of the line a + b x.

    The loss is MSE = mean over i of (y_i - a - b x_i)^2: a mean, not a sum, and no factor 1/2.

    Args:
        a: Intercept, shape (), float32.
        b: Slope, shape (), float32.
        x: Inputs, shape (N,), float32.
        y: Targets, shape (N,), float32.

    Returns:
        The tuple (dMSE/da, dMSE/db), one number each. Do not round them. Leave the inputs
        unchanged.

    Source: lecture 002, slide "Gradient Decent".
    """
    wrong_by = y - (a + b * x)
    return (-2 * wrong_by).mean(), (-2 * wrong_by * x).mean()


# %% [markdown]
# ## 3. One neuron
#
# A neuron with one weight and a sigmoid answers with a probability $a$. Binary cross entropy
# compares it with the label $y$, which is 0 or 1:
#
# $$u = w x, \qquad z = u + b, \qquad a = \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# $$L = -\left[ y \ln a + (1 - y) \ln (1 - a) \right]$$
#
# The chain has one factor for each arrow between $w$ and $L$:
#
# $$\frac{\partial L}{\partial w}
# = \frac{\partial u}{\partial w} \cdot \frac{\partial z}{\partial u}
# \cdot \frac{d a}{d z} \cdot \frac{\partial L}{\partial a}$$
#
# At $w = 0.23$, $b = 0.1$, $x = 1.23$, $y = 1$ the lecture prints $-0.4987$ for $w$ and $-0.4054$
# for $b$. With $y = 1$ half of the loss is silent: try a point with $y = 0$ as well.


# %% task="3.1"
def neuron_gradients(
    w: torch.Tensor, b: torch.Tensor, x: torch.Tensor, y: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradients of the binary cross entropy of one sigmoid neuron, for one sample.

    The loss is L = -[y ln a + (1 - y) ln(1 - a)] with a = sigmoid(w x + b) and the natural log.

    Args:
        w: Weight, shape (), float32.
        b: Bias, shape (), float32.
        x: Input, shape (), float32.
        y: Label, shape (), float32, either 0.0 or 1.0.

    Returns:
        The tuple (dL/dw, dL/db), one number each. Do not round them. Leave the inputs unchanged.
        Stability is not graded: |w x + b| stays below 6.

    Source: lecture 003, slides "Chain Rule".
    """
    raise NotImplementedError("Task 3.1: neuron_gradients is not implemented yet.")


# %% [markdown]
# ### The same neuron, many samples
#
# Now there are $N$ samples and one neuron. The loss is the mean of the $N$ losses:
#
# $$L = \frac{1}{N} \sum_{i=1}^{N} L_i, \qquad
# \frac{\partial L}{\partial w} = \frac{1}{N} \sum_{i=1}^{N} \frac{\partial L_i}{\partial w}$$


# %% task="3.2"
def neuron_batch_gradients(
    w: torch.Tensor, b: torch.Tensor, x: torch.Tensor, y: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Gradients of the mean binary cross entropy of one sigmoid neuron over a batch.

    The loss is the mean over the N samples of the loss of task 3.1: a mean, not a sum.

    Args:
        w: Weight, shape (), float32.
        b: Bias, shape (), float32.
        x: Inputs, shape (N,), float32.
        y: Labels, shape (N,), float32, each 0.0 or 1.0.

    Returns:
        The tuple (dL/dw, dL/db), one number each, whatever N is. Do not round them. Leave the
        inputs unchanged. Stability is not graded: |w x_i + b| stays below 6.

    Source: lecture 003, slides "Chain Rule"; lecture 001, slide "Training a neural network".
    """
    raise NotImplementedError("Task 3.2: neuron_batch_gradients is not implemented yet.")


# %% [markdown]
# ## 4. Two layers
#
# A batch of $N$ samples with $D$ features goes through $H$ hidden units to $C$ classes. Each row of
# a matrix is one sample:
#
# $$A = x W_1 + b_1, \qquad h = \max(0, A), \qquad S = h W_2 + b_2$$
#
# $$p_{ic} = \frac{e^{S_{ic}}}{\sum_{k=1}^{C} e^{S_{ik}}}, \qquad
# L = -\frac{1}{N} \sum_{i=1}^{N} \ln p_{i y_i}$$
#
# A score $S_{ic}$ enters its own exponential and the sum below it. Follow both paths, and a short
# formula for $\partial L / \partial S$ comes out. From there, go back one layer at a time. A good
# habit: a gradient has the same shape as the parameter it belongs to.


# %% task="4.1"
def two_layer_gradients(
    w1: torch.Tensor,
    b1: torch.Tensor,
    w2: torch.Tensor,
    b2: torch.Tensor,
    x: torch.Tensor,
    y: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Gradients of the mean softmax cross entropy of a two-layer ReLU network.

    With h = relu(x w1 + b1) and scores = h w2 + b2 the loss is the mean over the N samples of
    -ln softmax(scores_i)[y_i]: a mean over samples, not a sum, and not a mean over classes.

    Args:
        w1: Weights of the first layer, shape (D, H), float32.
        b1: Biases of the first layer, shape (H,), float32.
        w2: Weights of the second layer, shape (H, C), float32.
        b2: Biases of the second layer, shape (C,), float32.
        x: Inputs, shape (N, D), float32, one sample for each row.
        y: Labels, shape (N,), int64, class indices from 0 to C - 1.

    Returns:
        The tuple (dW1, db1, dW2, db2) with the shapes (D, H), (H,), (H, C), (C,). Do not round
        them. Leave the inputs unchanged. Scores up to about 50 in size must work; stability beyond
        that is not graded. No entry of x w1 + b1 is at the kink of the ReLU.

    Source: lecture 002, slides "Mathematical definition", "Softmax function", "Loss Function";
    lecture 000, slides "Forward Pass of 2-layer NN" and "Backward Pass".
    """
    raise NotImplementedError("Task 4.1: two_layer_gradients is not implemented yet.")


# %% [markdown]
# ## Before you hand in
#
# Restart and run all cells, then type `autograder check`. The public checks use a few fixed
# numbers. The hidden tests draw new ones: other labels, other signs, other sizes of the batch.
