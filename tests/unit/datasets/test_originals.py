"""What the published files are, and how a file that is not one of them is told."""

from dataclasses import replace

import pytest

from autograder.datasets.cached import spans
from autograder.datasets.originals import MNIST, first_flaw, flaw


def test_the_sizes_are_those_of_60000_and_10000_digits_of_28_by_28():
    sizes = {original.name: original.size for original in MNIST}
    assert sizes == {
        "train-images-idx3-ubyte": 16 + 60_000 * 784,
        "t10k-images-idx3-ubyte": 16 + 10_000 * 784,
        "train-labels-idx1-ubyte": 8 + 60_000,
        "t10k-labels-idx1-ubyte": 8 + 10_000,
    }


def test_the_pixels_of_both_sets_are_aligned_in_the_one_file():
    train, test, _, _ = spans(MNIST)
    assert (train.start + 16) % 16 == (test.start + 16) % 16 == 0


def test_the_published_bytes_have_no_flaw(small):
    assert first_flaw(small.originals, small.contents) is None


@pytest.mark.parametrize("place", [0, 20, -1])
def test_one_changed_bit_is_a_flaw_that_names_both_hashes(small, place):
    content = bytearray(small.contents[0])
    content[place] ^= 1
    found = flaw(small.originals[0], bytes(content))
    assert found is not None
    assert found.startswith(f"expected SHA-256 {small.originals[0].sha256}, got ")


def test_a_wrong_length_is_told_before_anything_is_hashed(small):
    found = flaw(small.originals[2], small.contents[2][:-1])
    assert found == "expected 15 bytes, got 14"


def test_the_first_flaw_is_told_with_its_files_name(small):
    wrong = (*small.originals[:3], replace(small.originals[3], sha256="0" * 64))
    found = first_flaw(wrong, small.contents)
    assert found is not None
    assert found.startswith("t10k-labels-idx1-ubyte: expected SHA-256 0000")
