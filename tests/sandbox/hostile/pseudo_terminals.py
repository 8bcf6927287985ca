# attack: pass notes between students at work through pseudo-terminals
# asset: other submissions
# channel: kernel
# beats otter: no
# expect: not_implemented
# place: after
import glob
import os
import time

mine = set()
try:
    master, slave = os.openpty()
    mine.add(os.ttyname(slave))
except OSError:
    pass
for _ in range(5):
    for path in set(glob.glob("/dev/pts/[0-9]*")) - mine:
        try:
            os.close(os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
        except OSError:
            continue
        raise RuntimeError(f"ESCAPED: opened {path} of another process")
    time.sleep(0.1)
