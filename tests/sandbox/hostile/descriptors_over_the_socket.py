# attack: attach descriptors to the answer, thousands of them, the socket itself included
# asset: machine
# channel: wire
# beats otter: no
# expect: crashed,wrong,timed_out
# place: after
import os
import socket


def channels():
    for descriptor in range(3, 64):
        try:
            yield socket.socket(fileno=os.dup(descriptor))
        except OSError:
            pass


def attack(*args):
    for channel in channels():
        channel.setblocking(True)
        for _ in range(20):
            socket.send_fds(
                channel, [b"x"], [channel.fileno()] + [os.dup(0)]
            )
    return args


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
