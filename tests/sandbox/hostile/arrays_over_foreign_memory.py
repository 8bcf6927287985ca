# attack: NumPy arrays that lie over foreign memory, of objects, records, strings, with huge and negative strides
# asset: tests, machine
# channel: results, memory
# beats otter: no
# expect: wrong,raised,crashed,out_of_memory
# place: after
import numpy as np


class Foreign:
    __array_interface__ = {"shape": (64,), "typestr": "|u1", "data": (id(torch), False), "version": 3}


def product_gradients(*args):
    return np.asarray(Foreign()), np.array([object()] * 3), np.zeros((), dtype="U10")


def mse_gradients(*args):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (10**6, 10**6), (0, 0)), np.zeros(1)


def neuron_gradients(*args):
    return np.zeros(3, dtype=[("a", "f4"), ("b", "O")]), np.datetime64("now")


def neuron_batch_gradients(*args):
    return np.ma.masked_array([1.0, 2.0], [True, False]), np.zeros(4)[::-2]


def two_layer_gradients(*args):
    return np.float128(1), np.zeros(2, ">f8"), np.matrix("1 2"), np.nan
