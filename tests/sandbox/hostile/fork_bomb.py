# attack: fork and start threads without end
# asset: machine
# channel: processes
# beats otter: no
# expect: timed_out,crashed,raised,out_of_memory,not_implemented
# place: after
import os
import threading
import time


def attack(*args):
    alive = 0
    while alive < 200:
        try:
            if os.fork() == 0:
                time.sleep(30)
            alive += 1
        except OSError:
            break
    if alive >= 200:
        raise RuntimeError("ESCAPED: 200 processes")
    for _ in range(200):
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()


product_gradients = attack
