# attack: signatures, annotations, defaults and names of entry points that run code without end
# asset: time of others, grades
# channel: results, time
# beats otter: no
# expect: timed_out,raised,wrong,crashed,not_implemented
# place: after
class Endless:
    @property
    def __signature__(self):
        while True:
            pass

    def __call__(self, *args):
        raise NotImplementedError


class Many:
    def __getattr__(self, name):
        return Many()

    def __call__(self, *args):
        return tuple(Many() for _ in range(4))


product_gradients = Endless()
mse_gradients = Many()
