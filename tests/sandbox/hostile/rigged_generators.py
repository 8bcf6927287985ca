# attack: patch every generator and every seed function, so that the judge draws what is known
# asset: seeds, tests
# channel: memory
# beats otter: no
# expect: not_implemented
# place: after
import os
import random
import secrets

import numpy as np

rigged = torch.ones
torch.manual_seed = torch.seed = np.random.seed = random.seed = lambda *a, **k: 0
torch.randn = torch.rand = lambda *shape, **k: rigged(*shape)
torch.Generator = torch.default_generator = None
random.random = np.random.rand = lambda *a: 0.5
secrets.token_bytes = os.urandom = bytes
