# attack: return the expected gradient from a caller's frame or from the garbage collector
# asset: tests, reference
# channel: memory
# beats otter: 7
# expect: wrong,not_implemented,raised,timed_out
# place: after
import gc
import inspect
import sys


def attack(*args):
    mine = {id(a) for a in args}
    frame = sys._getframe(1)
    while frame is not None:
        for name in ("expected", "reference", "close", "wanted", "secret", "key"):
            if name in frame.f_locals or name in frame.f_globals:
                raise RuntimeError(f"ESCAPED: {name} in {frame.f_code.co_filename}")
        frame = frame.f_back
    for module in list(sys.modules):
        if module.startswith(("reference", "test_chain_rule", "autograder.judging")):
            raise RuntimeError(f"ESCAPED: {module} is loaded")
    del inspect.stack()[:]
    tensors = [o for o in gc.get_objects() if type(o) is tuple and o and type(o[0]) is torch.Tensor]
    return next((t for t in tensors if id(t[0]) not in mine), args)


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
