# %%
# To add a new cell, type '# %%'
from IPython import get_ipython

# %% [markdown]
# # Homework 1

# %%
get_ipython().run_line_magic('matplotlib', 'inline')
import torch

# %%
def product_gradients(x, y, z):
    return z, z, x + y
# %%
product_gradients(1, 2, 3)
# %%
