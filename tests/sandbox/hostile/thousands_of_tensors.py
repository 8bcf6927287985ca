# attack: answer with as many tensors, numbers and dimensions as the wire allows, and with one more
# asset: machine, time of others
# channel: wire, results
# beats otter: no
# expect: wrong,crashed,timed_out
# place: after
def product_gradients(*args):
    return [torch.empty(0, 1, 1, 1, 1, 1, 1, 1) for _ in range(4096)]


def mse_gradients(*args):
    return [torch.empty(0) for _ in range(4000)], [0] * 100_000


def neuron_gradients(*args):
    return [[]] * 199_000


def neuron_batch_gradients(*args):
    return {str(n): n for n in range(60_000)}


def two_layer_gradients(*args):
    return tuple(torch.zeros(1, 1, 1, 1, 1, 1, 1, 1) for _ in range(4000))
