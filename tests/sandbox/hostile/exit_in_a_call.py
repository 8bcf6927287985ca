# attack: os._exit(0): end without an answer, with a status of success
# asset: grades
# channel: processes
# beats otter: 13
# expect: crashed
# place: after
import os


def attack(*args):
    os._exit(0)


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
