# attack: pretend that the file is unreadable, whose text is shown to the student, and put inputs there
# asset: tests
# channel: feedback, wire
# beats otter: no
# expect: crashed,raised,missing
# place: after
# unseen: LEAKED
from autograder.worker import wire

real_send = wire.send
inputs = ""


def attack(*args):
    global inputs
    inputs = "LEAKED " + repr([a.tolist() for a in args])
    raise ValueError


def send(channel, frame, deadline):
    if "error" in frame:
        frame["error"].update(kind="unreadable", text=inputs)
    real_send(channel, frame, deadline)


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
wire.send = send
