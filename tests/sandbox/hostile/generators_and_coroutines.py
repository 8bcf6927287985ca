# attack: entry points that are generators, coroutines, context managers, iterators without end
# asset: grades, time of others
# channel: results
# beats otter: no
# expect: wrong,raised,missing
# place: after
# process: too
import contextlib
import itertools


def product_gradients(*args):
    yield from itertools.repeat(torch.zeros(()))


async def mse_gradients(*args):
    return torch.zeros(()), torch.zeros(())


@contextlib.contextmanager
def neuron_gradients(*args):
    yield 0


def neuron_batch_gradients(*args):
    return map(float, itertools.count())


def two_layer_gradients(*args):
    return iter(lambda: torch.zeros(()), None), range(10**18)
