# attack: recover the seed behind the drawn inputs: every generator at hand with every plausible seed
# asset: seeds
# channel: wire
# beats otter: no
# expect: not_implemented,timed_out
# place: after
import random

import numpy as np

SEEDS = [*range(200), 1234, 12345, 2**31 - 1, 2**32 - 1, 20240101, 20250101, 0xC0FFEE, 0xDEADBEEF]


def draws(seed):
    """The first numbers of every generator, all brought to 0 ... 1 or to a normal deviate."""
    yield random.Random(seed).random()
    yield random.Random(seed).gauss(0, 1)
    legacy = np.random.RandomState(seed)
    yield from (legacy.rand(), legacy.randn())
    modern = np.random.default_rng(seed)
    yield from (modern.random(), modern.normal())
    torch.manual_seed(seed)
    yield from torch.rand(3).tolist()
    torch.manual_seed(seed)
    yield from torch.randn(3).tolist()


def attack(*args):
    seen = [abs(float(a.reshape(-1)[0])) for a in args[:3]]
    # Sizes are drawn between bounds that the handout hints at: 0.5 to 4 for the first task.
    wanted = {round((value - 0.5) / 3.5, 5) for value in seen} | {round(value, 5) for value in seen}
    for seed in (*SEEDS, torch.initial_seed()):
        for value in draws(seed):
            if round(abs(value), 5) in wanted:
                raise RuntimeError(f"ESCAPED: inputs come from seed {seed}")
    raise NotImplementedError


product_gradients = mse_gradients = attack
