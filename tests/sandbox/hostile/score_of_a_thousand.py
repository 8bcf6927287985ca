# attack: set points, weights and scores beyond the maximum
# asset: grades
# channel: results
# beats otter: 8
# expect: wrong
# place: after
from autograder.worker import wire

real_send = wire.send


def send(channel, frame, deadline):
    if "error" in frame and frame["error"]["kind"] == "not_implemented":
        frame = {
            "id": frame["id"],
            "printed": "",
            "ok": {"score": 1000, "points": 1000, "outcome": "passed"},
        }
    real_send(channel, frame, deadline)


wire.send = send
