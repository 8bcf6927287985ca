# attack: report errors with cells and lines that no file has
# asset: tests
# channel: feedback
# beats otter: no
# expect: raised
# place: after
# unseen: line (4\d{4}|-)
from autograder.worker import wire

real_send = wire.send
inputs = 40_000


def attack(*args):
    global inputs
    inputs = 40_000 + int(args[0].reshape(-1)[0].abs() * 1000) % 10_000
    raise ValueError


def send(channel, frame, deadline):
    if "error" in frame:
        frame["error"].update(kind="raised", type="ValueError", cell=0, line=inputs)
    real_send(channel, frame, deadline)


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
wire.send = send
