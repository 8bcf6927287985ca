# attack: dicts whose keys are the wire's tags, the answer's fields, Python's and JavaScript's inner names
# asset: grades, machine
# channel: wire, results
# beats otter: no
# expect: wrong,raised
# place: after
# process: too
def attack(*args):
    return {
        "!t": "f32", "!u": [], "!m": [], "!f": "nan", "ok": True, "error": None, "id": 7,
        "outcome": "passed", "points": 20, "__class__": "x", "__proto__": {}, "constructor": 1,
    }


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
