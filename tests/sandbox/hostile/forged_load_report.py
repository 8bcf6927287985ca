# attack: forge the load report with wrong types, negative numbers, tensors and unknown kinds
# asset: grades
# channel: wire
# beats otter: no
# expect: crashed
# place: after
from autograder.worker import wire

real_send = wire.send


def send(channel, frame, deadline):
    if isinstance(frame.get("ok"), dict) and "failures" in frame["ok"]:
        frame["ok"] = {
            "failures": [{"label": torch.zeros(2), "kind": torch.zeros(2)}],
            "milliseconds": 2**62,
            "stopped": -1,
        }
    real_send(channel, frame, deadline)


wire.send = send
