# attack: numbers beyond 64 bits, negative zero, words for numbers, bytes, fractions, decimals, booleans
# asset: machine, grades
# channel: results
# beats otter: no
# expect: wrong,raised
# place: after
from decimal import Decimal
from fractions import Fraction


def product_gradients(*args):
    return 10**400, -(10**18), 2**63


def mse_gradients(*args):
    return -(2**63), 2**63 - 1


def neuron_gradients(*args):
    return "nan", b"\x00" * 10**6


def neuron_batch_gradients(*args):
    return Decimal("1e999999"), Fraction(1, 3)


def two_layer_gradients(*args):
    return True, -0.0, 5e-324, 1.7976931348623157e308
