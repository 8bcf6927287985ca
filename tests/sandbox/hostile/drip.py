# attack: send the answer byte by byte for ever
# asset: time of others
# channel: wire
# beats otter: no
# expect: timed_out,not_implemented
# place: after
import time

from autograder.worker import wire


def send(channel, frame, deadline):
    channel.setblocking(True)
    channel.sendall(b"AGW1\x00\x00\x01\x00" + bytes(8))
    while True:
        channel.sendall(b" ")
        time.sleep(0.1)


real_send = wire.send
wire.send = lambda c, f, d: send(c, f, d) if "Task 1.1" in str(f) else real_send(c, f, d)
