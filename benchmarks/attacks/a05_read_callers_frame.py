# attack: takes answers from the caller's frame
import sys


def answer(name, *inputs):
    frame = sys._getframe(1)
    while frame is not None:
        for scope in (frame.f_locals, frame.f_globals):
            if hasattr(scope.get("reference"), name):
                return getattr(scope["reference"], name)(*inputs)
        frame = frame.f_back
    raise LookupError("nothing of use in any frame")
