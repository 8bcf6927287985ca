"""The idx format: what is written is read, and nothing else is taken for it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.datasets.idx import Header, encode, read_header

SHAPES = st.lists(st.integers(0, 6), min_size=1, max_size=4).map(tuple)


@given(SHAPES, st.randoms(use_true_random=False))
def test_what_is_encoded_is_read_back(shape, rng):
    elements = rng.randbytes(math.prod(shape))
    content = encode(shape, elements)
    header = read_header(content)
    assert header == Header(shape, 4 + 4 * len(shape))
    assert content[header.size :] == elements
    assert read_header(memoryview(content)) == header


def test_the_header_is_that_of_the_published_files():
    assert encode((2, 1, 3), bytes(6))[:16].hex(" ", 4) == "00000803 00000002 00000001 00000003"


@given(SHAPES, st.data())
def test_a_file_that_is_cut_off_anywhere_is_refused(shape, data):
    content = encode(shape, bytes(math.prod(shape)))
    length = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(ValueError, match="expected"):
        read_header(content[:length])


@given(SHAPES, st.binary(min_size=1, max_size=9))
def test_a_file_that_goes_on_after_its_end_is_refused(shape, rest):
    content = encode(shape, bytes(math.prod(shape)))
    with pytest.raises(ValueError, match="bytes for the shape"):
        read_header(content + rest)


@given(st.binary(max_size=64))
def test_any_bytes_are_read_or_refused_and_never_crash(content):
    try:
        header = read_header(content)
    except ValueError:
        return
    assert header.size + math.prod(header.shape) == len(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "begins with two zero bytes"),
        (b"\x1f\x8b\x08\x08", "begins with two zero bytes"),  # packed
        (b"\0\0\x0d\x01\0\0\0\x01\0\0\0\0", "type 0x0d"),  # floats
        (b"\0\0\x08\x03\0\0\0\x01", "a header of 16 bytes, got 8"),
        (b"\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff\xff", "for the shape"),
    ],
)
def test_what_is_wrong_is_said(content, words):
    with pytest.raises(ValueError, match=words):
        read_header(content)
