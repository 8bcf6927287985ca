# attack: answer with frames that carry class names, code and tags of other formats
# asset: machine
# channel: wire
# beats otter: 20
# expect: crashed
# place: after
import json
import struct

from autograder.worker import wire

BODIES = [
    {"__reduce__": ["os.system", "touch @COURSE@/ESCAPED"]},
    {"!c": "os.system"},
    {"py/object": "os.system"},
    {"!t": "object", "s": [1]},
    {"!u": "abc"},
    {"!m": [["a", 1], ["a", 2]]},
    {"!f": "__import__('os')"},
]
real_send = wire.send


def send(channel, frame, deadline):
    if "error" not in frame:
        return real_send(channel, frame, deadline)
    body = BODIES[torch.initial_seed() % len(BODIES)]
    tree = {"!m": [["id", frame["id"]], ["printed", ""], ["ok", body]]}
    header = json.dumps(tree).encode()
    channel.setblocking(True)
    channel.sendall(struct.pack("<4sIQ", b"AGW1", len(header), 0) + header)


wire.send = send
