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
    """The first three numbers of every generator."""
    plain, legacy, modern = random.Random(seed), np.random.RandomState(seed), np.random.default_rng(seed)
    yield [plain.random() for _ in range(3)]
    yield legacy.rand(3).tolist()
    yield modern.random(3).tolist()
    yield np.random.RandomState(seed).randn(3).tolist()
    for draw in (torch.rand, torch.randn):
        torch.manual_seed(seed)
        yield draw(3).tolist()


def attack(*args):
    seen = [abs(float(a.reshape(-1)[0])) for a in args[:3]]
    # Sizes are drawn between bounds that the handout hints at: 0.5 to 4 for the first task.
    wanted = {round((value - 0.5) / 3.5, 5) for value in seen} | {round(value, 5) for value in seen}
    for seed in (*SEEDS, torch.initial_seed()):
        for numbers in draws(seed):
            # Two at once: one alone is luck in every tenth call.
            if sum(round(abs(number), 5) in wanted for number in numbers) > 1:
                raise RuntimeError(f"ESCAPED: inputs come from seed {seed}")
    raise NotImplementedError


product_gradients = mse_gradients = attack
