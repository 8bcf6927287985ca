# attack: sparse, meta, quantised, nested, conjugated, functional, fake and stride-0 tensors
# asset: machine, grades
# channel: results
# beats otter: no
# expect: wrong,raised,out_of_memory,crashed
# place: after
def product_gradients(*args):
    return torch.eye(3).to_sparse(), torch.eye(3).to_sparse_csr(), torch.eye(3, device="meta")


def mse_gradients(*args):
    quantised = torch.quantize_per_tensor(torch.zeros(3), 0.1, 0, torch.qint8)
    return quantised, torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])


def neuron_gradients(*args):
    return torch.zeros(3, dtype=torch.complex64).conj().imag, torch.zeros(()).expand(10**12)


def neuron_batch_gradients(*args):
    return torch.vmap(lambda x: answers.append(x) or x)(torch.ones(3)), answers[0]


def two_layer_gradients(*args):
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        return tuple(torch.zeros(3) for _ in range(4))


answers = []
