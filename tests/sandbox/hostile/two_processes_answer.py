# attack: parent and child both answer every request and read from the same socket
# asset: grades
# channel: processes
# beats otter: no
# expect: wrong,crashed,timed_out
# place: after
import os


def attack(*args):
    os.fork()
    os.fork()
    return tuple(torch.zeros(()) for _ in range(4))


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
