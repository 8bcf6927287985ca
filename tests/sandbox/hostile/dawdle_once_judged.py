# attack: answer wrongly at once, and dawdle when a failed test is run on for the sake of a hint
# asset: time of others
# channel: time
# beats otter: no
# expect: wrong,timed_out
# place: after
import time

import torch

answered = {}


def dawdling(name, values):
    def answer(*args):
        asked = (name, *(str(arg) for arg in args))
        answered[asked] = answered.get(asked, 0) + 1
        if answered[asked] > 1:
            time.sleep(3600)
        return values

    return answer


zero = torch.zeros(())
product_gradients = dawdling("product", (zero, zero, zero))
mse_gradients = dawdling("mse", (zero, zero))
neuron_gradients = dawdling("neuron", (zero, zero))
neuron_batch_gradients = dawdling("batch", (zero, zero))
two_layer_gradients = dawdling("layers", (zero, zero, zero, zero))
