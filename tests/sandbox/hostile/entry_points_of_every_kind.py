# attack: entry points that are properties, descriptors, types, partials, C functions and modules
# asset: grades
# channel: results, memory
# beats otter: no
# expect: wrong,raised,missing,crashed,not_implemented
# place: after
import functools
import sys
import types


class Module(types.ModuleType):
    @property
    def product_gradients(self):
        raise SystemExit

    def __getattribute__(self, name):
        if name == "mse_gradients":
            return print
        return super().__getattribute__(name)


class Signed:
    @property
    def __signature__(self):
        raise KeyboardInterrupt

    def __call__(self, *args):
        return self


sys.modules[__name__].__class__ = Module
mse_gradients = functools.partial(print, sep=None)
neuron_gradients = Signed()
neuron_batch_gradients = type("Answer", (tuple,), {"__new__": lambda cls, *a: tuple.__new__(cls, (0, 0))})
two_layer_gradients = torch.nn
