# attack: a forked child answers in its parent's stead while the parent hides
# asset: grades
# channel: processes
# beats otter: no
# expect: wrong,not_implemented
# place: after
import os
import time


def attack(*args):
    if os.fork():
        time.sleep(30)
        os._exit(0)
    return tuple(torch.zeros(()) for _ in range(4))


product_gradients = mse_gradients = attack
