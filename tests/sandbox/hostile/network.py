# attack: reach anybody: tcp, udp, other students by unix sockets, the kernel by netlink
# asset: machine, other submissions
# channel: network
# beats otter: no
# expect: not_implemented
# place: after
import socket

for family, kind in ((2, 1), (2, 2), (10, 1), (16, 3), (17, 3), (38, 5), (40, 1)):
    try:
        with socket.socket(family, kind) as s:
            s.settimeout(0.2)
            s.connect(("127.0.0.1", 22) if family == 2 else ("::1", 22))
    except (OSError, TypeError, ValueError):
        continue
    raise RuntimeError(f"ESCAPED: connected {family}")
names = [f"\0autograder-uids-{n}" for n in range(20000, 60000, 256)] + [
    "/run/docker.sock",
    "\0mailbox",
]
for name in names:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.connect(name)
    except OSError:
        continue
    raise RuntimeError(f"ESCAPED: connected to {name!r}")
