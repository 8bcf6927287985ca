# attack: return a tensor subclass whose __torch_function__ answers every question with yes
# asset: grades
# channel: results
# beats otter: no
# expect: wrong,raised
# place: after
class Liar(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return torch.tensor(True)

    shape = property(lambda self: torch.Size([]))


def attack(*args):
    return tuple(torch.zeros(()).as_subclass(Liar) for _ in range(4))


product_gradients = mse_gradients = neuron_gradients = neuron_batch_gradients = (
    two_layer_gradients
) = attack
