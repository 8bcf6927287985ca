# attack: many processes, each within its own limit of memory, to take more than all of them may
# asset: machine, time of others
# channel: memory, processes
# beats otter: no
# expect: timed_out,out_of_memory,crashed,raised,not_implemented
# place: after
import os
import time


def attack(*args):
    for _ in range(5):
        if os.fork() == 0:
            held = bytearray(b"x") * (300 << 20)
            time.sleep(20)
            os._exit(len(held) % 2)
    time.sleep(20)


product_gradients = attack
