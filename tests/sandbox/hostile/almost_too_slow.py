# attack: use nearly all of every limit: each call, each cell, each task
# asset: time of others
# channel: time
# beats otter: no
# expect: wrong,timed_out,not_implemented
# place: after
import time

time.sleep(0.4)


def attack(*args):
    time.sleep(0.8)
    return tuple(torch.zeros(()) for _ in range(4))


product_gradients = mse_gradients = attack
