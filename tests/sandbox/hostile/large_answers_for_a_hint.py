# attack: answer every call with as much as the wire takes, so that what is kept for a hint fills the grader
# asset: machine
# channel: results
# beats otter: no
# expect: wrong,timed_out
# place: after
import torch


def large(*args):
    return torch.ones(8_000_000)


product_gradients = mse_gradients = neuron_gradients = large
neuron_batch_gradients = two_layer_gradients = large
