# attack: answers nested as deep as the wire allows and one deeper, lists in dicts in tuples
# asset: machine, time of others
# channel: results
# beats otter: no
# expect: wrong,raised
# place: after
def nested(depth, wide=1):
    value = torch.zeros(())
    for level in range(depth):
        value = ([value] * wide, (value,) * wide, {"x": value})[level % 3]
    return value


def product_gradients(*args):
    return nested(10), nested(11), nested(9)


def mse_gradients(*args):
    return nested(500), nested(3)


def neuron_gradients(*args):
    return nested(8, wide=4), nested(8, wide=4)


def neuron_batch_gradients(*args):
    return [[[[[0.0] * 10] * 10] * 10] * 10] * 10, [[]] * 9


def two_layer_gradients(*args):
    return tuple(nested(7) for _ in args)
