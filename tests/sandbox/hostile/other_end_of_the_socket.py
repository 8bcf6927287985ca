# attack: put another socket over the descriptor of the conversation, and answer through the old one
# asset: grades
# channel: wire
# beats otter: no
# expect: crashed,timed_out,wrong,not_implemented
# place: after
import os
import socket

ours, theirs = socket.socketpair()


def attack(*args):
    for descriptor in range(3, 32):
        if descriptor not in (ours.fileno(), theirs.fileno()):
            try:
                os.fstat(descriptor)
                os.dup2(theirs.fileno(), descriptor)
            except OSError:
                continue
    return args


product_gradients = attack
mse_gradients = lambda *a: os.close(theirs.fileno()) or os.closerange(3, 64)
