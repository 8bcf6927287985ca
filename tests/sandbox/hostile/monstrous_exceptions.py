# attack: exceptions with cyclic causes, thousands of frames, groups within groups and a traceback that lies
# asset: time of others, grades
# channel: feedback, time
# beats otter: no
# expect: raised,crashed,timed_out,not_implemented
# place: after
def product_gradients(*args):
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    first.__context__, second.__context__ = second, first
    raise first


def mse_gradients(*args):
    error = ValueError("x")
    for _ in range(5000):
        error = ExceptionGroup("g" * 1000, [error, KeyError("k")])
    raise error


def neuron_gradients(*args):
    def deep(number):
        if number:
            deep(number - 1)
        raise ValueError(str(number) * 10_000)

    deep(900)


def neuron_batch_gradients(*args):
    error = SyntaxError("x", ("f" * 10**6, 10**9, -1, "text" * 10**6))
    raise error


def two_layer_gradients(*args):
    error = ValueError(*range(10**6))
    while True:
        try:
            raise error
        except ValueError as again:
            if again.__traceback__.tb_next and len(again.args) > 10:
                raise
