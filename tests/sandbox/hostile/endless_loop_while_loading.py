# attack: an endless loop at import that swallows every interruption
# asset: time of others
# channel: time
# beats otter: 15
# expect: timed_out
# place: before
import signal
import sys
import threading

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
sys.settrace = threading.settrace = lambda *a: None


def forever():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


forever()
