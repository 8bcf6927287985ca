# attack: answer at once and end, or leave a child that will serve the rest of the questions
# asset: grades
# channel: processes, wire
# beats otter: no
# expect: wrong,crashed,timed_out
# place: after
import os
import threading
import time

real_exit = os._exit


def attack(*args):
    if torch.initial_seed() % 2:
        threading.Thread(target=lambda: (time.sleep(0.05), real_exit(0)), daemon=True).start()
    elif os.fork():
        real_exit(0)
    return tuple(torch.zeros(()) for _ in range(4))


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
