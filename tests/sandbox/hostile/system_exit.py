# attack: raise SystemExit, KeyboardInterrupt, GeneratorExit in a function and at module level
# asset: grades
# channel: processes
# beats otter: 14
# expect: raised
# place: after
import sys


def attack(*args):
    sys.exit(0)


def interrupt(*args):
    raise KeyboardInterrupt


def generator_exit(*args):
    raise GeneratorExit


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
mse_gradients = interrupt
neuron_gradients = generator_exit
sys.exit(0)
