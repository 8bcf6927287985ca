# attack: print without end, in lines, in one line, by every descriptor and every writer
# asset: machine, time of others
# channel: feedback, time
# beats otter: no
# expect: timed_out,raised,not_implemented,crashed
# place: after
import os
import sys
import warnings


def product_gradients(*args):
    while True:
        print("x" * 10_000)


def mse_gradients(*args):
    line = "y" * (64 << 20)
    sys.stdout.write(line)
    for descriptor in (0, 1, 2):
        try:
            os.write(descriptor, line.encode())
        except OSError:
            pass
    raise ValueError(line)


def neuron_gradients(*args):
    while True:
        warnings.warn(os.urandom(100).hex())
