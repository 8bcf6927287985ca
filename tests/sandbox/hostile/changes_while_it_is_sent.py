# attack: threads change the returned tensor while it is sent and after it was judged
# asset: grades
# channel: results
# beats otter: no
# expect: wrong,crashed
# place: after
import threading

values = torch.zeros(1000)


def flicker():
    while True:
        values.normal_()


for _ in range(2):
    threading.Thread(target=flicker, daemon=True).start()


def attack(*args):
    return tuple(values[:1].reshape(()).expand(()) for _ in range(4))


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
