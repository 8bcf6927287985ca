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
# ![The graph of f with the values and slopes of the lecture](figures/product.svg)
#
# **Task 1.1.** Write `product_gradients`. At $x = -2$, $y = 5$, $z = -4$ the value is $f = -12$ and
# the gradients are $-4$, $-4$, $3$.


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
    # BEGIN SOLUTION
    # Forward: q = x + y, then f = q * z.
    q = x + y
    # Backward: a product passes on the other factor, a sum passes on what it gets.
    df_dq = z
    df_dz = q
    dq_dx = 1.0
    dq_dy = 1.0
    return df_dq * dq_dx, df_dq * dq_dy, df_dz
    # END SOLUTION


# %% [markdown]
# ## 2. A straight line
#
# The line $\hat y_i = a + b x_i$ misses the point $(x_i, y_i)$ by the error
# $e_i = y_i - a - b x_i$. The loss is the mean of the squares over all $N$ points:
#
# $$\mathrm{MSE} = \frac{1}{N} \sum_{i=1}^{N} (y_i - a - b x_i)^2$$
#
# There is no factor $\tfrac12$ in front of it. So the 2 that comes down from the square stays.
#
# **Task 2.1.** Write `mse_gradients`, for the slopes in $a$ and $b$.


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
    # BEGIN SOLUTION
    error = y - (a + b * x)
    # d(e^2)/de = 2 e for every sample, and the mean gives each of them the weight 1 / N.
    dmse_derror = 2 * error / len(x)
    derror_da = -1.0
    derror_db = -x
    # Both parameters reach the loss through all N errors: N paths, so N messages to add.
    return (dmse_derror * derror_da).sum(), (dmse_derror * derror_db).sum()
    # END SOLUTION


# %% [markdown]
# ### Test a gradient yourself
#
# A slope is nearly the difference of two losses over a small step $h$:
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + h) - L(w - h)}{2h}$$
#
# `gradient_check.py`, beside this notebook, does this for every entry of every parameter. Write the
# loss as a function, open a new cell, and compare at a point that you choose:
#
# ```python
# from gradient_check import check_gradients
#
# def mse(a, b, x, y):
#     return ((y - a - b * x) ** 2).mean()
#
# point = (torch.tensor(0.5), torch.tensor(-1.5), torch.randn(4), torch.randn(4))
# check_gradients(mse, point, mse_gradients(*point))
# ```
#
# Data go after the parameters, as here. It says which entry differs, and whether yours is twice as
# large, or of the opposite sign.


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
# ![The way from the weight w to the loss L](figures/neuron.svg)
#
# The chain has one factor for each arrow between $w$ and $L$:
#
# $$\frac{\partial L}{\partial w}
# = \frac{\partial u}{\partial w} \cdot \frac{\partial z}{\partial u}
# \cdot \frac{d a}{d z} \cdot \frac{\partial L}{\partial a}$$
#
# **Task 3.1.** Write `neuron_gradients`, for one sample.
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
    # BEGIN SOLUTION
    # Forward, one name for each node.
    u = w * x
    z = u + b
    a = 1 / (1 + torch.exp(-z))
    # Backward, one factor for each arrow.
    dl_da = -y / a + (1 - y) / (1 - a)
    da_dz = a * (1 - a)
    dz_du = 1.0
    dz_db = 1.0
    du_dw = x
    dl_dz = dl_da * da_dz  # on paper this shrinks to a - y
    return dl_dz * dz_du * du_dw, dl_dz * dz_db
    # END SOLUTION


# %% [markdown]
# ### The same neuron, many samples
#
# Now there are $N$ samples and one neuron. The loss is the mean of the $N$ losses:
#
# $$L = \frac{1}{N} \sum_{i=1}^{N} L_i, \qquad
# \frac{\partial L}{\partial w} = \frac{1}{N} \sum_{i=1}^{N} \frac{\partial L_i}{\partial w}$$
#
# **Task 3.2.** Write `neuron_batch_gradients`. It gives back two numbers, whatever $N$ is.


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
    # BEGIN SOLUTION
    a = 1 / (1 + torch.exp(-(w * x + b)))
    # The two middle factors of task 3.1, multiplied out on paper, one value for each sample.
    dl_dz = a - y
    # First the product for each sample, then the mean. The other order gives another number.
    return (dl_dz * x).mean(), dl_dz.mean()
    # END SOLUTION


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
#
# **Task 4.1.** Write `two_layer_gradients`, for the two matrices and the two rows of biases.


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
    # BEGIN SOLUTION
    n_samples, n_classes = len(x), len(b2)

    # Forward. Shifting a row of scores changes no probability, and keeps exp from overflowing.
    before_relu = x @ w1 + b1
    h = before_relu.clamp(min=0)
    scores = h @ w2 + b2
    exponentials = torch.exp(scores - scores.max(dim=1, keepdim=True).values)
    p = exponentials / exponentials.sum(dim=1, keepdim=True)

    # Loss -> scores. Both paths of a score (its own exponential, the sum) together give p - onehot.
    onehot = torch.nn.functional.one_hot(y, n_classes)
    dscores = (p - onehot) / n_samples

    # Scores -> second layer. A bias is added to every row, so its messages are added over rows.
    dw2 = h.T @ dscores
    db2 = dscores.sum(dim=0)

    # Second layer -> hidden units. What decided in the forward pass decides now: the sign of A.
    dh = dscores @ w2.T
    dbefore_relu = dh * (before_relu > 0)

    # Hidden units -> first layer, the same two lines again.
    dw1 = x.T @ dbefore_relu
    db1 = dbefore_relu.sum(dim=0)
    return dw1, db1, dw2, db2
    # END SOLUTION


# %% [markdown]
# ## What the hidden tests do
#
# The public checks use a few fixed numbers. The hidden tests draw new ones: other labels, other
# signs, other sizes of the batch.
