# attack: segmentation fault, abort, endless recursion and a smashed interpreter
# asset: machine, time of others
# channel: memory
# beats otter: no
# expect: crashed,raised
# place: after
import ctypes
import os
import sys


def product_gradients(*args):
    ctypes.string_at(0)


def mse_gradients(*args):
    os.abort()


def neuron_gradients(*args):
    sys.setrecursionlimit(10**9)
    return neuron_gradients(*args)


def neuron_batch_gradients(*args):
    ctypes.memset(id(torch.Tensor), 0, 64)


def two_layer_gradients(*args):
    os.closerange(0, 256)
