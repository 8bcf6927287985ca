# attack: recover the seed behind the drawn inputs from the time, the process and the machine
# asset: seeds
# channel: time, wire
# beats otter: no
# expect: not_implemented,timed_out
# place: after
import os
import random
import time
import uuid

import numpy as np


def attack(*args):
    seen = [abs(float(a)) for a in args]
    now = int(time.time())
    guesses = [*range(now - 60, now + 1), os.getpid(), os.getppid(), uuid.getnode() % 2**32]
    guesses += [guess + torch.initial_seed() for guess in (0, 1, -1)]
    for seed in guesses:
        seed %= 2**32
        torch.manual_seed(seed)
        plain, legacy = random.Random(seed), np.random.RandomState(seed)
        for drawn in (
            [plain.uniform(0.5, 4) for _ in seen],
            legacy.uniform(0.5, 4, len(seen)).tolist(),
            (0.5 + 3.5 * torch.rand(len(seen))).tolist(),
        ):
            # Two at once: one alone may be luck.
            if sum(abs(a - b) < 1e-5 for a, b in zip(drawn, seen)) > 1:
                raise RuntimeError(f"ESCAPED: inputs come from seed {seed}")
    raise NotImplementedError


product_gradients = attack
