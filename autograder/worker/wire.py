"""Frames on a socket between the grader and the student's process.

Knows time and bytes: it never waits longer than its deadline, neither for a peer that sends byte by
byte nor for one that stops reading. What a frame may hold stands in `frame`, `encoding` and
`decoding`; who sends what, and what it means, others know.
"""

import math
import select
import socket
import time
from collections.abc import Callable
from typing import Any, Final

import torch

from autograder.worker.decoding import from_frame
from autograder.worker.encoding import to_frame
from autograder.worker.frame import MAGIC, PREFIX, Limits, WireError, bytes_of

__all__ = [
    "Deadline",
    "Limits",
    "PeerClosed",
    "WireError",
    "WireTimeout",
    "encode",
    "receive",
    "send",
]

_CHUNK_BYTES: Final = 1 << 20


class PeerClosed(WireError):  # noqa: N818  the name says what happened
    """The other side closed the connection."""


class WireTimeout(WireError):  # noqa: N818
    """The deadline passed before the message was through."""


class Deadline:
    """A point in time for a whole message or call, and the heartbeat of the one who waits for it.

    Attributes:
        stalled_s: Seconds by which own wake-ups came later than asked, beyond 0.1 s each. A large
            sum says that this machine stalled, so that slowness may not be the student's doing.
    """

    _SLICE_S: Final = 0.25
    _TOLERATED_S: Final = 0.1

    def __init__(self, time_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._time_s = time_s
        self._end_s = clock() + time_s
        self.stalled_s = 0.0

    def remaining(self) -> float:
        """Seconds left; zero or negative once the deadline has passed."""
        return self._end_s - self._clock()

    def wait(self, sock: socket.socket, event: int) -> None:
        """Wait until the socket is ready, in short slices that serve as heartbeat.

        Args:
            sock: The socket to wait for.
            event: `select.POLLIN` or `select.POLLOUT`. A closed connection counts as ready.

        Raises:
            WireTimeout: If the deadline passes first.
        """
        poll = select.poll()
        poll.register(sock, event)
        while True:
            slice_s = min(self.remaining(), self._SLICE_S)
            if slice_s <= 0:
                raise WireTimeout(f"the other side was not ready within {self._time_s:g} s")
            asleep_at_s = self._clock()
            ready = poll.poll(math.ceil(slice_s * 1000))
            late_s = self._clock() - asleep_at_s - slice_s
            self.stalled_s += max(0.0, late_s - self._TOLERATED_S)
            if ready:
                return


def encode(value: Any) -> list[bytes | memoryview]:
    """Turn a value into the buffers of one frame.

    Takes None, bool, int, float, str, list, tuple and dict of exactly those types; strided tensors
    of any device; NumPy arrays, sent as tensors; NumPy scalars, sent as Python numbers. Subclasses
    of Tensor such as `nn.Parameter` are sent as plain tensors. `requires_grad` is not sent. Lone
    surrogates become "?". The default `Limits` hold for everything but the body, which is for the
    receiver to bound.

    Returns:
        Prefix and header, then one buffer for each tensor that is not empty. They share memory
        with CPU tensors: send them before those change.

    Raises:
        WireError: If the value, or something in it, cannot be sent.
    """
    header, body = to_frame(value, Limits())
    body_bytes = sum(buffer.nbytes for buffer in body)
    return [PREFIX.pack(MAGIC, len(header), body_bytes) + header, *body]


def send(sock: socket.socket, value: Any, deadline: Deadline) -> None:
    """Send one value as a frame, without ever blocking on a peer that stops reading.

    Args:
        sock: A connected stream socket; it is non-blocking afterwards.
        value: What to send, see `encode`.
        deadline: For the whole frame.

    Raises:
        WireError: If the value cannot be sent; then nothing was sent.
        PeerClosed: If the other side is gone.
        WireTimeout: If the deadline passes; the connection is then of no more use.
    """
    buffers = encode(value)
    sock.setblocking(False)
    for buffer in buffers:
        view = memoryview(buffer)
        while view.nbytes:
            _check(deadline)
            try:
                view = view[sock.send(view[:_CHUNK_BYTES]) :]
            except BlockingIOError:
                deadline.wait(sock, select.POLLOUT)
            except ConnectionError as error:
                raise PeerClosed("the other side closed the connection, unread") from error


def receive(sock: socket.socket, limits: Limits, deadline: Deadline) -> Any:
    """Receive one value.

    Its tensors are built here from checked numbers: plain, contiguous, on the CPU, with storage of
    their own. The kernel drops file descriptors that a peer attaches, since none are asked for.

    Args:
        sock: A connected stream socket; it is non-blocking afterwards.
        limits: What to put up with.
        deadline: For the whole frame: a peer that sends a byte now and then gains nothing.

    Returns:
        None, bool, int, float, str or a tensor, or a list, tuple or dict of these.

    Raises:
        WireError: If the frame breaks a rule; the connection is then of no more use.
        PeerClosed: If the other side is gone.
        WireTimeout: If the deadline passes; the connection is then of no more use.
    """
    sock.setblocking(False)
    prefix = bytearray(PREFIX.size)
    _receive_into(sock, memoryview(prefix), deadline)
    magic, header_bytes, body_bytes = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise WireError(f"a frame that starts with {magic!r} instead of {MAGIC!r}")
    if header_bytes > limits.header_bytes:
        raise WireError(f"a header of {header_bytes} bytes, at most {limits.header_bytes}")
    if body_bytes > limits.body_bytes:
        raise WireError(f"tensors of {body_bytes} bytes, at most {limits.body_bytes}")
    header = bytearray(header_bytes)
    _receive_into(sock, memoryview(header), deadline)
    value, tensors = from_frame(bytes(header), body_bytes, limits)
    for tensor in tensors:
        _receive_into(sock, bytes_of(tensor), deadline)
        if tensor.dtype == torch.bool:
            # A bool whose byte is 7 is undefined behaviour in torch.
            tensor.view(torch.uint8).clamp_(max=1)
    return value


def _receive_into(sock: socket.socket, view: memoryview, deadline: Deadline) -> None:
    while view.nbytes:
        _check(deadline)
        try:
            count = sock.recv_into(view, min(view.nbytes, _CHUNK_BYTES))
        except BlockingIOError:
            deadline.wait(sock, select.POLLIN)
            continue
        except ConnectionError as error:
            raise PeerClosed("the other side broke the connection") from error
        if count == 0:
            raise PeerClosed("the other side closed the connection")
        view = view[count:]


def _check(deadline: Deadline) -> None:
    # Also on a socket that is always ready: a peer that sends single bytes fast never lets us wait.
    if deadline.remaining() <= 0:
        raise WireTimeout("the time for this message is over")
