# attack: tensors with negative, fractional, true and endless sizes, twelve dimensions and unknown kinds
# asset: machine
# channel: wire
# beats otter: no
# expect: crashed
# place: after
import json
import struct

from autograder.worker import wire

real_send = wire.send
TENSORS = [
    {"!t": "f32", "s": [-1]},
    {"!t": "f32", "s": [True, 1]},
    {"!t": "f32", "s": [1.0]},
    {"!t": "f32", "s": [0, 2**40, 2**40]},
    {"!t": "f32", "s": [0] * 12},
    {"!t": "object", "s": [1]},
    {"!t": "f32", "s": [1], "d": "cuda:0"},
    {"!t": "f32", "s": "1"},
    {"!t": ["f32"], "s": [1]},
    {"!t": "f32"},
]


def send(channel, frame, deadline):
    if "error" not in frame:
        return real_send(channel, frame, deadline)
    tensor = TENSORS[torch.initial_seed() % len(TENSORS)]
    header = json.dumps({"!m": [["id", frame["id"]], ["printed", ""], ["ok", tensor]]}).encode()
    channel.setblocking(True)
    channel.sendall(struct.pack("<4sIQ", b"AGW1", len(header), 0) + header)


wire.send = send
