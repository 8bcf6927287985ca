# attack: lone surrogates, terminal escapes, markup and a megabyte of text in answers and errors
# asset: machine
# channel: feedback
# beats otter: no
# expect: raised,not_implemented
# place: after
# unseen: [\x1b\x9b\u202e]
from autograder.worker import wire

real_send = wire.send
wire.send = lambda c, f, d: real_send(c, f | {"printed": "\x1b]0;x\x07" * 30_000}, d)


def attack(*args):
    print("\ud800\x1b[2J\u202e<script>alert(1)</script>")
    raise ValueError("\ud800\x1b[2J\x9b31m\u202e=cmd()" + "x" * 1_000_000)


product_gradients = mse_gradients = attack
