# attack: announce tensors that are longer or shorter than what follows
# asset: machine, grades
# channel: wire
# beats otter: no
# expect: crashed,timed_out,wrong
# place: after
import json
import struct

from autograder.worker import wire

real_send = wire.send
#: Shape, announced bytes, sent bytes.
LIES = [([4], 16, 4), ([4], 16, 4096), ([1 << 26], 1 << 28, 64), ([0], 0, 64), ([2], 4, 4)]


def send(channel, frame, deadline):
    if "error" not in frame:
        return real_send(channel, frame, deadline)
    shape, announced, sent = LIES[torch.initial_seed() % len(LIES)]
    pairs = [["id", frame["id"]], ["printed", ""], ["ok", {"!t": "f32", "s": shape}]]
    header = json.dumps({"!m": pairs}).encode()
    channel.setblocking(True)
    channel.sendall(struct.pack("<4sIQ", b"AGW1", len(header), announced) + header + bytes(sent))


wire.send = send
