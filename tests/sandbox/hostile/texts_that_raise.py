# attack: exceptions whose text, type and traceback raise, never end or kill
# asset: grades
# channel: results
# beats otter: no
# expect: not_implemented,raised,crashed,timed_out
# place: after
import os


class Unspeakable(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


class Endless(Exception):
    def __str__(self):
        while True:
            pass


class Deadly(BaseException):
    def __str__(self):
        os._exit(0)

    @property
    def __traceback__(self):
        raise ValueError

    @property
    def __class__(self):
        raise ValueError


def raiser(kind):
    def attack(*args):
        raise kind

    return attack


product_gradients, mse_gradients, neuron_gradients = map(raiser, (Unspeakable, Endless, Deadly))
raise Unspeakable
