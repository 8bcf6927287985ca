%matplotlib inline
!pip install torch
import torch

def product_gradients(x, y, z):
    return z, z, x + y

%timeit product_gradients(1, 2, 3)
