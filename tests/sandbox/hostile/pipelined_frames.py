# attack: hundreds of answers are in the socket before the first question is asked
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


for channel in channels():
    for number in range(2, 300):
        frame = {"id": number, "printed": "", "ok": (torch.zeros(()),) * 4, "autograd": False}
        wire.send(channel, frame, wire.Deadline(1))
