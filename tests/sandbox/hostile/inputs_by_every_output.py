# attack: show the hidden inputs by warnings, logging, hooks, descriptors, notes, causes and groups of exceptions
# asset: tests
# channel: feedback
# beats otter: no
# expect: raised
# place: after
# unseen: LEAKED
import logging
import os
import sys
import threading
import warnings


def attack(*args):
    text = "LEAKED " + repr([a.tolist() for a in args])
    warnings.warn(text)
    logging.error(text)
    print(text, file=sys.__stdout__)
    print(text, file=sys.__stderr__)
    for descriptor in (0, 1, 2):
        os.write(descriptor, text.encode())
    sys.unraisablehook = sys.excepthook = threading.excepthook = lambda *a: print(text)
    attack.__name__ = attack.__qualname__ = attack.__doc__ = "LEAKED"
    error = ExceptionGroup(text, [ValueError(text), KeyError(text)])
    error.__cause__ = RuntimeError(text)
    raise error


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
