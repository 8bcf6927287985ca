# attack: poison sys.modules, import hooks, builtins and the default dtype for later tasks
# asset: other submissions
# channel: memory
# beats otter: no
# expect: not_implemented,raised,crashed
# place: after
import builtins
import sys

torch.set_default_dtype(torch.float64)
torch.use_deterministic_algorithms(True)
builtins.__import__ = lambda *a, **k: None
sys.modules["pytest"] = sys.modules["reference"] = sys.modules["autograder"] = sys
sys.meta_path.clear()
sys.path[:] = ["."]
builtins.len = lambda x: 0
builtins.isinstance = lambda *a: True
