# attack: turn the conversation round: ask the grader for expected values, tests and a call of its own
# asset: tests, reference, grades
# channel: wire
# beats otter: no
# expect: crashed,timed_out
# place: after
import os
import socket

from autograder.worker import wire


def channels():
    for descriptor in range(3, 64):
        try:
            yield socket.socket(fileno=os.dup(descriptor))
        except OSError:
            pass


QUESTIONS = [
    {"id": 1, "op": "call", "name": "reference", "args": [], "kwargs": {}, "seed": 0, "device": "cpu"},
    {"id": 1, "op": "verb", "handle": 0, "verb": "state_dict", "args": [], "kwargs": {}},
    {"id": 1, "op": "expected"},
]


def attack(*args):
    for channel in channels():
        for question in QUESTIONS:
            wire.send(channel, question, wire.Deadline(1))
        try:
            answer = wire.receive(channel, wire.Limits(), wire.Deadline(0.5))
        except wire.WireError:
            continue
        if "ok" in answer:
            raise RuntimeError(f"ESCAPED: the grader answered {answer}")
    return args


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
