# attack: show the hidden inputs to the student through an exception's text, type, notes and frames
# asset: tests
# channel: feedback
# beats otter: 2
# expect: raised
# place: after
# unseen: (?i)LEAKED|3735928559
class LEAKED_TYPE(AssertionError):
    pass


def attack(*args):
    print("LEAKED", [a.tolist() for a in args])
    error = LEAKED_TYPE("LEAKED " + repr([a.tolist() for a in args]))
    error.add_note("LEAKED note")
    exec(compile("raise error", "LEAKED_FILE", "exec"), {"error": error})


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
