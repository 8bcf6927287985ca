# attack: open sockets of all 46 families, raw ones, pairs for datagrams, and listen
# asset: machine, time of others
# channel: network, kernel
# beats otter: no
# expect: not_implemented
# place: after
import ctypes
import socket

libc = ctypes.CDLL(None, use_errno=True)
for family in range(46):
    for kind in (1, 2, 3, 5, 10, 1 | 0o4000, 3 | (1 << 20)):
        if family == socket.AF_UNIX:
            continue
        descriptor = libc.socket(family, kind, 0)
        if descriptor >= 0:
            raise RuntimeError(f"ESCAPED: a socket of family {family}, kind {kind}")
pair = (ctypes.c_int * 2)()
for kind in (2, 5, 3):
    if libc.socketpair(socket.AF_UNIX, kind, 0, pair) == 0:
        raise RuntimeError(f"ESCAPED: a pair of kind {kind}")
