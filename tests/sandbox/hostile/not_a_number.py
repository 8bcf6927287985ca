# attack: return NaN, infinity, empty tensors, complex numbers and every dtype
# asset: grades
# channel: results
# beats otter: no
# expect: wrong,raised
# place: after
def product_gradients(*args):
    return (torch.tensor(float("nan")),) * 3


def mse_gradients(*args):
    return torch.tensor(float("inf")), torch.tensor(complex("nan"))


def neuron_gradients(*args):
    return torch.empty(0), torch.empty(0)


def neuron_batch_gradients(*args):
    return torch.ones(50, dtype=torch.bool), torch.tensor(2**63, dtype=torch.uint64)


def two_layer_gradients(*args):
    return tuple(torch.full_like(a, torch.finfo(torch.float32).max) for a in args)
