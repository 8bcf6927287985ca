# attack: wait for other students at abstract names, paths and ports, and call theirs
# asset: other submissions, time of others
# channel: network
# beats otter: no
# expect: not_implemented,timed_out
# place: after
import os
import socket
import time

WORD = f"of {os.urandom(8).hex()}".encode()
heard = []
sockets = []
for family, place in ((socket.AF_UNIX, "\0autograder-mailbox"), (socket.AF_UNIX, "/tmp/mailbox"), (socket.AF_INET, ("127.0.0.1", 45454))):
    try:
        s = socket.socket(family, socket.SOCK_DGRAM)
        s.setblocking(False)
        s.bind(place)
        sockets.append(s)
    except OSError:
        pass
    for _ in range(5):
        try:
            socket.socket(family, socket.SOCK_DGRAM).sendto(WORD, place)
        except OSError:
            pass
time.sleep(0.5)
for s in sockets:
    try:
        while True:
            heard.append(s.recv(100))
    except OSError:
        pass
others = [word for word in heard if word != WORD]
if others:
    raise RuntimeError(f"ESCAPED: heard {others}")
