# attack: the same in a call only, with tensors in every other place as well
# asset: grades
# channel: wire
# beats otter: no
# expect: crashed
# place: after
from autograder.worker import wire

real_send = wire.send


def send(channel, frame, deadline):
    many = torch.zeros(3)
    if "error" in frame:
        frame = {
            "id": many if frame["id"] == 2 else frame["id"],
            "printed": many,
            "error": {"kind": many, "type": many, "text": many, "cell": many, "line": many},
        }
    real_send(channel, frame, deadline)


wire.send = send
