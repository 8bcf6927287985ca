# attack: recursion in threads with the largest stacks, in C and in Python
# asset: machine, time of others
# channel: memory
# beats otter: no
# expect: crashed,raised,out_of_memory,timed_out,not_implemented
# place: after
import json
import re
import sys
import threading


def deep(number):
    return deep(number + 1)


def attack(*args):
    sys.setrecursionlimit(10**8)
    threading.stack_size(512 << 20)
    for _ in range(30):
        threading.Thread(target=deep, args=(0,), daemon=True).start()
    deep(0)


def nested(*args):
    sys.setrecursionlimit(10**8)
    json.loads("[" * 10**7)
    re.compile("(" * 10**6)


product_gradients = attack
mse_gradients = nested
