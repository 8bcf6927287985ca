# attack: forge the load report with labels of free text and ten thousand failures, to flood grader and feedback
# asset: tests
# channel: feedback, wire
# beats otter: no
# expect: not_implemented,crashed,raised
# place: after
# unseen: LABEL-
from autograder.worker import wire

real_send = wire.send


def send(channel, frame, deadline):
    if "ok" in frame and type(frame["ok"]) is dict:
        seed = torch.seed() % 10**6
        failures = [
            {
                "label": f"LABEL-{seed}-{n}",
                "kind": "raised",
                "exception": "",
                "message": "",
                "line": 0,
                "names": [],
            }
            for n in range(7000)
        ]
        frame["ok"] = {"failures": failures, "milliseconds": 0, "stopped": 0}
    real_send(channel, frame, deadline)


wire.send = send
