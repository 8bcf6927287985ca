# attack: return more than can be sent: 10^12 elements of stride 0, gigabytes, a million numbers, cycles
# asset: machine
# channel: results
# beats otter: no
# expect: wrong,out_of_memory,raised,crashed,timed_out
# place: after
def cyclic(*args):
    value = []
    value.append(value)
    return value


def product_gradients(*args):
    return torch.zeros(1).expand(10**6, 10**6)


def mse_gradients(*args):
    return list(range(10**6)), "x" * 10**8


def neuron_gradients(*args):
    return torch.zeros(1 << 27, dtype=torch.float32)


def two_layer_gradients(*args):
    return [0.5] * 190_000, [0.5], [0.5], [0.5]


neuron_batch_gradients = cyclic
