"""The wire: what goes in comes out, and whatever else comes in is refused."""

import array
import enum
import json
import math
import runpy
import select
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.worker.frame import DTYPES, MAGIC, PREFIX
from autograder.worker.wire import (
    Deadline,
    Limits,
    PeerClosed,
    WireError,
    WireTimeout,
    encode,
    receive,
    send,
)

FUZZ = runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "fuzz_wire.py"))

GENEROUS_S = 20.0


def round_trip(value):
    ours, theirs = socket.socketpair()

    def send_and_close():
        with theirs:
            send(theirs, value, Deadline(GENEROUS_S))

    with ours, ThreadPoolExecutor() as pool:
        sending = pool.submit(send_and_close)
        try:
            return receive(ours, Limits(), Deadline(GENEROUS_S))
        finally:
            sending.result()


def frame(header, body=b"", *, announced=None, magic=MAGIC):
    """A frame with correct lengths around a header of one's own making."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    body_bytes = len(body) if announced is None else announced
    return PREFIX.pack(magic, len(text), body_bytes) + text + body


def deliver(raw: bytes, limits: Limits = Limits()):  # noqa: B008  frozen
    return FUZZ["deliver"](raw, limits)


def assert_same(actual, expected):
    assert type(actual) is type(expected)
    if isinstance(expected, torch.Tensor):
        assert actual.dtype == expected.dtype
        assert actual.shape == expected.shape
        assert torch.equal(raw_bytes(actual), raw_bytes(expected))
    elif isinstance(expected, list | tuple):
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, dict):
        assert list(actual) == list(expected)
        for name in expected:
            assert_same(actual[name], expected[name])
    elif isinstance(expected, float) and math.isnan(expected):
        assert math.isnan(actual)
    else:
        assert actual == expected
        assert str(actual) == str(expected)  # -0.0 is not 0.0


def raw_bytes(tensor):
    return tensor.contiguous().reshape(-1).view(torch.uint8)


@st.composite
def tensors(draw):
    shape = draw(st.lists(st.integers(0, 4), max_size=4))
    dtype = draw(st.sampled_from(list(DTYPES.values())))
    fill = torch.Generator().manual_seed(draw(st.integers(0, 99)))
    tensor = torch.randint(0, 2 if dtype == torch.bool else 100, shape, generator=fill).to(dtype)
    return tensor.movedim(0, -1) if shape and draw(st.booleans()) else tensor


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats()
    | st.text()
    | tensors(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@settings(deadline=None)
@given(VALUES)
def test_every_value_of_the_wire_comes_back_the_same(value):
    assert_same(round_trip(value), value)


def test_a_tensor_far_larger_than_the_sockets_buffer_comes_back_the_same():
    big = torch.arange(2_000_000, dtype=torch.float64)
    assert_same(round_trip([big, big[::7]]), [big, big[::7]])


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (np.arange(6)[::-2], torch.tensor([5, 3, 1])),
        (np.array(3.0), torch.tensor(3.0, dtype=torch.float64)),
        (np.arange(3, dtype=">i4"), torch.arange(3, dtype=torch.int32)),
        (np.zeros((0, 3), dtype=bool), torch.zeros(0, 3, dtype=torch.bool)),
        (np.float32(0.5), 0.5),
        (np.int64(7), 7),
        (np.bool_(1), True),
        (np.float64("nan"), math.nan),
        (torch.nn.Parameter(torch.ones(2)), torch.ones(2)),
        (torch.ones(2, requires_grad=True) * 2, torch.full((2,), 2.0)),
        (torch.tensor([1 + 2j]).conj(), torch.tensor([1 - 2j])),
        (torch.tensor([1 + 2j]).conj().imag, torch.tensor([-2.0])),
        (torch.ones(1).expand(3), torch.ones(3)),
        (torch.arange(2.0)[::2], torch.zeros(1)),  # contiguous with a stride of two
        (torch.arange(6.0).reshape(3, 2)[1:2, 1:], torch.full((1, 1), 3.0)),
        ("a\ud800b", "a?b"),
        ({"\udfff": 1}, {"?": 1}),
    ],
    ids=repr,
)
def test_what_has_no_form_of_its_own_is_sent_as_its_plain_equal(sent, received):
    assert_same(round_trip(sent), received)


def test_a_read_only_array_is_sent_without_a_warning():
    readonly = np.arange(3)
    readonly.flags.writeable = False
    assert_same(round_trip(readonly), torch.arange(3))


def test_a_tensor_of_inference_mode_is_sent():
    with torch.inference_mode():
        made = torch.ones(3) * 2
    assert_same(round_trip(made), torch.full((3,), 2.0))


def test_a_subclass_that_answers_for_torch_is_sent_as_the_tensor_it_is():
    class Liar(torch.Tensor):
        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            return torch.full((9,), 7.0)

    assert_same(round_trip(torch.zeros(3).as_subclass(Liar)), torch.zeros(3))


def test_a_received_tensor_shares_no_memory_with_another():
    shared = torch.zeros(3)
    first, second = round_trip([shared, shared])
    first += 1
    assert_same(second, torch.zeros(3))


class Colour(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


RECURSIVE: list = []
RECURSIVE.append(RECURSIVE)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), "cannot send object"),
        (1j, "cannot send complex"),
        (b"", "cannot send bytes"),
        (Colour.RED, "cannot send Colour"),
        (Level.LOW, "cannot send Level"),
        (len, "cannot send builtin_function_or_method"),
        ({1, 2}, "cannot send set"),
        (torch.nn.Linear(1, 1), "cannot send Linear"),
        (np.complex128(1j), "cannot send complex"),
        (2**63, "64 bits"),
        (-(2**63), "64 bits"),
        ({1: 2}, "key of type int"),
        ({np.str_("a"): 2}, "key of type str_"),
        (dict.fromkeys(["\ud800", "\ud801"]), "lone surrogates only"),
        (RECURSIVE, "nested deeper than 12"),
        ([0] * 200_000, "more than 200000 values"),
        ("a" * 1_048_577, "1048576 characters"),
        (["a" * 1000] * 2000, "1048576 characters"),
        (["\0" * 1000] * 500, "bytes of text"),
        ([torch.zeros(1)] * 4097, "more than 4096 tensors"),
        (torch.zeros((1,) * 9), "more than 8 dimensions"),
        (torch.eye(2).to_sparse(), "layout torch.sparse_coo"),
        (torch.zeros(2, dtype=torch.float8_e5m2), "dtype torch.float8_e5m2"),
        (torch.zeros(2, device="meta"), "cannot send a tensor"),
        (torch.zeros(1).expand(10**14), "allocate"),
        (np.array(["a"]), "NumPy array of dtype <U1"),
        (np.array([object()]), "NumPy array of dtype object"),
        (np.zeros(2, dtype=np.longdouble), "NumPy array of dtype"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value[:20],
)
def test_what_the_wire_cannot_carry_is_refused_before_anything_is_sent(value, message):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with pytest.raises(WireError, match=message):
            send(theirs, value, Deadline(GENEROUS_S))
        theirs.close()
        assert ours.recv(1) == b""


def test_a_tensor_within_vmap_has_no_bytes_and_is_refused():
    with pytest.raises(WireError, match="cannot send a tensor"):
        torch.func.vmap(lambda x: encode(x) and x)(torch.ones(2))


ONE = b"\0\0\x80?"  # 1.0 as float32

HOSTILE = {
    # The four holes of the prototype.
    "an unhashable dtype": frame({"!t": [], "s": []}),
    "an unhashable float": frame({"!f": []}),
    "a lone surrogate in a string": frame(b'"\\ud800"'),
    "a lone surrogate in a key": frame(b'{"!m":[["\\udc00",1]]}'),
    # Tensors.
    "a dtype that is an object": frame({"!t": {}, "s": []}),
    "an unknown dtype": frame({"!t": "qint8", "s": []}),
    "a dtype that is null": frame({"!t": None, "s": []}),
    "no shape": frame({"!t": "f32"}),
    "a shape that is text": frame({"!t": "f32", "s": "11"}),
    "a shape that is a number": frame({"!t": "f32", "s": 1}, ONE),
    "a member too many": frame({"!t": "f32", "s": [1], "rg": True}, ONE),
    "a negative size": frame({"!t": "f32", "s": [-1]}, ONE),
    "two negative sizes": frame({"!t": "f32", "s": [-1, -1]}, ONE),
    "a size that is true": frame({"!t": "f32", "s": [True]}, ONE),
    "a size that is 1.0": frame({"!t": "f32", "s": [1.0]}, ONE),
    "a size that is null": frame({"!t": "f32", "s": [None]}, ONE),
    "a size that is a list": frame({"!t": "f32", "s": [[1]]}, ONE),
    "nine dimensions": frame({"!t": "f32", "s": [1] * 9}, ONE),
    "an empty tensor with strides that overflow": frame({"!t": "f32", "s": [0, 2**40, 2**40]}),
    "an empty tensor with strides that overflow, reversed": frame(
        {"!t": "f32", "s": [2**62, 2**62, 0]}
    ),
    "sizes whose product overflows to nothing": frame({"!t": "u8", "s": [2**32, 2**32]}),
    "a size of more than 64 bits": frame({"!t": "u8", "s": [2**64]}),
    "a body that is too short": frame({"!t": "f32", "s": [2]}, ONE),
    "a body that is too long": frame({"!t": "f32", "s": [1]}, ONE + ONE),
    "a body without a tensor": frame(None, ONE),
    "a second tensor that does not fit": frame([{"!t": "f32", "s": [1]}] * 2, ONE),
    # Other tags.
    "an object without a tag": frame({"a": 1}),
    "an empty object": frame({}),
    "an unknown tag": frame({"!h": 1, "k": "object"}),
    "two tags": frame({"!u": [], "!m": []}),
    "a tuple that is an object": frame({"!u": {}}),
    "a tuple that is text": frame({"!u": "ab"}),
    "a dict that is an object": frame({"!m": {"a": 1}}),
    "an entry of one": frame({"!m": [["a"]]}),
    "an entry of three": frame({"!m": [["a", 1, 2]]}),
    "an entry that is text": frame({"!m": ["ab"]}),
    "a key that is a number": frame({"!m": [[1, 2]]}),
    "a key that is a list": frame({"!m": [[[], 2]]}),
    "the same key twice": frame({"!m": [["a", 1], ["a", 2]]}),
    "the same member twice": frame(b'{"!f":"nan","!f":"inf"}'),
    "the same tag twice": frame(b'{"!u":[],"!u":[1]}'),
    "a float by another name": frame({"!f": "Infinity"}),
    "a float that is a number": frame({"!f": 1.0}),
    # Numbers and text.
    "the literal NaN": frame(b"NaN"),
    "the literal -Infinity": frame(b"[-Infinity]"),
    "a float that overflows to inf": frame(b"1e999"),
    "an int of 64 bits": frame(str(2**63).encode()),
    "a negative int of 64 bits": frame(str(-(2**63)).encode()),
    "an int of 5000 digits": frame(b"9" * 5000),
    "an int of a million digits": frame(b"9" * 1_000_000),
    "bytes that are no UTF-8": frame(b'"\xff"'),
    "a surrogate as UTF-8": frame(b'"\xed\xa0\x80"'),
    "a byte order mark": frame(b"\xef\xbb\xbf1"),
    "no JSON at all": frame(b""),
    "two values": frame(b"1 2"),
    "an open list": frame(b"[1"),
    "nesting beyond the parser's stack": frame(b"[" * 500_000),
    "nesting beyond the limit": frame(b"[" * 14 + b"]" * 14),
    "dicts nested beyond the limit": frame(b'{"!m":[["a",' * 14 + b"1" + b"]]}" * 14),
    "tuples nested beyond the limit": frame(b'{"!u":[' * 14 + b"]}" * 14),
    "too many values": frame(b"[" + b"0," * 200_000 + b"0]"),
    "too many tensors": frame([{"!t": "f32", "s": [0]}] * 4097),
    # Prefixes: nothing follows them, so nothing may be waited for.
    "the wrong magic": PREFIX.pack(b"HTTP", 0, 0),
    "a header of four gigabytes": PREFIX.pack(MAGIC, 2**32 - 1, 0),
    "a body of 2**63 bytes": PREFIX.pack(MAGIC, 4, 2**63),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_frame_is_refused(name):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        feeder = threading.Thread(target=theirs.sendall, args=(HOSTILE[name],))
        feeder.start()
        # The connection stays open: a refusal that needed more bytes would end as a timeout.
        with pytest.raises(WireError) as refusal:
            receive(ours, Limits(), Deadline(GENEROUS_S))
        ours.close()
        feeder.join()
    assert refusal.type is WireError


@pytest.mark.parametrize(
    "limits",
    [
        Limits(header_bytes=30),
        Limits(body_bytes=11),
        Limits(tensors=1),
        Limits(dimensions=0),
        Limits(depth=1),
        Limits(nodes=4),
    ],
    ids=repr,
)
def test_each_limit_is_the_receivers_own(limits):
    raw = b"".join(encode([[torch.ones(1)], torch.ones(2), 1]))
    assert_same(deliver(raw), [[torch.ones(1)], torch.ones(2), 1])
    with pytest.raises(WireError) as refusal:
        deliver(raw, limits)
    assert refusal.type is WireError


def test_bytes_of_a_bool_tensor_other_than_0_and_1_become_true():
    received = deliver(frame({"!t": "b", "s": [2, 2]}, b"\x00\x01\x07\xff"))
    assert_same(received, torch.tensor([[False, True], [True, True]]))
    assert raw_bytes(received).tolist() == [0, 1, 1, 1]


def test_an_empty_tensor_keeps_its_shape():
    assert deliver(frame({"!t": "f32", "s": [0, 2**40]})).shape == (0, 2**40)


@pytest.mark.parametrize("keep", [0, 1, PREFIX.size, PREFIX.size + 3, -1])
def test_a_connection_that_ends_too_early_is_told_apart_from_a_bad_frame(keep):
    raw = b"".join(encode(torch.ones(3)))
    with pytest.raises(PeerClosed):
        deliver(raw[:keep])


def test_mutated_frames_raise_nothing_but_wire_errors():
    counts = FUZZ["fuzz"](frames=20_000, seed=20)
    assert counts["refused"] > 5000
    assert counts["decoded"] > 500  # the mutations are mild enough to reach every check


def test_a_peer_that_sends_byte_by_byte_meets_the_deadline_of_the_whole_message():
    raw = frame("x" * 1000)
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def drip():
        for byte in raw:
            if stop.wait(0.01):
                return
            theirs.send(bytes([byte]))

    with ours, theirs:
        feeder = threading.Thread(target=drip)
        feeder.start()
        started_s = time.monotonic()
        with pytest.raises(WireTimeout):
            receive(ours, Limits(), Deadline(0.3))
        took_s = time.monotonic() - started_s
        stop.set()
        feeder.join()
    assert took_s < 3.0


def test_a_peer_that_never_makes_us_wait_meets_the_deadline_as_well():
    ticks = iter(range(1000))
    raw = b"".join(encode([torch.ones(1)] * 50))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(raw)
        with pytest.raises(WireTimeout):
            receive(ours, Limits(), Deadline(20, clock=lambda: float(next(ticks))))


def test_a_peer_that_stops_reading_meets_the_deadline():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        started_s = time.monotonic()
        with pytest.raises(WireTimeout):
            send(ours, torch.zeros(10_000_000), Deadline(0.3))
        assert time.monotonic() - started_s < 3.0


def test_sending_to_a_peer_that_is_gone_says_so():
    ours, theirs = socket.socketpair()
    with ours:
        theirs.close()
        with pytest.raises(PeerClosed):
            send(ours, torch.zeros(1000), Deadline(GENEROUS_S))


def test_a_peer_that_leaves_with_our_message_unread_says_so():
    ours, theirs = socket.socketpair()
    with ours:
        ours.sendall(b"unread")
        theirs.close()  # with bytes unread this resets the connection
        with pytest.raises(PeerClosed):
            receive(ours, Limits(), Deadline(GENEROUS_S))


@pytest.mark.parametrize("timeout_s", [None, 0.0, 30.0])
def test_sockets_of_every_mode_are_taken(timeout_s):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(timeout_s)
        send(theirs, 1, Deadline(GENEROUS_S))
        assert receive(ours, Limits(), Deadline(GENEROUS_S)) == 1
        ours.settimeout(timeout_s)
        with pytest.raises(WireTimeout):
            receive(ours, Limits(), Deadline(0.05))


def test_descriptors_that_come_along_are_dropped():
    ours, theirs = socket.socketpair()
    gift = array.array("i", [0])
    with ours, theirs:
        before = len(list(Path("/proc/self/fd").iterdir()))
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, gift)]
        theirs.sendmsg([b"".join(encode("gift"))], ancillary)
        assert receive(ours, Limits(), Deadline(GENEROUS_S)) == "gift"
        assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_two_frames_in_one_packet_are_two_messages():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"".join([*encode("first"), *encode("second")]))
        deadline = Deadline(GENEROUS_S)
        assert receive(ours, Limits(), deadline) == "first"
        assert receive(ours, Limits(), deadline) == "second"


def test_a_late_wake_up_is_counted_as_a_stall_of_this_machine():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"x")
        # Start; remaining; asleep at; awake after 1 s: 0.25 s were asked, 0.1 s more are excused.
        ticks = iter([0.0, 0.0, 0.0, 1.0])
        deadline = Deadline(10.0, clock=lambda: next(ticks))
        deadline.wait(ours, select.POLLIN)
        assert deadline.stalled_s == pytest.approx(0.65)


def test_waiting_in_vain_is_no_stall_and_ends_in_time():
    ours, theirs = socket.socketpair()
    # Real sleep, but a clock that follows what was asked: a busy machine must not fail this test.
    now_s = [0.0]

    def clock():
        now_s[0] += 0.125
        return now_s[0]

    with ours, theirs:
        deadline = Deadline(1.0, clock=clock)
        with pytest.raises(WireTimeout, match="within 1 s"):
            deadline.wait(ours, select.POLLIN)
        assert deadline.stalled_s == 0.0
        assert deadline.remaining() <= 0
