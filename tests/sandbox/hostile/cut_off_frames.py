# attack: send a part of a frame, then end, shut or abandon the connection
# asset: grades, time of others
# channel: wire
# beats otter: no
# expect: crashed,timed_out
# place: after
import os
import socket
import struct

from autograder.worker import wire

real_send = wire.send


def send(channel, frame, deadline):
    if "error" not in frame:
        return real_send(channel, frame, deadline)
    channel.setblocking(True)
    whole = struct.pack("<4sIQ", b"AGW1", 400, 0) + b'{"!m":[["id",'
    way = torch.initial_seed() % 3
    channel.sendall(whole[: (2, 16, 25)[way]])
    if way == 0:
        os._exit(0)
    channel.shutdown(socket.SHUT_WR if way == 1 else socket.SHUT_RDWR)


wire.send = send
