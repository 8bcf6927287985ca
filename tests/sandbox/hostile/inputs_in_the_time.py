# attack: write the hidden inputs into how long a call takes
# asset: tests, reference
# channel: time, feedback
# beats otter: no
# expect: raised
# place: after
# unseen: \d\.\d+ ?s\b|second|millisecond
import time


def attack(*args):
    time.sleep(int(float(args[0].reshape(-1)[0].abs()) * 10) % 8 / 20)
    raise ValueError


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
