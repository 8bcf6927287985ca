# %% [markdown]
# # Ridge regression
#
# Linear regression with a price on large weights:
#
# $$L(w) = \frac{1}{N} \sum_{i=1}^N \left(x_i^\top w - y_i\right)^2 + \lambda \sum_{d=1}^D w_d^2$$
#
# Replace each `raise NotImplementedError(...)` by your code. Keep the names and the order of the
# arguments. The cell below each task says how far you are.

# %%
import torch

# %% [markdown]
# ## 1. Loss and gradient


# %% task="1.1"
def ridge_loss(w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """Mean squared error plus `penalty` times the sum of the squared weights.

    Args:
        w: Weights, shape (D,), float32.
        x: Inputs, shape (N, D), float32.
        y: Targets, shape (N,), float32.
        penalty: The factor lambda, 0 or more.

    Returns:
        The loss, one number. Leave the inputs unchanged.
    """
    # BEGIN SOLUTION
    errors = x @ w - y
    return errors.square().mean() + penalty * w.square().sum()
    # END SOLUTION


# %% [markdown]
# Two terms, two slopes. Work them out with pen and paper, and write them down without autograd.


# %% task="1.2"
def ridge_gradient(
    w: torch.Tensor, x: torch.Tensor, y: torch.Tensor, penalty: float
) -> torch.Tensor:
    """The gradient of `ridge_loss` with respect to w, without autograd.

    Args:
        w: Weights, shape (D,), float32.
        x: Inputs, shape (N, D), float32.
        y: Targets, shape (N,), float32.
        penalty: The factor lambda, 0 or more.

    Returns:
        The gradient, shape (D,). Leave the inputs unchanged.
    """
    # BEGIN SOLUTION
    # Every weight meets all N errors, each through its own input; the price pulls it towards 0.
    errors = x @ w - y
    return 2 / len(x) * (errors @ x) + 2 * penalty * w
    # END SOLUTION


# %% [markdown]
# ## 2. Where the gradient vanishes
#
# Set your gradient to zero: what remains is a system of $D$ linear equations for $w$.


# %% task="2.1"
def ridge_weights(x: torch.Tensor, y: torch.Tensor, penalty: float) -> torch.Tensor:
    """The weights with the least `ridge_loss`.

    Args:
        x: Inputs, shape (N, D), float32, with N above D.
        y: Targets, shape (N,), float32.
        penalty: The factor lambda, above 0.

    Returns:
        The weights, shape (D,). Leave the inputs unchanged.
    """
    # BEGIN SOLUTION
    n_samples, n_features = x.shape
    matrix = x.T @ x / n_samples + penalty * torch.eye(n_features)
    return torch.linalg.solve(matrix, x.T @ y / n_samples)
    # END SOLUTION
