# attack: answers with every id that a request may have, wrapped round and negative
# asset: grades
# channel: wire
# beats otter: no
# expect: crashed,wrong
# place: after
import struct

from autograder.worker import wire

real_send = wire.send


def send(channel, frame, deadline):
    for number in (0, -1, 2**31, 2**32, 2**63 - 1, frame["id"] + 2**32):
        real_send(channel, {**frame, "id": number}, deadline)
    channel.send(struct.pack("<4sIQ", b"AGW1", 2, 0) + b"{}")


wire.send = send
