# attack: answer with a tensor where the request's id belongs, to break the grader itself
# asset: grades
# channel: wire
# beats otter: no
# expect: crashed
# place: after
from autograder.worker import wire

real_send = wire.send


def send(channel, frame, deadline):
    real_send(channel, {"id": torch.zeros(3), "printed": "", "ok": None}, deadline)


wire.send = send
