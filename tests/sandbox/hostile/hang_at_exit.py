# attack: threads, exit handlers, finalisers and destructors that never end
# asset: time of others
# channel: processes
# beats otter: no
# expect: not_implemented
# place: after
import atexit
import signal
import threading
import time

atexit.register(time.sleep, 60)
threading.Thread(target=time.sleep, args=(60,)).start()
for number in range(1, 32):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass


class Stubborn:
    def __del__(self):
        time.sleep(60)


stubborn = Stubborn()
