# attack: announce headers and bodies of exabytes, deep nesting and long numbers
# asset: machine
# channel: wire
# beats otter: no
# expect: crashed
# place: after
import struct

from autograder.worker import wire

real_send = wire.send
HEADERS = [
    b"[" * 200_000,
    b"9" * 900_000,
    b'{"!t":"f32","s":[9223372036854775807,0]}',
    b"\xff\xfe",
    b'{"!m":[["id",1e999]]}',
    b'{"!m":[["id","\\ud800"]]}',
    b'{"!t":"f32","s":[true]}',
    b"NaN",
]
state = {"turn": 0}


def send(channel, frame, deadline):
    if "error" not in frame:
        return real_send(channel, frame, deadline)
    channel.setblocking(True)
    header = HEADERS[torch.initial_seed() % len(HEADERS)]
    if torch.initial_seed() % 3 == 0:
        channel.sendall(struct.pack("<4sIQ", b"AGW1", 2**32 - 1, 2**64 - 1))
    channel.sendall(struct.pack("<4sIQ", b"AGW1", len(header), 0) + header)


wire.send = send
