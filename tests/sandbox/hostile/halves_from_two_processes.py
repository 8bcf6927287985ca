# attack: parent and child send one half of an answer each, and swap
# asset: grades
# channel: wire, processes
# beats otter: no
# expect: crashed,timed_out,wrong,not_implemented
# place: after
import os

from autograder.worker import wire

real_send = wire.send


def send(channel, frame, deadline):
    if "error" not in frame:
        return real_send(channel, frame, deadline)
    content = b"".join(bytes(part) for part in wire.encode({**frame, "printed": "x" * 50_000}))
    half = len(content) // 2
    channel.setblocking(True)
    if os.fork() == 0:
        channel.sendall(content[half:])
        os._exit(0)
    channel.sendall(content[:half])


wire.send = send
