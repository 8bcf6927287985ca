# attack: return numbers of objects that were never made, of other tasks and of the grader
# asset: grades, other submissions
# channel: results
# beats otter: no
# expect: wrong,raised
# place: after
# process: too
KEY = "autograder:handle"


def product_gradients(*args):
    return {KEY: 0}, {KEY: 2**62}, {KEY: -1}


def mse_gradients(*args):
    return {KEY: 0}


def neuron_gradients(*args):
    return [{KEY: True}, {KEY: 1.0}]


def neuron_batch_gradients(*args):
    return ({KEY: 0, "x": 1}, {KEY: {KEY: 0}})


def two_layer_gradients(*args):
    return {KEY: 5}, {KEY: 5}, {KEY: 5}, {KEY: 5}
