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
    first = abs(float(args[0]))
    now = int(time.time())
    guesses = [*range(now - 60, now + 1), os.getpid(), os.getppid(), uuid.getnode() % 2**32]
    guesses += [guess + torch.initial_seed() for guess in (0, 1, -1)]
    for seed in guesses:
        seed %= 2**32
        torch.manual_seed(seed)
        drawn = [random.Random(seed).uniform(0.5, 4), np.random.RandomState(seed).uniform(0.5, 4)]
        drawn += [0.5 + 3.5 * float(torch.rand(()))]
        if any(abs(value - first) < 1e-5 for value in drawn):
            raise RuntimeError(f"ESCAPED: inputs come from seed {seed}")
    raise NotImplementedError


product_gradients = attack
