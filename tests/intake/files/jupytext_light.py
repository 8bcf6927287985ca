# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: light
# ---

# # Homework 1

# %matplotlib inline
import torch

# + [markdown] id="x"
# Now the first task.
# -

# + tags=["solution"]
def product_gradients(x, y, z):
    return z, z, x + y
# -

# !ls
