# attack: a thread writes frames of its own while the main one answers
# asset: grades
# channel: wire, processes
# beats otter: no
# expect: wrong,crashed,timed_out,not_implemented
# place: after
import os
import socket
import threading
import time

from autograder.worker import wire


def channels():
    for descriptor in range(3, 64):
        try:
            yield socket.socket(fileno=os.dup(descriptor))
        except OSError:
            pass


def chatter():
    for number in range(400):
        for channel in channels():
            try:
                wire.send(channel, {"id": 2 + number % 9, "printed": "", "ok": (0.0,) * 4}, wire.Deadline(1))
            except wire.WireError:
                return
        time.sleep(0.005)


threading.Thread(target=chatter, daemon=True).start()
