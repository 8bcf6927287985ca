# attack: let one call overrun and send its answer when the next question comes
# asset: grades
# channel: wire
# beats otter: no
# expect: not_implemented,timed_out,wrong,crashed
# place: after
import threading
import time

from autograder.worker import wire

real_send = wire.send


def send(channel, frame, deadline):
    def later():
        time.sleep(0.7)
        real_send(
            channel,
            {"id": frame["id"] + 1, "printed": "", "ok": (torch.zeros(()),) * 4},
            wire.Deadline(5),
        )

    if "Task 1.1" in str(frame):
        threading.Thread(target=later, daemon=True).start()
        time.sleep(20)
    real_send(channel, frame, deadline)


wire.send = send
