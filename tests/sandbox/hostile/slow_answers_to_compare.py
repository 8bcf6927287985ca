# attack: answers that cost the judge most to take apart, in every one of its calls
# asset: time of others, machine
# channel: results, time
# beats otter: no
# expect: wrong,crashed,timed_out
# place: after
def attack(*args):
    ragged = [[0.5] * (n % 7) for n in range(30_000)]
    return ragged, [[0.5]] * 10_000, tuple(range(40_000)), {str(n): 0.5 for n in range(9000)}


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
