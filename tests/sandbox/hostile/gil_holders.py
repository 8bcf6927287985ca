# attack: hold the interpreter's lock in C: regular expressions, powers, sums, sorting by endless keys
# asset: time of others
# channel: time
# beats otter: no
# expect: timed_out,not_implemented,out_of_memory
# place: after
import re


def product_gradients(*args):
    re.match(r"(a|aa|a?)+$", "a" * 60 + "b")


def mse_gradients(*args):
    return 7 ** (10**9)


def neuron_gradients(*args):
    return sum(range(10**13))
